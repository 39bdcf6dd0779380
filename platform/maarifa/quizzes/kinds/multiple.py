"""One or more right answers among several choices.

Each right choice ticked earns an equal share of the points, points ÷ number of right choices, and each wrong
one costs the same share; never below zero. Ticking everything therefore earns nothing where wrong choices are
as many as right ones. It is the rule that Canvas calls "partial credit with penalty" and QTI writes as a
mapping with a lower bound of 0:

    score = max(0, right − wrong) ÷ number of right choices × points

rounded down to a hundred-thousandth of a point; all right ones and no other earn exactly the points.
"""

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.kinds.base import POINT, AllTexts, StructureData
from maarifa.quizzes.kinds.choices import ChoiceKind
from maarifa.quizzes.kinds.practice import SomeChoicesPractice


class Multiple(ChoiceKind):
    name = "multiple"
    label = _("several correct answers")
    help = _("Choose all that apply. Within this question, each incorrect choice cancels one correct choice.")
    practice = SomeChoicesPractice
    input_type = "checkbox"
    one_only = False

    def grade(
        self, structure: StructureData, points: int, response: list[str] | None, texts: AllTexts
    ) -> int:
        correct, chosen = set(structure["correct"]), set(response or [])
        balance = len(chosen & correct) - len(chosen - correct)
        return max(0, balance) * points * POINT // len(correct)
