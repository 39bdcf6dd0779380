"""One right answer among several choices: all the points or none."""

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.kinds.base import StructureData, TextsData
from maarifa.quizzes.kinds.choices import ChoiceKind, OneChoiceStructure
from maarifa.quizzes.kinds.practice import Guessed


class Single(ChoiceKind):
    name = "single"
    label = _("one correct answer")
    help = _("Choose one answer.")
    structure = OneChoiceStructure

    def guessed(self, structure: StructureData, texts: TextsData) -> Guessed | None:
        choice_texts = self.choice_texts(texts)
        return (choice_texts, structure["correct"][0]) if choice_texts else None
