"""Tables that people make, read with forgiveness and written with care.

`read_table` takes the bytes of a CSV, XLSX, XLS or ODS file as a person uploaded it; `match_columns` finds
the columns that a reader knows by their headers; `write_csv` and `write_xlsx` make files that open well in
Excel and LibreOffice and can be read back unchanged.
"""

from .cells import tidy
from .damage import is_boolean, is_error, is_shortened_number, means_nothing
from .encodings import ENCODINGS, code_page
from .guesses import likelier_encoding
from .headers import ColumnMatch, UnmatchedColumn, header_key, match_columns, words_in
from .limits import DEFAULT_LIMITS, Limits
from .problems import TableNote, TableProblem
from .tables import Row, Table, read_table
from .writing import delimiter_for, write_csv, write_xlsx

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODINGS",
    "ColumnMatch",
    "Limits",
    "Row",
    "Table",
    "TableNote",
    "TableProblem",
    "UnmatchedColumn",
    "code_page",
    "delimiter_for",
    "header_key",
    "is_boolean",
    "is_error",
    "is_shortened_number",
    "likelier_encoding",
    "match_columns",
    "means_nothing",
    "read_table",
    "tidy",
    "words_in",
    "write_csv",
    "write_xlsx",
]
