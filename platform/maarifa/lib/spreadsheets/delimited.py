"""Text files of cells: CSV, TSV and their cousins."""

import csv
import io
import re
from collections.abc import Iterator

from . import headers
from .cells import read_cell, shown
from .problems import TableProblem

DELIMITERS = (",", ";", "\t", "|")

_SEPARATOR_LINE = re.compile(r"sep=([^\r\n])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SAMPLE_LINES = 60
_SAMPLE_CHARACTERS = 12_000


def split_separator_line(text: str) -> tuple[str, str | None]:
    """The text without Excel's `sep=;` line, which is no row to Excel, and the separator that it names."""
    match = _SEPARATOR_LINE.match(text)
    return (text[match.end() :], match[1]) if match else (text, None)


def check_delimiter(delimiter: str, filename: str) -> str:
    """A delimiter that a person picked; "tab" and "\\t" in letters are tabs too."""
    if delimiter.lower() in {"tab", "\\t"}:
        return "\t"
    if len(delimiter) != 1 or delimiter in '"\r\n \0':
        raise TableProblem("bad_delimiter", filename=filename, value=shown(delimiter))
    return delimiter


def find_delimiter(text: str, known: frozenset[str]) -> str:
    """The sign at which the cells divide: the one that shows a header, or else clevercsv's choice."""
    sample = "".join(
        line for line, _ in zip(io.StringIO(text, newline=""), range(_SAMPLE_LINES), strict=False)
    )
    sample = sample[:_SAMPLE_CHARACTERS]
    best = None
    for delimiter in DELIMITERS:
        for place, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
            count = headers.count_known(cells, known) if len(cells) > 1 else 0
            if count >= 2:
                rank = (place, -count)
                best = min(best, (rank, delimiter)) if best else (rank, delimiter)
                break
            if place >= headers.HEADER_WITHIN:
                break
    if best:
        return best[1]
    return _clever_choice(sample) or _most_frequent(sample)


def records(text: str, delimiter: str, *, filename: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as Excel shows them: a cell with line ends inside is in one row."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    number, line = 0, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Python says which of the two it is only in words.
            code = "quote_misplaced" if "expected after" in str(error) else "quote_not_closed"
            start = _line(text, line)
            place = start.find('"')
            raise TableProblem(
                code,
                filename=filename,
                row=number + 1,
                value=shown(start[place + 1 :] if place >= 0 else start),
            )
        number, line = number + 1, reader.line_num
        yield number, cells


def _line(text: str, index: int) -> str:
    for place, line in enumerate(io.StringIO(text, newline="")):
        if place == index:
            return line
    return ""


def _clever_choice(sample: str) -> str:
    # Loading clevercsv takes 170 ms, which no start of a process should pay for a file that may never come.
    import clevercsv  # noqa: PLC0415

    try:
        dialect = clevercsv.Detector().detect(sample, delimiters=list(DELIMITERS))
    except Exception:  # noqa: BLE001 - a guess that fails is no guess, whatever the reason
        return ""
    return dialect.delimiter if dialect and dialect.delimiter in DELIMITERS else ""


def _most_frequent(sample: str) -> str:
    counts = {delimiter: sample.count(delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=counts.__getitem__)


def tidy_cells(cells: list[str]) -> list[str]:
    """The cells of a row as meant, without the empty ones at its end."""
    row = [read_cell(cell) if cell else "" for cell in cells]
    while row and not row[-1]:
        row.pop()
    return row
