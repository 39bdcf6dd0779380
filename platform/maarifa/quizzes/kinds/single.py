"""One right answer among several choices.

Another choice may be worth a part of the points, in whole percent, as GIFT and Moodle have it for a second-best answer:

    score = percent × points ÷ 100
"""

from typing import Annotated, Self

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, StringConstraints, model_validator

from maarifa.lib.rows import Column
from maarifa.lib.shapes import Key
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    Cleaned,
    FormFields,
    Percent,
    StructureData,
    TextsData,
)
from maarifa.quizzes.kinds.choices import ChoiceKind, ChoiceStructure
from maarifa.quizzes.kinds.fields import OnceEachField
from maarifa.quizzes.kinds.practice import Guessed
from maarifa.quizzes.kinds.problems import check_known, refuse

WHOLE_PERCENT = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?$")]
SOME_CREDIT = _("Choose the best answer. Another answer can be worth part of the points.")
CREDIT_OF_CORRECT = _("“%(value)s” is the correct choice, which is worth all points. Name another choice.")


class SingleStructure(ChoiceStructure):
    """`credit`: what choices that are not right are worth all the same, in percent of the points."""

    credit: Annotated[dict[Key, Percent], AfterValidator(lambda credit: credit or None)] | None = None
    ONE_ONLY = True

    @model_validator(mode="after")
    def _credit_for_others(self) -> Self:
        check_known(self.credit or (), self.choices, at="credit")
        for key in self.credit or ():
            if key in self.correct:
                raise refuse("credit_of_correct", template=CREDIT_OF_CORRECT, value=key, at="credit")
        return self


class Single(ChoiceKind):
    name = "single"
    label = _("one correct answer")
    help = _("Choose one answer.")
    structure = SingleStructure

    def help_for(self, structure: StructureData) -> str:
        if structure.get("credit"):
            return str(SOME_CREDIT)
        return super().help_for(structure)

    def grading_fields(self, structure: StructureData, labels: list[tuple[str, str]]) -> FormFields:
        columns = {
            "choice": Column(_("Choice"), choices=labels),
            "percent": Column(
                _("Percentage of the points"),
                check=WHOLE_PERCENT,
                right=_("Write a whole number from 1 to 99."),
                direction="ltr",
            ),
        }
        credit = OnceEachField(
            label=_("Points for other choices"),
            help_text=_(
                "Add a row for each choice that is not the best answer, but earns part of the points."
            ),
            columns=columns,
            required=False,
        )
        stored: dict[str, int] = structure.get("credit", {})
        credit.initial = [{"choice": key, "percent": str(percent)} for key, percent in stored.items()]
        return {"credit": credit}

    def grading_from(self, cleaned: Cleaned, choices: list[str], correct: list[str]) -> StructureData:
        rows = {row["choice"]: int(row["percent"]) for row in cleaned.get("credit") or []}
        credit = {key: rows[key] for key in choices if key in rows}
        return {"credit": credit} if credit else {}

    def grade(
        self, structure: StructureData, points: int, response: list[str] | None, texts: AllTexts
    ) -> int:
        """All for the right choice, its part for one that has a part, rounded down; else nothing."""
        score = super().grade(structure, points, response, texts)
        credit: dict[str, int] = structure.get("credit", {})
        percents = (credit.get(key, 0) for key in response or ())
        return score or max(percents, default=0) * points * POINT // 100

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> list[str]:
        credit: dict[str, int] = structure.get("credit", {})
        others = [key for key in self.choice_keys(structure) if key not in structure["correct"]]
        worst = min(others, key=lambda key: credit.get(key, 0))
        return super().sample(structure, texts, right=True) if right else [worst]

    def guessed(self, structure: StructureData, texts: TextsData) -> Guessed | None:
        choice_texts = self.choice_texts(texts)
        return (choice_texts, structure["correct"][0]) if choice_texts else None
