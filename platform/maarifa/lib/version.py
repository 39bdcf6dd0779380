"""Which code is running."""

from functools import cache
from pathlib import Path

from maarifa.lib.digests import digest

ROOT = Path(__file__).resolve().parents[1]


@cache
def code_version() -> str:
    """A digest of what pages are made from: code, templates, style sheets, catalogues. Read once a process."""
    parts = []
    for pattern in ("**/*.py", "**/*.html", "**/*.css", "**/*.js"):
        parts += [
            f"{path.relative_to(ROOT)} {digest(path.read_bytes())}" for path in sorted(ROOT.glob(pattern))
        ]
    parts += [
        digest(path.read_bytes()) for path in sorted((ROOT.parents[1] / "locale").glob("*/LC_MESSAGES/*.po"))
    ]
    return digest("\n".join(parts))[:16]
