"""Extended matching, as examiners in medicine use it: a theme, a lead-in (the stem), one list of choices and several
situations, for each of which one choice is best.

Each situation is worth an equal share of the points, and a wrong choice costs nothing: see `pairs`. A situation may
have a second choice that can be defended, and that earns the percentage of the share which its author states.

The choices have letters, and stand in the order of their author, usually that of the alphabet, unless the structure
says `shuffle`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import PlainValidator, model_validator

from maarifa.lib.customs import customs_of
from maarifa.lib.shapes import Line
from maarifa.quizzes.kinds.base import Cleaned, FormFields, StructureData, TextsData
from maarifa.quizzes.kinds.itempractice import SituationsPractice
from maarifa.quizzes.kinds.items import LETTERS
from maarifa.quizzes.kinds.pairs import (
    WHOLE,
    PairFields,
    PairsKind,
    PairsStructure,
    PairsTexts,
    ShownPairs,
    check_item,
)
from maarifa.quizzes.kinds.problems import check_known, refuse

HALF = 50
SITUATION, SITUATION_FEEDBACK = _("Situation %(key)s"), _("Feedback on situation %(key)s")
SECOND = _("Second acceptable choice for “%(item)s”")
SECONDS = _("Second choices that can be defended")
SHUFFLE = _("Show the choices in another order in every attempt")
THEME = _("Theme")
PERCENT = _("“%(value)s” is not a percentage from 1 to 99. Write a whole number without quotes, such as 50.")
ONE_SECOND = _("The situation “%(item)s” has %(count)s further choices. Write at most one.")
BEST_TWICE = _(
    "The choice “%(choice)s” is already the best one for “%(item)s”. Name another, or remove it here."
)


def _percent(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < WHOLE:
        raise refuse("percent", template=PERCENT)
    return value


SharePercent = Annotated[int, PlainValidator(_percent)]
"""As `Percent`, of the share of an item; refused in a sentence of its own."""


class ExtendedStructure(PairsStructure):
    """`also` has the second choice of some items, with its percentage of the share."""

    also: dict[str, dict[str, SharePercent]] | None = None
    shuffle: bool | None = None

    @model_validator(mode="after")
    def _one_second_choice(self) -> Self:
        for item, seconds in (self.also or {}).items():
            check_item(item, self.items, at="also")
            check_known(seconds, self.choices, at="also")
            for choice in seconds:
                if self.pairs[item] == choice:
                    raise refuse("best_twice", template=BEST_TWICE, item=item, choice=choice, at="also")
            if len(seconds) > 1:
                raise refuse("one_second", template=ONE_SECOND, item=item, count=len(seconds), at="also")
        return self


class ExtendedTexts(PairsTexts):
    theme: Line | None = None


@dataclass(frozen=True)
class ShownExtended(ShownPairs):
    """`letters` are those of the choices, in the language of the question."""

    theme: str = ""
    letters: Sequence[str] = LETTERS

    @property
    def listed(self) -> list[str]:
        """The choices, each behind its letter."""
        return [f"{letter}. {text}" for letter, (_key, text) in zip(self.letters, self.choices, strict=False)]


class ExtendedFields(PairFields[ShownExtended]):
    def offered(self) -> list[tuple[str, str]]:
        return list(zip(LETTERS, self.shown.listed, strict=False))


class Extended(PairsKind[ShownExtended]):
    asking_fields = ("shuffle", *PairsKind.asking_fields)
    name = "extended"
    label = _("extended matching: one list of choices, several situations")
    help = _(
        "Choose the best answer for each situation. Each situation is worth an equal share of the points. "
        "A second-best answer may earn a part of the share. An incorrect answer costs nothing."
    )
    structure = ExtendedStructure
    texts = ExtendedTexts
    form = ExtendedFields
    practice = SituationsPractice
    item_label, item_feedback_label, more_label = SITUATION, SITUATION_FEEDBACK, _("Add situations")

    # What an author writes

    def blank(self) -> StructureData:
        return {"items": ["a", "b"], "choices": ["a", "b", "c", "d", "e", "f"], "pairs": {}}

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        shuffle = forms.BooleanField(
            label=SHUFFLE,
            required=False,
            initial=bool(structure.get("shuffle")),
        )
        return {"shuffle": shuffle, **super().structure_fields(structure, texts)}

    def item_fields(self, structure: StructureData, texts: TextsData, item: str) -> FormFields:
        name = {"item": self.label_of("items", item, texts)}
        second, percent = next(self._seconds(structure, item), ("", HALF))
        return {
            **super().item_fields(structure, texts, item),
            f"also_{item}": self.choice_field(SECOND % name, structure, texts, second),
            f"percent_{item}": forms.IntegerField(
                label=_("What the second choice earns, in percent"),
                min_value=1,
                max_value=WHOLE - 1,
                initial=percent,
                required=False,
            ),
        }

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        changed = super().structure_from(cleaned, structure)
        also = {
            item: {second: cleaned.get(f"percent_{item}") or HALF}
            for item in changed["items"]
            if (second := cleaned.get(f"also_{item}")) in changed["choices"]
        }
        if also:
            changed["also"] = also
        if cleaned.get("shuffle"):
            changed["shuffle"] = True
        return changed

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        theme = forms.CharField(
            label=THEME,
            help_text=_("What all situations are about, in a few words."),
            initial=texts.get("theme", ""),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"dir": "auto"}),
        )
        fields = super().texts_fields(structure, texts)
        return {"stem": fields.pop("stem"), "theme": theme, **fields}

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        texts = super().texts_from(cleaned, structure)
        return {**texts, "theme": cleaned["theme"]} if cleaned.get("theme") else texts

    def place_of(self, where: str) -> str:
        first, *rest = where.split(".")
        if first in ("shuffle", "theme"):
            return str(SHUFFLE if first == "shuffle" else THEME)
        if first == "also":
            item, choice = [*rest, "", ""][:2]
            label = str(SECOND) % {"item": item} if item else str(SECONDS)
            return f"{label}: {choice}" if choice else label
        return super().place_of(where)

    # What a learner sees and answers

    def order(self, structure: StructureData, shuffled: list[str]) -> list[str]:
        return shuffled if structure.get("shuffle") else self.choice_keys(structure)

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownExtended:
        return ShownExtended(
            stem=texts["stem"],
            items=self.shown_items(structure, texts, order),
            choices=self.shown_choices(texts, order),
            theme=texts.get("theme", ""),
            letters=_letters(language),
        )

    # What it is worth

    def percent(self, structure: StructureData, item: str, choice: str) -> int:
        return dict(self._seconds(structure, item)).get(choice, super().percent(structure, item, choice))

    def _seconds(self, structure: StructureData, item: str) -> Iterator[tuple[str, int]]:
        also: Mapping[str, Mapping[str, int]] = structure.get("also") or {}
        yield from also.get(item, {}).items()


def _letters(language: str) -> Sequence[str]:
    """The letters of a list, as examinations in this language have them."""
    own = customs_of(language.partition("-")[0])
    return own.letters.split() if own and own.letters else LETTERS
