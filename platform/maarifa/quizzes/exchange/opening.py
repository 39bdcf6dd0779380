"""From the bytes that somebody uploaded to a text: archives, encodings, and which format it is."""

import io
import lzma
import re
import zipfile
import zlib
from pathlib import PurePath

from maarifa.lib.problems import Problem, shown
from maarifa.lib.spreadsheets import ENCODINGS, TableProblem
from maarifa.lib.spreadsheets.encodings import decode
from maarifa.quizzes.exchange.problems import ExchangeError, note

MEGABYTE = 1_000_000
MOST_BYTES = 5 * MEGABYTE
"""Of a file as it was uploaded, and of what an archive holds."""
MOST_QUESTIONS = 2_000
MOST_ANSWERS = 100
"""Of one question, or of one gap."""

_ARCHIVE = b"PK\x03\x04"
_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]")
_QUESTION_FILES = (".xml", ".gift", ".txt", ".csv")
_AIKEN = re.compile(r"^[ \t]*ANSWER[ \t]*:", re.MULTILINE | re.IGNORECASE)
_AIKEN_CHOICE = re.compile(r"^[ \t]*[A-Z][.)][ \t]", re.MULTILINE)


def file_name(path: str) -> str:
    """The name of a file as messages have it."""
    return shown(PurePath(path.replace("\\", "/")).name or "?", 100)


def unpacked(content: bytes, name: str) -> tuple[bytes, str]:
    """The one file with questions in a plain archive, and its name; any other file as it is.

    Nothing is written to a disk, and no more than `MOST_BYTES` are unpacked. Refuses as `ExchangeError`.
    """
    if len(content) > MOST_BYTES:
        raise ExchangeError("TOO_LARGE", file=name, limit=MOST_BYTES // MEGABYTE)
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ExchangeError("EMPTY", file=name)
    if not content.startswith(_ARCHIVE) or is_workbook(content):
        return content, name
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [
                member
                for member in archive.infolist()
                if member.filename.lower().endswith(_QUESTION_FILES)
                and not member.filename.startswith("__MACOSX/")
                and not PurePath(member.filename).name.startswith(".")
            ]
            if len(inside) != 1:
                raise ExchangeError("ZIP_SEVERAL", file=name, count=len(inside))
            with archive.open(inside[0]) as member:
                # What the archive says of its size is not believed.
                unpacked_bytes = member.read(MOST_BYTES + 1)
    # The library raises the last two for what it cannot unpack, or only with a password.
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError):
        raise ExchangeError("ZIP_BROKEN", file=name)
    if len(unpacked_bytes) > MOST_BYTES:
        raise ExchangeError("ZIP_BIG", file=name, limit=MOST_BYTES // MEGABYTE)
    return unpacked_bytes, file_name(inside[0].filename)


def is_workbook(content: bytes) -> bool:
    """Whether an archive is a spreadsheet."""
    return content.startswith(_ARCHIVE) and (
        b"[Content_Types].xml" in content or b"mimetypeapplication/vnd.oasis" in content[:200]
    )


def text_of(content: bytes, *, name: str, language: str) -> tuple[str, list[Problem]]:
    """The letters of a text file, with `\\n` as line ends and no control characters; and what is noted of them.

    `language` is the reader's, and names the code page of a file that is not Unicode. Refuses as `ExchangeError`.
    """
    if content.startswith((_ARCHIVE, *_BINARY)):
        raise ExchangeError("BINARY", file=name)
    try:
        text, encoding, certain = decode(content, filename=name, language=language, encoding=None)
    except TableProblem as problem:
        known = {key: problem.params.get(key, "?") for key in ("encoding", "row")}
        raise ExchangeError("ENCODING", file=name, encoding=known["encoding"], line=known["row"])
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    notes = [] if certain else [note("ENCODING", encoding=ENCODINGS.get(encoding, encoding))]
    text, strange = cleaned(text)
    if strange > 5 and strange * 50 > len(text) + strange:
        raise ExchangeError("BINARY", file=name)
    if strange:
        notes.append(note("CONTROL"))
    return text, notes


def cleaned(text: str) -> tuple[str, int]:
    """The text with line ends for line separators and without control characters, and how many of those there were."""
    return _CONTROL.subn("", text.replace("\u2028", "\n"))


def looks_like_xml(content: bytes) -> bool:
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n\xff\xfe").replace(b"\x00", b"")
    return head.startswith((b"<?xml", b"<quiz", b"<!DOCTYPE", b"<!--"))


def looks_like_aiken(text: str) -> bool:
    return bool(_AIKEN.search(text) and _AIKEN_CHOICE.search(text))
