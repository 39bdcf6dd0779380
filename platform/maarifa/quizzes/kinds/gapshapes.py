"""What is written of a question with gaps: its structure and its texts."""

from typing import Annotated, Any, Self, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, model_validator

from maarifa.lib.shapes import KEY, Key, Line, Shape, Words, once_each
from maarifa.quizzes.kinds.base import Structure, StructureData, Texts
from maarifa.quizzes.kinds.feedback import Feedback
from maarifa.quizzes.kinds.problems import check_correct, refuse
from maarifa.quizzes.kinds.typed import Accepted, Flag

LEAST_CHOICES, MOST_CHOICES = 2, 20
MOST_GAPS = 20

SENTENCES = {
    "gaps_none": _("The question has no gaps. Write a marker such as [[1]] in the passage for each gap."),
    "gaps_many": _("There are %(count)s gaps. A question can have at most %(most)s."),
    "gap_neither": _("Say how to fill in this gap. Write “typed: true”, or write “choices” and “correct”."),
    "gap_both": _(
        "A gap that learners type in has no choices. Remove “typed”, or remove “choices” and “correct”."
    ),
    "practice_gap_neither": _("Say how to fill in this gap. Write “choices”, or write “accepted”."),
    "practice_gap_both": _(
        "A gap that learners type in has no choices. Remove “accepted”, or remove “choices”."
    ),
    "gap_correct": _("No choice for this gap is marked as correct. Mark one."),
    "gap_spelling": _("Only gaps that learners type have “case” and “diacritics”. Remove them."),
}

V = TypeVar("V")


def in_order(keys: dict[str, V]) -> dict[str, V]:
    """The same in one order, which no database keeps: numbers by their value, then other keys by the alphabet."""
    return {key: keys[key] for key in sorted(keys, key=_place)}


def _place(key: str) -> tuple[bool, int, str]:
    return not key.isdecimal(), int(key) if key.isdecimal() else 0, key


def some_gaps(gaps: dict[str, V]) -> dict[str, V]:
    if not gaps:
        raise refuse("gaps_none", template=SENTENCES["gaps_none"])
    if len(gaps) > MOST_GAPS:
        raise refuse("gaps_many", template=SENTENCES["gaps_many"], count=len(gaps), most=MOST_GAPS)
    return in_order(gaps)


class Gap(Shape):
    """Either one of `choices` is `correct`, or the answer is `typed`; `case` and `diacritics` as in `Spelling`."""

    choices: (
        Annotated[
            list[Key],
            Field(min_length=LEAST_CHOICES, max_length=MOST_CHOICES),
            AfterValidator(once_each),
        ]
        | None
    ) = None
    correct: Key | None = None
    typed: Flag | None = None
    case: Flag | None = None
    diacritics: Flag | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.typed and (self.choices is not None or self.correct is not None):
            raise refuse("gap_both", template=SENTENCES["gap_both"])
        if not self.typed and self.choices is None:
            raise refuse("gap_neither", template=SENTENCES["gap_neither"])
        if not self.typed and (self.case or self.diacritics):
            raise refuse("gap_spelling", template=SENTENCES["gap_spelling"])
        if self.choices is not None:
            if self.correct is None:
                raise refuse("gap_correct", template=SENTENCES["gap_correct"], at="correct")
            check_correct([self.correct], self.choices, one_only=True)
        return self


class GapsStructure(Structure):
    gaps: Annotated[dict[Key, Gap], AfterValidator(some_gaps)]


class GapText(Shape):
    """The texts of `choices` by their keys, or the `accepted` answers of a gap that is typed."""

    choices: Annotated[dict[Key, Line], AfterValidator(in_order)] | None = None
    accepted: Accepted | None = None
    feedback: Feedback | None = None


class GapsTexts(Texts):
    """`passage` has a marker for each gap, `[[key]]`, in whichever order the language needs."""

    passage: Words | None = None
    gaps: Annotated[dict[Key, GapText], AfterValidator(in_order)] | None = None


def gaps_of(structure: StructureData) -> dict[str, StructureData]:
    """The gaps of a structure by key, in order, whatever else is wrong with it."""
    gaps: Any = structure.get("gaps")
    return in_order(gaps) if isinstance(gaps, dict) else {}


def is_key(marker: str) -> bool:
    return KEY.fullmatch(marker) is not None
