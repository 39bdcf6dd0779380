"""The kinds of question. A new one is a file here with a subclass of `Kind`, and its line below.

A kind says what an author writes (`structure`, the same in every language, and `texts`), what a page shows before
submission and how its fields are read, what an answer is worth, what is said about it afterwards, and how all of it
stands in files. It knows no database and no request.
"""

from maarifa.quizzes.kinds.base import (
    POINT,
    RESPONSE,
    AnswerForm,
    Kind,
    Parts,
    Response,
    Reviewed,
    Shown,
    Structure,
)
from maarifa.quizzes.kinds.multiple import Multiple
from maarifa.quizzes.kinds.numeric import Numeric
from maarifa.quizzes.kinds.practice import Practice
from maarifa.quizzes.kinds.single import Single
from maarifa.quizzes.kinds.truefalse import TrueFalse

__all__ = [
    "KINDS",
    "POINT",
    "RESPONSE",
    "AnswerForm",
    "Kind",
    "Parts",
    "Practice",
    "Response",
    "Reviewed",
    "Shown",
    "Structure",
    "as_line",
    "kind_choices",
    "kind_named",
]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (Single(), Multiple(), TrueFalse(), Numeric())}


def kind_named(name: str) -> Kind:
    return KINDS[name]


def as_line(response: Response | None) -> str | None:
    """An answer as staff read it, in the keys in which it is stored."""
    if isinstance(response, dict):
        return ", ".join(f"{part}: {given}" for part, given in response.items())
    return ", ".join(response) if isinstance(response, list) else response


def kind_choices() -> list[tuple[str, str]]:
    """For model fields: a new kind needs no migration."""
    return [(kind.name, kind.label) for kind in KINDS.values()]
