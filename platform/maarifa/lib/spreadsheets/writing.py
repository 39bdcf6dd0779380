"""Tables for people: files that open well in Excel and LibreOffice, and read back unchanged."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from .cells import guard

SheetContent = tuple[str, Sequence[str], Iterable[Sequence[object]]]

# Where the decimal sign is a comma, Excel divides the cells of a CSV at semicolons.
_SEMICOLON = """
ar az be bg bs cs da de el es fi fr hr hu id it kk ky lt lv mk nb nl pl pt ro ru sk sl sq sr sv tg tr uk uz vi
"""
# A minus sign before a number begins no formula.
_NUMBERS = (int, float, Decimal)
_SEMICOLON_LANGUAGES = frozenset(_SEMICOLON.split())


def delimiter_for(language: str) -> str:
    """The sign at which Excel divides a CSV where this language is spoken."""
    return ";" if re.split("[-_]", language.lower())[0] in _SEMICOLON_LANGUAGES else ","


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]], *, language: str = "en") -> bytes:
    """A CSV in UTF-8 with a byte-order mark, divided as Excel expects it in the reader's language.

    Every cell is in quotes. Text that a spreadsheet would take for a formula (after = + - @, a tab or a
    carriage return, at the start of a cell or where another locale sees a cell start) gets a ' in front;
    `read_table` takes it off, so that an exported file can be imported again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter_for(language), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guard(text_of(value)) for value in header])
    for row in rows:
        writer.writerow([value if type(value) in _NUMBERS else guard(text_of(value)) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    rtl: bool = False,
    title: str = "",
    more: Sequence[SheetContent] = (),
) -> bytes:
    """An Excel workbook of one sheet with a frozen header, right to left where the reader's script is. `more` are
    further sheets: the title, the header and the rows of each. The same content gives the same bytes.

    Text is written as text, whatever it looks like: 00000042 keeps its zeros and =1+1 is never computed.
    Whole and decimal numbers and dates stay what they are; a moment with a zone is written in that zone's
    local time.
    """
    # openpyxl takes long to load, and only who exports a workbook needs it.
    from .books import write_book  # noqa: PLC0415 - see above

    return write_book([(title, header, rows), *more], rtl=rtl)


def text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
