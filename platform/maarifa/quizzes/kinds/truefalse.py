"""A statement that is true or false. The two words come from the interface; the order is never shuffled."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext
from pydantic import model_validator

from maarifa.quizzes.kinds.base import Cleaned, FormFields, Misfit, Structure, StructureData, TextsData
from maarifa.quizzes.kinds.choices import ChoiceKind, Keys
from maarifa.quizzes.kinds.practice import TruthPractice
from maarifa.quizzes.kinds.problems import check_correct, refuse

KEYS = ["true", "false"]


class TruthStructure(Structure):
    """The choices are always the same, and need not be there."""

    choices: list[Any] | None = None
    correct: Keys

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.choices not in (None, [], KEYS):
            raise refuse("choices_wrong", allowed=", ".join(KEYS), value=str(self.choices), at="choices")
        check_correct(self.correct, KEYS, one_only=True)
        return self


class TrueFalse(ChoiceKind):
    """Of a choice there is `feedback` alone."""

    name = "truefalse"
    label = _("true or false")
    structure = TruthStructure
    practice = TruthPractice
    help = _("Is this true or false?")
    shuffles = False
    choice_fields = ("feedback",)
    empty = {"correct": []}

    def blank(self) -> StructureData:
        return {"correct": []}

    def choice_keys(self, structure: StructureData) -> list[str]:
        return list(KEYS)

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        # Feedback may be left out.
        return (one for one in super().misfits(structure, texts) if one.code != "key_missing")

    file_fields = ("correct",)

    def to_file(self, structure: StructureData) -> StructureData:
        truths = {"true": True, "false": False}
        return {"correct": [truths.get(key, key) for key in structure.get("correct") or []]}

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        labels = [(key, truth(key)) for key in KEYS]
        return {"correct": self._correct_field(labels, structure.get("correct", []))}

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        return {"correct": [cleaned["correct"]] if cleaned.get("correct") else []}

    def choice_name(self, key: str) -> str:
        return truth(key) if key in KEYS else key

    def choice_text(self, key: str, texts: TextsData, language: str) -> str:
        # A language that the interface does not speak gets the reader's own words, not English ones.
        if language in dict(settings.LANGUAGES):
            with override(language):
                return truth(key)
        return truth(key)


def truth(key: str) -> str:
    """The words of a true or false question, in the language active now."""
    if key == "true":
        return pgettext("answer to a true or false question", "True")
    return pgettext("answer to a true or false question", "False")
