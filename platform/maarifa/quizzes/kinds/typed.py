"""Answers in words that a learner types: what the kinds that have them share. See `lib.spelling` for how they are
compared.
"""

from collections.abc import Iterable
from itertools import chain
from string import ascii_lowercase
from typing import TYPE_CHECKING, Annotated, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator

from maarifa.lib.shapes import Line, Shape, once_each
from maarifa.lib.spelling import as_answer, has_wildcard, matches_anything, matches_one
from maarifa.lib.text import one_line, storable
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import Cleaned, FormFields, StructureData
from maarifa.quizzes.kinds.problems import refuse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 200
"""Characters of an answer."""
MOST = 20
"""Accepted answers in one language."""

SPELLING = {
    "case": _("Capital letters must be correct"),
    "diacritics": _("Accents and diacritics must be correct"),
}
SENTENCES = {
    "accepted_none": _("There is no accepted answer. Write at least one."),
    "accepted_many": _("There are too many accepted answers. Write at most %(most)s."),
    "accepts_anything": _("“%(value)s” accepts every answer. Write a part of the answer beside the *."),
    "answer_long": _(
        "An accepted answer is too long for a learner to type. Write at most %(most)s characters."
    ),
}


def _accepted(text: str) -> str:
    if matches_anything(text):
        raise refuse("accepts_anything", template=SENTENCES["accepts_anything"], value=text)
    if len(text) > LONGEST:
        raise refuse("answer_long", template=SENTENCES["answer_long"], most=LONGEST)
    return text


def _enough(answers: list[str]) -> list[str]:
    if not answers:
        raise refuse("accepted_none", template=SENTENCES["accepted_none"])
    if len(answers) > MOST:
        raise refuse("accepted_many", template=SENTENCES["accepted_many"], most=MOST)
    return answers


Accepted = Annotated[
    list[Annotated[Line, AfterValidator(_accepted)]], AfterValidator(once_each), AfterValidator(_enough)
]
"""The answers that are right, as the texts of one language have them; see `lib.spelling.matches`."""

Flag = Annotated[bool, AfterValidator(lambda flag: flag or None)]
"""True, or left out: false says the same."""


class Spelling(Shape):
    """`case`: whether capitals count; `diacritics`: whether accents and the like do."""

    case: Flag | None = None
    diacritics: Flag | None = None


def settled_text(typed: str) -> str:
    """An answer as it is stored: as typed, NFC, spaces collapsed, nothing that cannot be seen. Refuses a long one."""
    text = one_line(storable(typed))
    if len(text) > LONGEST:
        raise AnswerError("TOO_LONG", value=text)
    return text


def is_accepted(typed: str, accepted: Iterable[str], spelling: StructureData) -> bool:
    """Whether it is one of these answers. `spelling` has `case` and `diacritics` where they count."""
    case, diacritics = bool(spelling.get("case")), bool(spelling.get("diacritics"))
    return matches_one(accepted, typed, case=case, diacritics=diacritics)


def first_of(accepted: list[str], wildcard: str = "…") -> str:
    """The answer that people are told is right: the first one without a wildcard, or else with this in its place."""
    return as_answer(next((one for one in accepted if not has_wildcard(one)), accepted[0]), wildcard)


def wrong_text(accepted: list[str], spelling: StructureData) -> str:
    """A text that is not accepted: a letter, for an accepted answer without a wildcard alone is one letter at most."""
    letters = chain(ascii_lowercase, map(chr, range(0x4E00, 0x9FFF)))
    return next(letter for letter in letters if not is_accepted(letter, accepted, spelling))


def spelling_fields(spelling: StructureData, suffix: str = "") -> FormFields:
    """A form field for each field of `Spelling`, named as it with the suffix."""
    return {
        f"case{suffix}": forms.BooleanField(
            label=SPELLING["case"],
            initial=bool(spelling.get("case")),
            required=False,
        ),
        f"diacritics{suffix}": forms.BooleanField(
            label=SPELLING["diacritics"],
            help_text=_(
                "If you do not tick this, “Ségou” and “Segou” are the same answer. In Arabic, so are words "
                "with and without hamza or short vowels."
            ),
            initial=bool(spelling.get("diacritics")),
            required=False,
        ),
    }


def spelling_from(cleaned: Cleaned, suffix: str = "") -> StructureData:
    return {name: True for name in Spelling.model_fields if cleaned.get(f"{name}{suffix}")}


def accepted_field(label: "StrOrPromise", accepted: list[str]) -> "LinesField":
    return LinesField(
        label=label,
        help_text=_("One answer on each line. An asterisk (*) matches any text."),
        initial="\n".join(accepted),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70, "dir": "auto"}),
    )


class LinesField(forms.CharField):
    """A list of texts, one on each line; empty lines are none."""

    def clean(self, value: Any) -> list[str]:
        return [line for line in map(one_line, (value or "").split("\n")) if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.clean(initial) != self.clean(data)
