"""Tables for people: files that open well in Excel and LibreOffice, and read back unchanged."""

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .cells import guard, guard_quoted

# Where the decimal sign is a comma, Excel divides the cells of a CSV at semicolons.
_SEMICOLON = """
ar az be bg bs cs da de el es fi fr hr hu id it kk ky lt lv mk nb nl pl pt ro ru sk sl sq sr sv tg tr uk uz vi
"""
_SEMICOLON_LANGUAGES = frozenset(_SEMICOLON.split())
_WIDTH_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 50
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def delimiter_for(language: str) -> str:
    """The sign at which Excel divides a CSV where this language is spoken."""
    return ";" if re.split("[-_]", language.lower())[0] in _SEMICOLON_LANGUAGES else ","


def write_csv(header: Sequence[str], rows: Iterable[Sequence], *, language: str = "en") -> bytes:
    """A CSV in UTF-8 with a byte-order mark, divided as Excel expects it in the reader's language.

    Every cell is in quotes. Text that a spreadsheet would take for a formula (after = + - @, a tab or a
    carriage return, at the start of a cell or where another locale sees a cell start) gets a ' in front;
    `read_table` takes it off, so that an exported file can be imported again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter_for(language), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guard(_text(value)) for value in header])
    for row in rows:
        writer.writerow([value if type(value) is int else guard(_text(value)) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str], rows: Iterable[Sequence], *, rtl: bool = False, title: str = ""
) -> bytes:
    """An Excel workbook of one sheet with a frozen header, right to left where the reader's script is.

    Text is written as text, whatever it looks like: 00000042 keeps its zeros and =1+1 is never computed.
    Whole and decimal numbers and dates stay what they are; a moment with a zone is written in that zone's
    local time.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_NAME.sub(" ", title).strip(" '")[:31] or "1")
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = rtl
    rows = iter(rows)
    first = list(itertools.islice(rows, _WIDTH_SAMPLE))
    for index in range(len(header)):
        longest = max(
            (len(_text(row[index])) for row in [header, *first] if index < len(row)), default=_NARROWEST
        )
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(
            max(longest + 2, _NARROWEST), _WIDEST
        )
    bold, top = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    names = []
    for value in header:
        cell = _text_cell(sheet, _text(value))
        cell.font, cell.alignment = bold, top
        names.append(cell)
    sheet.append(names)
    for row in itertools.chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def _cell(sheet, value):
    if isinstance(value, (int, float, datetime.date)):
        if isinstance(value, datetime.datetime):
            return value.replace(tzinfo=None)
        return value
    return _text_cell(sheet, _text(value))


def _text_cell(sheet, text: str):
    text = guard_quoted(ILLEGAL_CHARACTERS_RE.sub("", text))
    # Excel reads _x0041_ as the letter A; an escaped underscore keeps it what it is.
    cell = WriteOnlyCell(sheet, value=_ESCAPED.sub("_x005F_", text))
    if cell.data_type != "s":
        cell.data_type = "s"
    if guard(text) != text:
        # Excel goes on treating the cell as text when somebody edits it.
        cell.quotePrefix = True
    return cell
