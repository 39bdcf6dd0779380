"""What the JSON columns of rosters hold."""

from typing import Any, TypedDict


class Where(TypedDict, total=False):
    """Where something stands in a spreadsheet: each "" for a row as a whole."""

    column: str
    cell: str
    value: str


class StoredProblem(Where):
    """A problem, a note or a question: `kind` names its class. One about a whole file stands nowhere."""

    kind: str
    code: str
    params: dict[str, Any]


Problems = list[StoredProblem]


class Chosen(TypedDict, total=False):
    """What a person picked instead of what was guessed."""

    encoding: str
    delimiter: str
    sheet: str


class Offer(TypedDict):
    """Another code page in which the letters would be words."""

    encoding: str
    problem: StoredProblem


class Reading(TypedDict, total=False):
    """How a file was read, and what is said of it as a whole. What a file that cannot be read lacks is missing."""

    chosen: Chosen
    problems: Problems
    questions: Problems
    notes: Problems
    kind: str
    encoding: str | None
    certain: bool
    delimiter: str | None
    sheet: str | None
    sheets: list[str]
    header_row: int
    columns: list[str]
    letters: list[str]
    understood: dict[str, int]
    """By what it holds, the place of a column."""
    offer: Offer
    counts: dict[str, int]
    """Rows by what would be done for them."""
    noted: int


class RowValues(TypedDict):
    """What was understood of a row; "" for what it lacks."""

    name: str
    email: str
    staff_number: str
    language: str


class FoundBefore(TypedDict, total=False):
    """What the plan of a row rested on: the public id of the person's member, "" for none."""

    member: str
