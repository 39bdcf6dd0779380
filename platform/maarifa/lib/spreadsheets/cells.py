"""One cell: its text made sane, and its text made safe for those who open it in a spreadsheet."""

import re
import unicodedata

# Zero-width and invisible characters, and the bidirectional controls that phones paste around numbers. The
# joiners U+200C and U+200D and the marks U+200E and U+200F mean something inside a word: those stay there.
_INVISIBLE = [0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_SPACES = [0x0009, 0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_CONTROLS = [c for c in [*range(0x20), *range(0x7F, 0xA0)] if c not in (0x09, 0x0A)]
_CHARACTERS = (
    dict.fromkeys([*_INVISIBLE, *_CONTROLS], None)
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys([0x0B, 0x2028, 0x2029], "\n")
)
_EDGES = " \n\u061c\u200c\u200d\u200e\u200f"

# What a spreadsheet takes for a formula, at the start of a cell or after anything that some locale's Excel
# takes for the end of a cell: a file with commas opened where the list separator is a semicolon falls apart
# at semicolons and line ends, whatever the quotes say.
_START = r"(?:\A|(?<=[;,\t\r\n]))"
_FORMULA = r"'*[ \"]*[=+\-@＝＋－＠\t\r]"
_DANGEROUS = re.compile(rf"{_START}(?={_FORMULA})")
_GUARDED = re.compile(rf"{_START}'(?={_FORMULA})")


def tidy(text: str) -> str:
    """NFC, line ends as `\\n`, plain spaces, no control or invisible characters, nothing at the ends."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CHARACTERS)
    return unicodedata.normalize("NFC", text).strip(_EDGES)


def guard(text: str) -> str:
    """The text with ' before whatever a spreadsheet would take for a formula; `unguard` takes it off."""
    return _DANGEROUS.sub("'", text)


def guard_quoted(text: str) -> str:
    """The text for a cell that is text by its type: only what `unguard` would touch gets one more '."""
    return _GUARDED.sub("''", text)


def unguard(text: str) -> str:
    """The text without the ' that stands before = + - @, so that what we wrote reads back as it was."""
    return _GUARDED.sub("", text)


def read_cell(raw: str) -> str:
    """What a person meant by a cell."""
    text = tidy(raw)
    return tidy(unguard(text)) if "'" in text else text


def column_letter(index: int) -> str:
    """The name that a spreadsheet gives to the column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def shown(text: str, length: int = 60) -> str:
    """The text short enough to be quoted in a message."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
