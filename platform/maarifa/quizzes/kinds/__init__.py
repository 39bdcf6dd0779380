"""The kinds of question. A new one is a file here with a subclass of `Kind`, and its line below.

A kind says what an author writes (`structure`, the same in every language, and `texts`), what a page shows before
submission and how its fields are read, what an answer is worth, what is said about it afterwards, and how all of it
stands in files. It knows no database and no request.
"""

from typing import TYPE_CHECKING

from maarifa.quizzes.kinds.base import (
    POINT,
    RESPONSE,
    AllTexts,
    AnswerFields,
    AnyKind,
    Kind,
    Parts,
    Response,
    Reviewed,
    Shown,
    Structure,
    StructureData,
    TextsData,
)
from maarifa.quizzes.kinds.case import Case
from maarifa.quizzes.kinds.extended import Extended
from maarifa.quizzes.kinds.gaps import Gaps
from maarifa.quizzes.kinds.matching import Matching
from maarifa.quizzes.kinds.multiple import Multiple
from maarifa.quizzes.kinds.numeric import Numeric
from maarifa.quizzes.kinds.ordering import Ordering
from maarifa.quizzes.kinds.practice import Practice
from maarifa.quizzes.kinds.shorttext import ShortText
from maarifa.quizzes.kinds.single import Single
from maarifa.quizzes.kinds.truefalse import TrueFalse

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

__all__ = [
    "KINDS",
    "POINT",
    "RESPONSE",
    "AllTexts",
    "AnswerFields",
    "AnyKind",
    "Kind",
    "Parts",
    "Practice",
    "Response",
    "Reviewed",
    "Shown",
    "Structure",
    "StructureData",
    "TextsData",
    "as_line",
    "kind_choices",
    "kind_named",
]

_ALL: tuple[AnyKind, ...] = (
    *(Single(), Multiple(), TrueFalse(), Numeric(), ShortText()),
    *(Gaps(), Matching(), Extended(), Ordering()),
    Case(),
)
KINDS: dict[str, AnyKind] = {kind.name: kind for kind in _ALL}


def kind_named(name: str) -> AnyKind:
    return KINDS[name]


def as_line(response: Response | None) -> str | None:
    """An answer as staff read it, in the keys in which it is stored."""
    if isinstance(response, dict):
        return ", ".join(f"{part}: {given}" for part, given in response.items())
    return ", ".join(response) if isinstance(response, list) else response


def kind_choices() -> "list[tuple[str, str | StrPromise]]":
    """For model fields: a new kind needs no migration."""
    return [(kind.name, kind.label) for kind in KINDS.values()]
