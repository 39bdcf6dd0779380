"""Writing workbooks with openpyxl: see `writing.write_xlsx`, which loads this when it is needed."""

import datetime
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .cells import guard, guard_quoted
from .writing import SheetContent, text_of

_WIDTH_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 50
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_book(sheets: Iterable[SheetContent], *, rtl: bool) -> bytes:
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        _write_sheet(book, title, header, rows, rtl=rtl)
    out = io.BytesIO()
    book.save(out)
    return _without_moment(out.getvalue())


def _write_sheet(
    book: Workbook, title: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, rtl: bool
) -> None:
    number = len(book.sheetnames) + 1
    sheet = book.create_sheet(_SHEET_NAME.sub(" ", title).strip(" '")[:31] or str(number))
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = rtl
    rows = iter(rows)
    first = list(itertools.islice(rows, _WIDTH_SAMPLE))
    for index in range(len(header)):
        longest = max(
            (len(text_of(row[index])) for row in [header, *first] if index < len(row)), default=_NARROWEST
        )
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(
            max(longest + 2, _NARROWEST), _WIDEST
        )
    bold, top = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    names = []
    for value in header:
        cell = _text_cell(sheet, text_of(value))
        cell.font, cell.alignment = bold, top
        names.append(cell)
    sheet.append(names)
    for row in itertools.chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])


def _without_moment(content: bytes) -> bytes:
    """The workbook as if written at one moment for all: two exports of the same rows are the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "docProps/core.xml":
                data = _MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(member.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# openpyxl's own types tell cells of one kind of sheet from those of another, which its rows do not.
def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, (int, float, datetime.date)):
        if isinstance(value, datetime.datetime):
            return value.replace(tzinfo=None)
        return value
    return _text_cell(sheet, text_of(value))


def _text_cell(sheet: Any, text: str) -> Any:
    text = guard_quoted(ILLEGAL_CHARACTERS_RE.sub("", text))
    # Excel reads _x0041_ as the letter A; an escaped underscore keeps it what it is.
    cell = WriteOnlyCell(sheet, value=_ESCAPED.sub("_x005F_", text))
    if cell.data_type != "s":
        cell.data_type = "s"
    if guard(text) != text:
        # Excel goes on treating the cell as text when somebody edits it.
        cell.quotePrefix = True
    return cell
