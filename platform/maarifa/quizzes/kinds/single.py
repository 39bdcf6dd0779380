"""One right answer among several choices: all the points or none."""

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.kinds.choices import ChoiceKind, OneChoiceStructure


class Single(ChoiceKind):
    name = "single"
    label = _("one right answer")
    help = _("Choose one.")
    structure = OneChoiceStructure
