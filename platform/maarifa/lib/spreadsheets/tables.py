"""A table that a person made, read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from . import cells as cell_text
from . import delimited, encodings, headers, workbooks
from .limits import DEFAULT_LIMITS, Limits
from .problems import TableNote, TableProblem

MOST_PROBLEMS = 50
MOST_NOTES_OF_A_KIND = 5

_CONTROL = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f]")
# What UTF-8 looks like after somebody read it as cp1252 and saved it: Ã© for é, â€™ for ’.
_GARBLED = re.compile(r"[ÃÂ][\u0080-\u00bfŒœŠšŸŽžƒ–—‘’‚“”„†‡•…‰‹›€™]|â€")
_EXTENSIONS = {
    "csv": "text",
    "tsv": "text",
    "txt": "text",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "xls": "xls",
    "ods": "ods",
}


Numbered = tuple[int, list[str]]
"""A row that holds something: its number, and its cells without the empty ones at its end."""


class _Read(NamedTuple):
    """A file before its header is found: a table with everything else about it, its rows, and how many cells each of
    them had where the file says so.
    """

    table: "Table"
    rows: list[Numbered]
    widths: dict[int, int] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, and one text for each column of the table.

    With `problem` its cells cannot be told apart, and none of them is sure.
    """

    number: int
    cells: tuple[str, ...]
    problem: TableProblem | None = None


@dataclass(slots=True)
class Table:
    """What was read, and how, so that a preview can show it and offer another choice.

    `encoding` and `delimiter` are None for workbooks; `certain` is False where the encoding was taken from
    the language. `letters` are the names of `columns` in the spreadsheet, for pointing at a cell.
    """

    kind: str
    filename: str
    encoding: str | None
    certain: bool
    delimiter: str | None
    sheet: str | None
    sheets: list[str]
    header_row: int
    columns: list[str]
    letters: list[str]
    rows: list[Row]
    notes: list[TableNote] = field(default_factory=list)


def read_table(
    content: bytes,
    *,
    filename: str,
    language: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    vocabulary: Mapping[str, Iterable[str]] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """The table in a CSV, XLSX, XLS or ODS file that a person uploaded, told by its content, not by its name.

    `language` is the uploader's and names the code page of a CSV that isn't Unicode; `encoding`,
    `delimiter` and `sheet` are what the person picked instead. The words of `vocabulary` help to find the
    header row.

    Raises TableProblem, and nothing else, whatever the bytes. Refuses what cannot be read without loss;
    what could be read but should be known stands in `notes`, and a row of more cells than the header has is in
    `rows` with its problem. Empty and hidden rows and rows that repeat the
    header are left out.
    """
    filename = cell_text.shown(cell_text.tidy(PurePath(filename).name) or "?", 100)
    if len(content) > limits.file_bytes:
        raise TableProblem("file_too_large", filename=filename, limit=limits.file_bytes // 1000)
    if not content.strip(b"\x00 \t\r\n"):
        raise TableProblem("empty_file", filename=filename)
    kind = workbooks.recognise(content, filename=filename, limits=limits)
    known = headers.known_keys(headers.words_of(vocabulary))
    if kind == "text":
        table, rows, raw_width = _read_text(content, filename, language, encoding, delimiter, known, limits)
    else:
        table, rows, raw_width = _read_workbook(content, kind, filename, sheet, known, limits)
    extension = PurePath(filename).suffix.lower().lstrip(".")
    if _EXTENSIONS.get(extension, kind) != kind:
        shown_kind = "CSV" if kind == "text" else kind.upper()
        table.notes.insert(0, TableNote("misnamed", extension=extension, kind=shown_kind))
    _fill(table, rows, raw_width, known, limits)
    return table


def _read_text(
    content: bytes,
    filename: str,
    language: str,
    encoding: str | None,
    delimiter: str | None,
    known: frozenset[str],
    limits: Limits,
) -> _Read:
    try:
        text, encoding, certain = encodings.decode(
            content, filename=filename, language=language, encoding=encoding
        )
    except TableProblem:
        if workbooks.looks_binary(content[:20_000].decode("latin-1")):
            raise workbooks.wrong_kind(filename, "binary")
        raise
    # A power cut while a file is written leaves zeros at its end.
    text = text.rstrip("\x00")
    workbooks.check_text(text, filename=filename)
    text, announced = delimited.split_separator_line(text)
    notes = [] if certain else [TableNote("encoding_guessed", encoding=encodings.ENCODINGS[encoding])]
    if delimiter:
        delimiter = delimited.check_delimiter(delimiter, filename)
    elif announced and announced not in '" ':
        delimiter = announced
    else:
        delimiter = delimited.find_delimiter(text, known)
    suspicious = _CONTROL.search(text) is not None
    rows: list[Numbered] = []
    widths: dict[int, int] = {}
    strange: list[TableNote] = []
    for number, raw in delimited.records(text, delimiter, filename=filename):
        cells = delimited.tidy_cells(raw)
        if suspicious:
            strange += [
                TableNote("control_characters", cell=f"{cell_text.column_letter(index)}{number}")
                for index, cell in enumerate(raw)
                if len(strange) < MOST_NOTES_OF_A_KIND and _CONTROL.search(cell)
            ]
        if not cells:
            continue
        if len(rows) > limits.rows + headers.HEADER_WITHIN:
            raise TableProblem("too_many_rows", filename=filename, row=number, limit=limits.rows)
        rows.append((number, cells))
        widths[number] = len(raw)
    table = _empty_table("csv", filename, notes + strange[:MOST_NOTES_OF_A_KIND])
    table.encoding, table.certain, table.delimiter = encoding, certain, delimiter
    return _Read(table, rows, widths)


def _read_workbook(
    content: bytes, kind: str, filename: str, sheet: str | None, known: frozenset[str], limits: Limits
) -> _Read:
    book = workbooks.open_workbook(content, kind=kind, filename=filename, sheet=sheet, limits=limits)
    hidden = set(book["hidden"])
    rows: list[Numbered] = []
    skipped: list[int] = []
    for number, raw in book["rows"]:
        cells = delimited.tidy_cells(raw)
        if not cells:
            continue
        if number in hidden:
            skipped.append(number)
        else:
            rows.append((number, cells))
    table = _empty_table(kind, filename, [])
    table.sheet, table.sheets = book["sheet"], book["sheets"]
    others = [name for name in table.sheets if name != table.sheet]
    if others and sheet is None:
        table.notes.append(TableNote("other_sheets", sheet=table.sheet, others=", ".join(others)))
    if skipped:
        table.notes.append(TableNote("hidden_rows", count=len(skipped), row=skipped[0]))
    for number, column in book["digits_lost"][:MOST_NOTES_OF_A_KIND]:
        table.notes.append(TableNote("digits_lost", cell=f"{cell_text.column_letter(column)}{number}"))
    # Merged cells matter from the header down; titles above it are merged as a rule.
    header = rows[headers.find_header(rows, known)][0] if rows else 0
    for top, left, bottom, right in [area for area in book["merged"] if area[2] > header][
        :MOST_NOTES_OF_A_KIND
    ]:
        cells_merged = f"{cell_text.column_letter(left)}{top}:{cell_text.column_letter(right)}{bottom}"
        table.notes.append(TableNote("merged_cells", cell=cells_merged, row=top))
    return _Read(table, rows, None)


def _empty_table(kind: str, filename: str, notes: list[TableNote]) -> Table:
    return Table(
        kind=kind, filename=filename, encoding=None, certain=True, delimiter=None, sheet=None, sheets=[],
        header_row=0, columns=[], letters=[], rows=[], notes=notes,
    )  # fmt: skip


def _fill(
    table: Table,
    rows: list[Numbered],
    raw_widths: dict[int, int] | None,
    known: frozenset[str],
    limits: Limits,
) -> None:
    """Header, columns and rows from the rows that hold something."""
    if not rows:
        raise TableProblem("empty_file", filename=table.filename)
    place = headers.find_header(rows, known)
    table.header_row, header = rows[place]
    if place:
        table.notes.append(TableNote("rows_above_header", count=place))
    body = rows[place + 1 :]
    if not body:
        raise TableProblem("no_rows", filename=table.filename, row=table.header_row)
    if len(body) > limits.rows:
        raise TableProblem(
            "too_many_rows", filename=table.filename, row=body[limits.rows][0], limit=limits.rows
        )
    width = max(len(cells) for _, cells in rows[place:])
    broken: dict[int, TableProblem] = {}
    if raw_widths:
        expected = raw_widths[table.header_row]
        problems = _too_many_cells(table, body, expected)
        if 2 * len(problems) > len(body):
            # Not a row or two: the file is divided at another sign, or its header is not one.
            _refuse_all(problems)
        broken = {problem.params["row"]: problem for problem in problems}
        width = min(width, expected)
    used = [
        index
        for index in range(width)
        if (index < len(header) and header[index])
        or any(index < len(cells) and cells[index] for number, cells in body if number not in broken)
    ]
    if len(used) > limits.columns:
        index = used[limits.columns]
        number = next(number for number, cells in rows[place:] if index < len(cells) and cells[index])
        cell = f"{cell_text.column_letter(index)}{number}"
        raise TableProblem("too_many_columns", filename=table.filename, cell=cell, limit=limits.columns)
    table.columns = [header[index] if index < len(header) else "" for index in used]
    table.letters = [cell_text.column_letter(index) for index in used]
    table.notes += [
        TableNote("nameless_column", letter=letter)
        for letter, name in zip(table.letters, table.columns, strict=True)
        if not name
    ][:MOST_NOTES_OF_A_KIND]
    _refuse_all(_too_long(table, header, table.header_row, used, limits))
    names = tuple(map(headers.header_key, table.columns))
    first = next((index for index, name in enumerate(names) if name), 0)
    problems = []
    for number, cells in body:
        row = tuple(cells[index] if index < len(cells) else "" for index in used)
        if max(map(len, row)) > limits.cell_characters and len(problems) < MOST_PROBLEMS:
            problems += _too_long(table, cells, number, used, limits)
        # One cell is compared before all are: a key costs more than the rest of the row.
        if headers.header_key(row[first]) == names[first] and tuple(map(headers.header_key, row)) == names:
            table.notes.append(TableNote("repeated_header", row=number))
            continue
        table.rows.append(Row(number, row, broken.get(number)))
    _refuse_all(problems)
    if not table.rows:
        raise TableProblem("no_rows", filename=table.filename, row=table.header_row)
    _note_doubtful(table)


def _too_many_cells(table: Table, body: Sequence[Numbered], expected: int) -> list[TableProblem]:
    delimiter = "TAB" if table.delimiter == "\t" else table.delimiter
    return [
        TableProblem(
            "too_many_cells",
            filename=table.filename,
            row=number,
            found=len(cells),
            expected=expected,
            value=cell_text.shown(cells[expected]) or cell_text.shown(cells[-1]),
            delimiter=delimiter,
        )
        for number, cells in body
        if len(cells) > expected
    ]


def _too_long(
    table: Table, cells: Sequence[str], number: int, used: Sequence[int], limits: Limits
) -> list[TableProblem]:
    return [
        TableProblem(
            "cell_too_long",
            filename=table.filename,
            row=number,
            column=cell_text.shown(name),
            cell=f"{letter}{number}",
            length=len(cells[index]),
            limit=limits.cell_characters,
            value=cell_text.shown(cells[index]),
        )
        for index, letter, name in zip(used, table.letters, table.columns, strict=True)
        if index < len(cells) and len(cells[index]) > limits.cell_characters
    ]


def _refuse_all(problems: Sequence[TableProblem]) -> None:
    """Raises the first of the problems, the others with it."""
    if problems:
        problems[0].more = tuple(problems[1:MOST_PROBLEMS])
        raise problems[0]


def _note_doubtful(table: Table) -> None:
    """Notes for what was read as it stands and looks wrong."""
    data = next((name for name in table.columns if "@" in name.strip("@")), None)
    if data:
        table.notes.append(TableNote("header_like_data", row=table.header_row, value=cell_text.shown(data)))
    counts = {"replacement_characters": 0, "garbled_letters": 0}
    for row in [Row(table.header_row, tuple(table.columns)), *table.rows]:
        line = "".join(row.cells)
        if line.isascii():
            continue
        for letter, cell in zip(table.letters, row.cells, strict=True):
            code = (
                "replacement_characters" if "\ufffd" in cell
                else "garbled_letters" if _GARBLED.search(cell)
                else None
            )  # fmt: skip
            if code and counts[code] < MOST_NOTES_OF_A_KIND:
                counts[code] += 1
                table.notes.append(TableNote(code, cell=f"{letter}{row.number}", value=cell_text.shown(cell)))
