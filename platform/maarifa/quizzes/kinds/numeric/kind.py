"""A number, right within a tolerance, perhaps worth a part of the points within a wider one.

    all points         |typed − answer| ≤ tolerance
    `near.percent`     of the points, rounded down to a hundred-thousandth: |typed − answer| ≤ `near.tolerance`

A tolerance is a number or, with a percent sign, a share of the answer's size. How numbers are read says
`readings`. What is no number at all is refused, not graded as wrong.

A number may be typed with its unit: that of the question in any of its languages, or one of `units`, each with how many
of it make one of the question's: {"MB": "1000"} where the unit is GB, as Moodle's multipliers. Any other is refused. So
a unit in a stored answer that is none of `units` is the question's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from maarifa.lib import numbers
from maarifa.lib.problems import Problem
from maarifa.lib.rows import Column
from maarifa.lib.shapes import Line
from maarifa.lib.text import nfc
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    NO_TEXTS,
    POINT,
    AllTexts,
    Cleaned,
    FormFields,
    Kind,
    Misfit,
    Reviewed,
    Shown,
    StructureData,
    Texts,
    TextsData,
    TypedFields,
)
from maarifa.quizzes.kinds.feedback import FEEDBACK as SHARED_FEEDBACK
from maarifa.quizzes.kinds.feedback import (
    Feedback,
    feedback_fields,
    feedback_from,
    feedback_place,
    feedback_problems,
)
from maarifa.quizzes.kinds.fields import OnceEachField, author_text
from maarifa.quizzes.kinds.numeric.authorfields import DecimalField, FactorText, UnitText, plain_number
from maarifa.quizzes.kinds.numeric.practice import NumberPractice
from maarifa.quizzes.kinds.numeric.readings import MOST_IN_UNIT, number_and_unit, readings, unit_key
from maarifa.quizzes.kinds.numeric.structure import NumberStructure, width_of

FEEDBACK = {
    "correct": SHARED_FEEDBACK["correct"],
    "near": _("Feedback for a nearly correct answer"),
    "wrong": SHARED_FEEDBACK["wrong"],
}
OTHER_UNITS = _("If you use another unit than the one shown, write it after the number: %(units)s.")
SOME_FOR_NEAR = _("A nearly correct number earns part of the points.")
OWN_UNIT_TWICE = _("This unit is also one of the other units of the question. Remove one of them.")
NEAR_UNKNOWN = _(
    "There are no points for nearly correct answers here, so no one would read this. Remove it, or set points for them."
)


class NumberTexts(Texts):
    unit: Line | None = None
    feedback: Feedback | None = None


@dataclass(frozen=True)
class ShownNumber(Shown):
    """`units`: others than its own in which the number may be given."""

    unit: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewedNumber(Reviewed):
    typed: str = ""
    has_unit: bool = False
    """Whether a unit was typed with the number."""
    percent: int = 0
    """Of the points that the answer is worth."""
    answer: str = ""
    unit: str = ""
    feedback: str = ""


class NumberFields(TypedFields[ShownNumber]):
    template = "quizzes/kinds/number.html"


class Numeric(Kind[ShownNumber, str]):
    """A response is the number as it was typed, with its unit where one was typed."""

    name = "numeric"
    label = _("a number")
    structure = NumberStructure
    texts = NumberTexts
    response = TypeAdapter(str)
    form = NumberFields
    practice = NumberPractice
    review_template = "quizzes/kinds/number_review.html"
    help = _("Write a number.")
    empty = {"answer": "", "tolerance": "0"}

    # What an author writes

    def blank(self) -> StructureData:
        return dict(self.empty)

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        near = structure.get("near", {})
        units = OnceEachField(
            label=_("Other units"),
            help_text=_(
                "Learners can also answer in these units. If the unit of the question is GB, write MB and 1000, "
                "because 1000 MB make 1 GB."
            ),
            columns={
                "unit": Column(
                    _("Unit"),
                    check=UnitText,
                    right=_("Write 1 to 60 characters, with a letter or a sign at both ends."),
                ),
                "factor": Column(
                    _("How many make one of the question’s unit"),
                    check=FactorText,
                    right=_("Write a number above 0."),
                    direction="ltr",
                ),
            },
            required=False,
        )
        units.initial = [
            {"unit": unit, "factor": factor} for unit, factor in structure.get("units", {}).items()
        ]
        return {
            "answer": DecimalField(label=_("Correct answer"), initial=structure.get("answer", "")),
            "tolerance": DecimalField(
                label=_("Tolerance"),
                help_text=_(
                    "Answers up to this much above or below the correct answer are also accepted. Write a number, "
                    "or a percentage of the correct answer."
                ),
                initial=structure.get("tolerance", "0"),
                percent=True,
            ),
            "near_tolerance": DecimalField(
                label=_("Tolerance for nearly correct answers"),
                help_text=_(
                    "Answers up to this much above or below earn part of the points. You can leave it empty."
                ),
                initial=near.get("tolerance", ""),
                percent=True,
            ),
            "near_percent": forms.IntegerField(
                label=_("Percent of the points for nearly correct answers"),
                min_value=1,
                max_value=99,
                initial=near.get("percent"),
                required=False,
            ),
            "units": units,
        }

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        near = {name: cleaned.get(f"near_{name}") for name in ("tolerance", "percent")}
        near = {name: value for name, value in near.items() if value}
        units = {row["unit"]: plain_number(row["factor"]) for row in cleaned.get("units") or []}
        return {
            "answer": cleaned.get("answer") or "",
            "tolerance": cleaned.get("tolerance") or "0",
            **({"near": near} if near else {}),
            **({"units": units} if units else {}),
        }

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return {
            "stem": author_text(_("Question"), texts.get("stem", ""), required=True),
            "unit": forms.CharField(
                label=_("Unit"), initial=texts.get("unit", ""), required=False, max_length=MOST_IN_UNIT
            ),
            **feedback_fields(texts, labels=FEEDBACK),
        }

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        texts: TextsData = {"stem": cleaned["stem"]}
        if cleaned.get("unit"):
            texts["unit"] = cleaned["unit"]
        return texts | feedback_from(cleaned, labels=FEEDBACK)

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        feedback = texts.get("feedback", {})
        if isinstance(feedback, dict) and "near" in feedback and "near" not in structure:
            yield Misfit("near_unknown", ("feedback", "near"))
        unit, others = texts.get("unit", ""), structure.get("units", {})
        if others and not unit:
            yield Misfit("key_missing", ("unit",))
        elif isinstance(unit, str) and unit_key(unit) in map(unit_key, others):
            yield Misfit("unit_twice", ("unit",))

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        where = ".".join(misfit.path)
        if misfit.code == "near_unknown":
            return Problem(code="NEAR_UNKNOWN", template=NEAR_UNKNOWN, where=where)
        if misfit.code == "unit_twice":
            return Problem(code="UNIT_TWICE", template=OWN_UNIT_TWICE, where=where)
        return super().misfit_problem(structure, misfit)

    def structure_value(self, name: str, value: Any) -> str:
        group, _dot, unit = name.partition(".")
        return f"{unit}: {value}" if group == "units" else super().structure_value(name, value)

    def place_of(self, where: str) -> str:
        return feedback_place(where, FEEDBACK) or super().place_of(where)

    # What a learner sees and answers

    def help_for(self, structure: StructureData) -> str:
        sentences = [super().help_for(structure)]
        if units := structure.get("units"):
            sentences.append(OTHER_UNITS % {"units": ", ".join(units)})
        if structure.get("near"):
            sentences.append(str(SOME_FOR_NEAR))
        return " ".join(sentences)

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownNumber:
        return ShownNumber(
            stem=texts["stem"], unit=texts.get("unit", ""), units=tuple(structure.get("units", ()))
        )

    def read(self, structure: StructureData, raw: object, texts: AllTexts = NO_TEXTS) -> str | None:
        """As in `Kind`: the number may have a unit of the question in any of its languages."""
        text = super().read(structure, raw)
        if text is None or readings(text):
            return text
        number, unit = number_and_unit(text)
        others = structure.get("units", {})
        if number and unit_key(unit) in map(unit_key, (*_own_units(texts), *others)):
            return text
        if not number or any(character.isdecimal() for character in unit):
            raise AnswerError("NOT_A_NUMBER", value=text)
        language = get_language() or ""
        # Its own as the page says it; all of them where no page is in the language active now.
        own = _own_units({language: texts[language]} if language in texts else texts)
        if units := [*own, *others]:
            raise AnswerError("UNKNOWN_UNIT", value=text, units=", ".join(units))
        raise AnswerError("NO_UNIT", value=text)

    def settled(self, structure: StructureData, answer: str) -> str | None:
        """The text with its spaces made one: whether it is a number says `read`."""
        return " ".join(nfc(answer).split()) or None

    def said(self, shown: ShownNumber, response: str) -> list[str]:
        return [f"{response} {shown.unit}".strip() if readings(response) else response]

    # What it is worth, and what is said about it

    def grade(self, structure: StructureData, points: int, response: str | None, texts: AllTexts) -> int:
        """All for what is no further from the answer than the tolerance; the part of `near` for what is no further than
        its tolerance.
        """
        return self._percent(structure, response) * points * POINT // 100

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: str | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedNumber:
        percent = self._percent(structure, response)
        feedback = texts.get("feedback", {})
        which = "correct" if percent == 100 else "near" if percent and "near" in feedback else "wrong"
        return ReviewedNumber(
            typed=response or "",
            has_unit=bool(response) and not readings(response or ""),
            percent=percent,
            answer=numbers.number(structure["answer"], decimals=20, language=language),
            unit=texts.get("unit", ""),
            feedback=feedback.get(which, ""),
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> str:
        answer = Decimal(structure["answer"])
        wide = structure.get("near", structure).get("tolerance", "0")
        return str(answer if right else answer + width_of(wide, structure["answer"]) + 1)

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        return feedback_problems("no_number_feedback", texts)

    def _percent(self, structure: StructureData, response: str | None) -> int:
        """Of the points that an answer is worth."""
        answer = Decimal(structure["answer"])
        widths = [(100, width_of(structure.get("tolerance", "0"), structure["answer"]))]
        if near := structure.get("near"):
            widths.append((near["percent"], width_of(near["tolerance"], structure["answer"])))
        typed, unit = number_and_unit(response or "")
        factors = {unit_key(one): Decimal(factor) for one, factor in structure.get("units", {}).items()}
        # A number that can be read by itself has no unit, and one of the question's own is worth its number.
        numbers_typed = readings(response or "")
        factor = Decimal(1) if numbers_typed else factors.get(unit_key(unit), Decimal(1))
        # More digits than anybody can type: nothing is rounded, and nothing is divided.
        with localcontext(prec=200):
            distances = [abs(one - answer * factor) for one in numbers_typed or readings(typed)]
            return max(
                (percent for percent, width in widths for far in distances if far <= width * factor),
                default=0,
            )


def _own_units(texts: AllTexts) -> list[str]:
    """The question's unit in these languages, each once."""
    return list(dict.fromkeys(unit for one in texts.values() if (unit := one.get("unit"))))
