"""The formats of files with questions, and which one a file has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.exchange import aiken, gift, moodlexml, opening, sheet
from maarifa.quizzes.exchange.model import ExchangeQuestion, Reading
from maarifa.quizzes.exchange.problems import ExchangeError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Format:
    """`check` raises `Refused` for a question that `write` cannot hold; `changes` has the code of a note on what the
    file has otherwise, or nothing. `keeps_places`: whether the file holds points, lessons, outcomes and levels.
    """

    name: str
    label: "StrPromise | str"
    suffix: str
    content_type: str
    read: Callable[[bytes, str, str], Reading]
    check: Callable[[ExchangeQuestion], None]
    write: Callable[[Iterable[ExchangeQuestion]], bytes]
    changes: Callable[[ExchangeQuestion], str] = lambda question: ""
    keeps_places: bool = True
    is_table: bool = False


def _reads_text(read: Callable[[str], Reading]) -> Callable[[bytes, str, str], Reading]:
    def of_bytes(content: bytes, file: str, language: str) -> Reading:
        text, notes = opening.text_of(content, name=file, language=language)
        reading = read(text)
        reading.notes[:0] = notes
        return reading

    return of_bytes


def _read_xml(content: bytes, file: str, language: str) -> Reading:
    return moodlexml.read(content, file=file)


def _read_sheet(content: bytes, file: str, language: str) -> Reading:
    return sheet.read(content, file=file, language=language)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALL = (
    Format("gift", "GIFT", "gift", "text/plain", _reads_text(gift.read), gift.check, gift.write),
    Format(
        "moodle-xml",
        "Moodle XML",
        "xml",
        "application/xml",
        _read_xml,
        moodlexml.check,
        moodlexml.write,
        moodlexml.changes,
    ),
    Format(
        "aiken",
        "Aiken",
        "txt",
        "text/plain",
        _reads_text(aiken.read),
        aiken.check,
        aiken.write,
        keeps_places=False,
    ),
    Format(
        "xlsx",
        _("Excel workbook"),
        "xlsx",
        _XLSX,
        _read_sheet,
        sheet.check,
        sheet.write_xlsx,
        sheet.changes,
        is_table=True,
    ),
    Format(
        "csv",
        "CSV",
        "csv",
        "text/csv",
        _read_sheet,
        sheet.check,
        sheet.write_csv,
        sheet.changes,
        is_table=True,
    ),
)
FORMATS: dict[str, Format] = {one.name: one for one in _ALL}
_BY_SUFFIX = {".gift": "gift", ".xml": "moodle-xml", ".csv": "csv", ".tsv": "csv"}


def format_choices() -> "list[tuple[str, StrPromise | str]]":
    return [(one.name, one.label) for one in _ALL]


def read_file(content: bytes, *, name: str, language: str, format_name: str = "") -> tuple[Format, Reading]:
    """What a file holds, and its format: the one named, or the one that its content shows.

    `language` is the reader's, for the code page of a text that is not Unicode. Raises `ExchangeError` for a file that
    cannot be read at all, and nothing else, whatever the bytes.
    """
    file = opening.file_name(name)
    content, file = opening.unpacked(content, file)
    file_format = FORMATS[format_name] if format_name else _recognised(content, file, language)
    reading = file_format.read(content, file, language)
    found = len(reading.questions) + len(reading.problems)
    if found > opening.MOST_QUESTIONS:
        raise ExchangeError("TOO_MANY", file=file, limit=opening.MOST_QUESTIONS)
    if not found:
        raise ExchangeError("NOTHING_FOUND", file=file, format=str(file_format.label))
    return file_format, reading


def _recognised(content: bytes, file: str, language: str) -> Format:
    if content.startswith(b"PK") or PurePath(file).suffix.lower() in (".xlsx", ".xls", ".ods", ".xlsm"):
        return FORMATS["xlsx"]
    if opening.looks_like_xml(content):
        return FORMATS["moodle-xml"]
    suffix = PurePath(file).suffix.lower()
    if suffix in _BY_SUFFIX:
        return FORMATS[_BY_SUFFIX[suffix]]
    text, _notes = opening.text_of(content, name=file, language=language)
    if opening.looks_like_aiken(text):
        return FORMATS["aiken"]
    if "{" in text or "}" in text or text.lstrip().startswith("::"):
        return FORMATS["gift"]
    if sheet.recognises(content, file=file, language=language):
        return FORMATS["csv"]
    raise ExchangeError("UNKNOWN_FORMAT", file=file)
