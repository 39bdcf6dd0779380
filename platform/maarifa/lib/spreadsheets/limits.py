"""How large a table may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader accepts; beyond it the file is refused with the limit named."""

    file_bytes: int = 5_000_000
    unpacked_bytes: int = 100_000_000
    rows: int = 20_000
    columns: int = 60
    cell_characters: int = 1_000


DEFAULT_LIMITS = Limits()
