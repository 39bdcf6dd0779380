"""One right answer among several choices: all the points or none."""

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.enums import QuestionKind
from maarifa.quizzes.kinds.choices import ChoiceKind


class Single(ChoiceKind):
    name = QuestionKind.SINGLE
    help = _("Choose one.")
