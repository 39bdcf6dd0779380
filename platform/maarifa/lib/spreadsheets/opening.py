"""Opens a workbook in a process of its own; run as a program by workbooks.py, never imported by it.

A 5 kB workbook with one cell in its last corner asks for 550 GB, and the reader then aborts the whole
process. So that this costs an upload and not a web server, the reading has its own process with limits on
memory and time.

Standard input: a line of JSON (what is wanted), then the file. Standard output: JSON, either the table or a
problem with its code. Needs nothing of Maarifa, so that it starts in some 20 ms.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import sys
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

# Windows has no such limits.
if sys.platform != "win32":
    import resource

# As in typing, which takes as long to load as half of the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeAlias

    import python_calamine

    Padded: TypeAlias = dict[tuple[int, int], int]

# A table may stand below titles, so that the process lets some rows more pass than the limit.
ROWS_ABOVE = 40
WIDEST = 1_000
TEXT_LIMIT = 40_000_000
FIRST_FEW = 50

_TAG_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_TAG_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
_ODS_TAG = re.compile(rb"<table:(table|table-row)(?=[\s/>])([^>]*)>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Problem(Exception):
    """The workbook cannot be read."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.answer = {"problem": code, "params": params}


def main() -> None:
    """Answers one request, and says out loud what it could not do."""
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (request["memory_bytes"],) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"],) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(request["library"])
    answer: dict[str, Any]
    try:
        answer = read(content, request)
    except Problem as problem:
        answer = problem.answer
    except MemoryError:
        answer = {"problem": "too_big_inside", "params": {}}
    sys.stdout.write(json.dumps(answer))


def read(content: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """The wanted sheet as rows of text."""
    # Where the library stands is known only once the request is read.
    import python_calamine  # noqa: PLC0415

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        chosen, sheets = choose(workbook, request["sheet"])
        sheet = workbook.get_sheet_by_name(chosen)
        first, last = sheet.start, sheet.end
        if last and last[1] >= WIDEST:
            raise Problem("too_many_columns", column=last[1], row=last[0] + 1)
        table = sheet.to_python(skip_empty_area=False) if first else []
        merged = sheet.merged_cell_ranges or []
    except python_calamine.PasswordError:
        raise Problem("encrypted")
    except (Problem, MemoryError):
        raise
    except BaseException as error:
        # The library's panics are no Exceptions; whatever it was, the file is what it stumbled over.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise Problem("damaged")
    hidden, padded = layout(content, request["kind"], chosen)
    rows, digits_lost = as_text(table, padded, request["rows"] + ROWS_ABOVE)
    return {
        "sheet": chosen,
        "sheets": sheets,
        "rows": rows,
        "hidden": hidden,
        "digits_lost": digits_lost,
        "merged": [[r1 + 1, c1, r2 + 1, c2] for (r1, c1), (r2, c2) in merged if r2 > r1][:FIRST_FEW],
    }


def choose(workbook: python_calamine.CalamineWorkbook, wanted: str | None) -> tuple[str, list[str]]:
    """The wanted sheet, or the first visible one that holds something; and the names of the visible ones."""
    visible = [
        meta.name
        for meta in workbook.sheets_metadata
        if str(meta.visible).endswith(".Visible") and str(meta.typ).endswith(".WorkSheet")
    ]
    if wanted is not None:
        if wanted not in workbook.sheet_names:
            raise Problem("sheet_missing", value=wanted, right=visible or workbook.sheet_names)
        return wanted, visible
    for name in visible:
        if workbook.get_sheet_by_name(name).end:
            return name, visible
    if not visible:
        raise Problem("empty_file")
    return visible[0], visible


def as_text(
    table: Iterable[Sequence[object]], padded: Padded, row_limit: int
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]]]:
    """The rows that hold something, as (number, cells), and the cells whose last digits Excel has lost."""
    rows: list[tuple[int, list[str]]] = []
    digits_lost: list[tuple[int, int]] = []
    total = 0
    for index, values in enumerate(table):
        cells: list[str] = []
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = value
            else:
                text = plain(value)
                if isinstance(value, float) and abs(value) >= 1e15 and len(digits_lost) < FIRST_FEW:
                    digits_lost.append((index + 1, column))
                if (index, column) in padded:
                    text = text.zfill(padded[index, column])
            total += len(text)
            cells.append(text)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(rows) >= row_limit:
            raise Problem("too_many_rows", row=index + 1)
        if total > TEXT_LIMIT:
            raise Problem("too_big_inside")
        rows.append((index + 1, cells))
    return rows, digits_lost


def plain(value: object) -> str:
    """A value as a person reads it, without the .0 of a whole number; dates as ISO 8601."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet keeps and shows.
        if value == int(value) if abs(value) < 1e300 else False:
            return str(int(Decimal(f"{value:.15g}")))
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        clock = f"{minutes // 60}:{minutes % 60:02}"
        return f"{clock}:{seconds:02}" if seconds else clock
    return str(value)


def layout(content: bytes, kind: str, sheet: str) -> tuple[list[int], Padded]:
    """What the library doesn't tell: the hidden rows, and numbers shown with leading zeros (42 as 0042)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if kind == "xlsx":
                return xlsx_layout(archive, sheet)
            if kind == "ods":
                return ods_hidden_rows(archive.read("content.xml"), sheet), {}
            return [], {}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the table itself was read; its layout is a help, not a condition
        return [], {}


def xlsx_layout(archive: zipfile.ZipFile, sheet: str) -> tuple[list[int], Padded]:
    """Hidden rows and padded numbers of a sheet of an XLSX workbook."""
    members = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    book = tree(archive, members["xl/workbook.xml"])
    relation = next(
        element.get(_RELATION) or element.get(_STRICT_RELATION)
        for element in book.iter()
        if local(element) == "sheet" and element.get("name") == sheet
    )
    target = next(
        element.attrib["Target"]
        for element in tree(archive, members["xl/_rels/workbook.xml.rels"]).iter()
        if element.get("Id") == relation
    )
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    data = archive.read(members[path.replace("\\", "/").lower()])
    widths = padded_styles(archive, members)
    hidden: list[int] = []
    padded: Padded = {}
    row = -1
    pattern = _TAG_ROW_OR_CELL if widths else _TAG_ROW
    if not widths and b"hidden=" not in data:
        return [], {}
    column = -1
    for match in pattern.finditer(data):
        attributes = match[match.lastindex or 0]
        if match.lastindex == 2 and match[1] == b"c":
            place = attribute(attributes, b"r")
            column = letters(place) if place else column + 1
            width = widths.get(attribute(attributes, b"s"))
            if width and attribute(attributes, b"t") in (None, b"n"):
                padded[row, column] = width
            continue
        number = attribute(attributes, b"r")
        row, column = int(number) - 1 if number else row + 1, -1
        if attribute(attributes, b"hidden") in (b"1", b"true"):
            hidden.append(row + 1)
    return hidden, padded


def padded_styles(archive: zipfile.ZipFile, members: dict[str, str]) -> dict[bytes | None, int]:
    """The cell styles whose number format is nothing but zeros, with how many."""
    if "xl/styles.xml" not in members:
        return {}
    styles = tree(archive, members["xl/styles.xml"])
    formats = {
        element.get("numFmtId"): len(element.attrib["formatCode"])
        for element in styles.iter()
        if local(element) == "numFmt" and re.fullmatch("0{2,30}", element.get("formatCode") or "")
    }
    cells = next((element for element in styles.iter() if local(element) == "cellXfs"), ())
    return {
        str(place).encode(): formats[style.get("numFmtId")]
        for place, style in enumerate(cells)
        if style.get("numFmtId") in formats
    }


def ods_hidden_rows(data: bytes, sheet: str) -> list[int]:
    """The rows of a sheet of an ODS workbook that are hidden or filtered away."""
    hidden: list[int] = []
    row, here = 0, False
    for match in _ODS_TAG.finditer(data):
        if match[1] == b"table":
            here, row = sheet_name(match[2]) == sheet, 0
            continue
        if not here:
            continue
        times = int(attribute(match[2], b"table:number-rows-repeated") or 1)
        if attribute(match[2], b"table:visibility") in (b"collapse", b"filter"):
            hidden.extend(range(row + 1, row + 1 + min(times, 100_000)))
        row += times
    return hidden


def sheet_name(attributes: bytes) -> str | None:
    """The name of an ODS sheet from the text of its tag, its entities resolved."""
    match = re.search(rb"\btable:(name=(\"[^\"]*\"|'[^']*'))", attributes)
    # The process has limits of its own, the guard against hostile XML.
    return match and ElementTree.fromstring(b"<a " + match[1] + b"/>").get("name")  # noqa: S314


def tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """An XML member, parsed; the limits of the process are the guard against a hostile one."""
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 - see above


def local(element: ElementTree.Element) -> str:
    """The name of an element without its namespace: workbooks come in two."""
    return element.tag.rpartition("}")[2]


def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """The value of an attribute in the text of a tag."""
    match = re.search(rb"(?:^|\s)" + name + rb"\s*=\s*[\"']([^\"']*)[\"']", attributes)
    return match and match[1]


def letters(place: bytes) -> int:
    """The index of the column in a reference such as AB12."""
    index = 0
    for byte in place:
        if not 65 <= byte <= 90:
            break
        index = index * 26 + byte - 64
    return index - 1


if __name__ == "__main__":
    main()
