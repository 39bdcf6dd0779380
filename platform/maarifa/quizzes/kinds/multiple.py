"""One or more right answers among several choices. What they are worth is a rule of the question, `grading`.

`share`, where nothing is said: each right choice ticked earns an equal share of the points, points ÷ number of right
choices, and each wrong one costs the same share; never below zero. Ticking everything therefore earns nothing where
wrong choices are as many as right ones. It is the rule that Canvas calls "partial credit with penalty" and QTI writes
as a mapping with a lower bound of 0:

    score = max(0, right − wrong) ÷ number of right choices × points

rounded down to a hundred-thousandth of a point; all right ones and no other earn exactly the points.

`all-or-nothing`: exactly the right choices earn the points, and anything else nothing. It is what Moodle calls "all or
nothing" and QTI `match_correct`.
"""

from typing import Annotated, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator

from maarifa.lib.shapes import one_of
from maarifa.quizzes.kinds.base import POINT, AllTexts, Cleaned, FormFields, StructureData
from maarifa.quizzes.kinds.choices import ALL_OR_NOTHING, ChoiceKind, ChoiceStructure
from maarifa.quizzes.kinds.practice import SomeChoicesPractice

SHARE = "share"
ONLY_ALL = _("Choose all that apply. You get points only for all correct choices and no others.")
GRADINGS = (
    (SHARE, _("a share of the points for each correct choice, less a share for each incorrect one")),
    (ALL_OR_NOTHING, _("all points or none")),
)


def _unless_usual(grading: str) -> str | None:
    """The usual rule is not stored: saying it says nothing new."""
    return None if grading == SHARE else grading


class MultipleStructure(ChoiceStructure):
    grading: Annotated[str, one_of(dict(GRADINGS)), AfterValidator(_unless_usual)] | None = None


class Multiple(ChoiceKind):
    name = "multiple"
    label = _("several correct answers")
    help = _("Choose all that apply. Within this question, each incorrect choice cancels one correct choice.")
    structure = MultipleStructure
    practice = SomeChoicesPractice
    input_type = "checkbox"
    one_only = False

    def help_for(self, structure: StructureData) -> str:
        if structure.get("grading") == ALL_OR_NOTHING:
            return str(ONLY_ALL)
        return super().help_for(structure)

    def structure_value(self, name: str, value: Any) -> str:
        if name == "grading":
            return str(dict(GRADINGS)[value or SHARE])
        return super().structure_value(name, value)

    def grading_fields(self, structure: StructureData, labels: list[tuple[str, str]]) -> FormFields:
        grading = forms.ChoiceField(
            label=_("How points are given"),
            choices=GRADINGS,
            widget=forms.RadioSelect,
            required=False,
            initial=structure.get("grading", SHARE),
        )
        return {"grading": grading}

    def grading_from(self, cleaned: Cleaned, choices: list[str], correct: list[str]) -> StructureData:
        return {"grading": ALL_OR_NOTHING} if cleaned.get("grading") == ALL_OR_NOTHING else {}

    def grade(
        self, structure: StructureData, points: int, response: list[str] | None, texts: AllTexts
    ) -> int:
        if structure.get("grading") == ALL_OR_NOTHING:
            return super().grade(structure, points, response, texts)
        correct, chosen = set(structure["correct"]), set(response or [])
        balance = len(chosen & correct) - len(chosen - correct)
        return max(0, balance) * points * POINT // len(correct)
