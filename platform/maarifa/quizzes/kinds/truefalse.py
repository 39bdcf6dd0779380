"""A statement that is true or false. The two words come from the interface; the order is never shuffled."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from maarifa.quizzes.enums import QuestionKind
from maarifa.quizzes.kinds.choices import ChoiceKind, truth
from maarifa.quizzes.kinds.problems import problem

KEYS = ["true", "false"]


class TrueFalse(ChoiceKind):
    """`structure`: `correct`, a list of one key; `choices` may be left out. `words`: `stem`, and `feedback`
    by choice.
    """

    name = QuestionKind.TRUEFALSE
    help = _("Is this true or false?")
    shuffles = False
    choice_fields = ("feedback",)

    def blank(self):
        return {"correct": []}

    def choices_problems(self, choices):
        if choices in ([], KEYS):
            return []
        return [problem("WRONG_CHOICES", "choices", choices, allowed=", ".join(KEYS))]

    def choice_keys(self, structure):
        return list(KEYS)

    def structure_fields(self, structure, words):
        labels = [(key, truth(key)) for key in KEYS]
        return {"correct": self._correct_field(labels, structure.get("correct", []))}

    def structure_from(self, cleaned, structure):
        return {"correct": [cleaned["correct"]] if cleaned.get("correct") else []}

    def choice_name(self, key):
        return truth(key)

    def choice_text(self, key, words, language):
        # A language that the interface does not speak gets the reader's own words, not English ones.
        if language in dict(settings.LANGUAGES):
            with override(language):
                return truth(key)
        return truth(key)
