"""A number, right within a tolerance.

A number is read as people write it: digits of any script, a comma or a point or the Arabic ٫ before the
decimals, spaces of any width, apostrophes, points, commas or ٬ between groups of three, any of the minus
signs. What is no number at all is refused, not graded as wrong.

"1,500" is fifteen hundred in London and one and a half in Paris, and nobody can know which of the two a
learner means who reads a course in a second language. Both readings are tried, and one of them being right is
enough: the question tests knowledge, not the customs of notation.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Annotated, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, PlainValidator, TypeAdapter

from maarifa.lib import numbers
from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Line, Shape, Words
from maarifa.lib.text import nfc
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    AnswerFields,
    Cleaned,
    FormFields,
    Kind,
    Parts,
    Reviewed,
    Shown,
    Structure,
    StructureData,
    Texts,
    TextsData,
)
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.problems import problem, refuse

FEEDBACK = {
    "correct": _("Feedback for a correct answer"),
    "wrong": _("Feedback for an incorrect answer"),
}
NO_FEEDBACK = {
    "correct": _("There is no feedback for a correct answer. Add it."),
    "wrong": _("There is no feedback for an incorrect answer. Add it."),
}
MOST_CHARACTERS = 40
PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")

# What these mean is told by the character alone; for a comma or a point it takes a look at what stands around
# it.
_GROUP, _POINT = "_", "d"
_ALWAYS_GROUP = "'’ʼ٬"
_ALWAYS_POINT = "٫"
_COMMA, _FULL_STOP = ",،，", ".．"
_PLUS, _MINUS = "+＋", "-−–‐‑﹣－"
_SIGNS = (
    ("-", _MINUS),
    ("+", _PLUS),
    (",", _COMMA),
    (".", _FULL_STOP),
    (_GROUP, _ALWAYS_GROUP),
    (_POINT, _ALWAYS_POINT),
)
_DIGITS = re.compile(r"[0-9]+")
# Marks that keyboards of right-to-left scripts leave in a text, and other characters that nobody sees.
_INVISIBLE = dict.fromkeys(
    [0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)


def _decimal(value: object) -> str:
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        raise refuse("number")
    return value


def _not_negative(value: str) -> str:
    if Decimal(value) < 0:
        raise refuse("tolerance")
    return value


DecimalText = Annotated[str, PlainValidator(_decimal)]


class NumberStructure(Structure):
    """Decimal texts: what is right, and how far from it is right as well."""

    answer: DecimalText
    tolerance: Annotated[DecimalText, AfterValidator(_not_negative)]


class NumberFeedback(Shape):
    """What a learner reads afterwards who was right, and who was wrong."""

    correct: Words | None = None
    wrong: Words | None = None


class NumberTexts(Texts):
    unit: Line | None = None
    feedback: NumberFeedback | None = None


@dataclass(frozen=True)
class ShownNumber(Shown):
    unit: str = ""


@dataclass(frozen=True)
class ReviewedNumber(Reviewed):
    typed: str = ""
    answer: str = ""
    unit: str = ""
    feedback: str = ""


class NumberFields(AnswerFields[ShownNumber, str]):
    template = "quizzes/kinds/number.html"

    @staticmethod
    def answer(parts: Parts) -> str | None:
        return parts[""][-1] if parts.get("") else None

    @property
    def typed(self) -> str:
        """As it stands in the field, be it a number or not."""
        return self.held or "" if self.sent is None else "".join(self.sent.get("", [])[-1:])


class Numeric(Kind[ShownNumber, str]):
    """A response is the number as it was typed."""

    name = "numeric"
    label = _("a number")
    structure = NumberStructure
    texts = NumberTexts
    response = TypeAdapter(str)
    form = NumberFields
    review_template = "quizzes/kinds/number_review.html"
    help = _("Write a number.")
    empty = {"answer": "", "tolerance": "0"}

    # What an author writes

    def blank(self) -> StructureData:
        return dict(self.empty)

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return {
            "answer": _DecimalText(label=_("Correct answer"), initial=structure.get("answer", "")),
            "tolerance": _DecimalText(
                label=_("Tolerance"),
                help_text=_("Answers up to this much above or below the correct answer are also accepted."),
                initial=structure.get("tolerance", "0"),
            ),
        }

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        return {"answer": cleaned.get("answer") or "", "tolerance": cleaned.get("tolerance") or "0"}

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        feedback = texts.get("feedback", {})
        return {
            "stem": author_text(_("Question"), texts.get("stem", ""), required=True),
            "unit": forms.CharField(
                label=_("Unit"), initial=texts.get("unit", ""), required=False, max_length=60
            ),
            **{
                f"feedback_{name}": author_text(label, feedback.get(name, ""), required=False)
                for name, label in FEEDBACK.items()
            },
        }

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        texts: TextsData = {"stem": cleaned["stem"]}
        if cleaned.get("unit"):
            texts["unit"] = cleaned["unit"]
        feedback = {name: cleaned[f"feedback_{name}"] for name in FEEDBACK if cleaned.get(f"feedback_{name}")}
        return {**texts, "feedback": feedback} if feedback else texts

    def place_of(self, where: str) -> str:
        first, _dot, name = where.partition(".")
        return str(FEEDBACK[name]) if first == "feedback" and name in FEEDBACK else super().place_of(where)

    # What a learner sees and answers

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownNumber:
        return ShownNumber(stem=texts["stem"], unit=texts.get("unit", ""))

    def settled(self, structure: StructureData, answer: str) -> str | None:
        text = " ".join(nfc(answer).split())
        if not text:
            return None
        if not readings(text):
            raise AnswerError("NOT_A_NUMBER", value=text)
        return text

    def said(self, shown: ShownNumber, response: str) -> list[str]:
        return [f"{response} {shown.unit}".strip()]

    # What it is worth, and what is said about it

    def grade(self, structure: StructureData, points: int, response: str | None, texts: AllTexts) -> int:
        """All or nothing: no further from the answer than the tolerance."""
        return points * POINT if self._is_right(structure, response) else 0

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: str | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedNumber:
        right = self._is_right(structure, response)
        return ReviewedNumber(
            typed=response or "",
            answer=numbers.number(structure["answer"], decimals=20, language=language),
            unit=texts.get("unit", ""),
            feedback=texts.get("feedback", {}).get("correct" if right else "wrong", ""),
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> str:
        answer = Decimal(structure["answer"])
        return str(answer if right else answer + Decimal(structure.get("tolerance", "0")) + 1)

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        feedback = texts.get("feedback", {})
        return [
            Problem(code="no_number_feedback", template=template)
            for which, template in NO_FEEDBACK.items()
            if not feedback.get(which)
        ]

    def _is_right(self, structure: StructureData, response: str | None) -> bool:
        answer, tolerance = Decimal(structure["answer"]), Decimal(structure.get("tolerance", "0"))
        # More digits than anybody can type: nothing is rounded.
        with localcontext(prec=100):
            return any(abs(number - answer) <= tolerance for number in readings(response or ""))


def readings(text: str) -> tuple[Decimal, ...]:
    """The numbers that a text can mean: none, one, or two where a comma or a point has two readings."""
    if len(text) > MOST_CHARACTERS:
        return ()
    plain = _plain(text)
    sign = "-" if plain.startswith("-") else ""
    body = plain[1:].lstrip() if plain[:1] in ("+", "-") else plain
    candidates = [_whole(body)]
    point = max(body.rfind(character) for character in (",", ".", _POINT))
    if point >= 0 and _DIGITS.fullmatch(body[point + 1 :]):
        head = _whole(body[:point], but_not=body[point]) if body[:point] else "0"
        candidates.append(head and f"{head}.{body[point + 1 :]}")
    return tuple(Decimal(sign + number) for number in candidates if number)


def _whole(body: str, but_not: str = "") -> str | None:
    """The digits of a whole number, in groups of three (or of two before the last three, as in India) or in
    none.
    """
    if _DIGITS.fullmatch(body):
        return body
    separator = next((character for character in body if not character.isdigit()), "")
    if separator not in (" ", _GROUP, ",", ".") or separator == but_not:
        return None
    first, *groups = body.split(separator)
    if not all(_DIGITS.fullmatch(group) for group in (first, *groups)) or first.startswith("0"):
        return None
    threes = len(first) <= 3 and all(len(group) == 3 for group in groups)
    twos = len(first) <= 2 and len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[:-1])
    return first + "".join(groups) if threes or twos else None


def _plain(text: str) -> str:
    """The text in ASCII: digits of every script, one minus, one space, one of each sign that stands in
    numbers.
    """
    return "".join(_plain_character(character) for character in text.translate(_INVISIBLE).strip())


def _plain_character(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Zs":
        return " "
    for plain, written in _SIGNS:
        if character in written:
            return plain
    # Our own two signs are letters nobody may type.
    return "?" if character in (_GROUP, _POINT) else character


class _DecimalText(forms.CharField):
    """A number that an author types in any way of writing, kept as a plain decimal text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}), **kwargs
        )

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        if PLAIN.fullmatch(text):
            return text
        meanings = readings(text)
        if len(meanings) != 1:
            # An author can say which of two readings is meant, by a point; a learner need not.
            raise forms.ValidationError(
                problem("NOT_A_DECIMAL", "", text).message,
                code="NOT_A_DECIMAL",
            )
        return format(meanings[0], "f")
