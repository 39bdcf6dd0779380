"""What the kinds have in common that ask which choice belongs to each of several items.

Each item is worth an equal share of the points. The choice that belongs to it earns the whole share, another one
nothing, or the percentage that its author states; a wrong choice costs nothing:

    score = sum of the percentages of the chosen choices ÷ (100 × number of items) × points

rounded down to a hundred-thousandth of a point. Moodle's matching questions are graded in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Self, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, model_validator

from maarifa.lib.shapes import Key, once_each
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    Cleaned,
    FormFields,
    Reviewed,
    Structure,
    StructureData,
    TextsData,
)
from maarifa.quizzes.kinds.items import (
    LETTERS,
    MOST,
    ItemFields,
    ItemsKind,
    ItemTexts,
    ShownItems,
    TextGroup,
    keys_of,
    text_of,
)
from maarifa.quizzes.kinds.problems import check_known, refuse

PAIR = _("Correct choice for “%(item)s”")
WHOLE = 100
"""Percent of the share of an item."""

Keys = Annotated[list[Key], Field(min_length=2, max_length=MOST), AfterValidator(once_each)]


class PairsStructure(Structure):
    """`pairs` has the choice that belongs to each item. Choices may belong to several items, or to none."""

    items: Keys
    choices: Keys
    pairs: dict[str, str]

    @model_validator(mode="after")
    def _pair_of_each(self) -> Self:
        for item, choice in self.pairs.items():
            check_item(item, self.items, at="pairs")
            check_known([choice], self.choices, at="pairs")
        without = [item for item in self.items if item not in self.pairs]
        if without:
            raise refuse("no_pair", items=", ".join(without), at="pairs")
        return self


class PairsTexts(ItemTexts):
    choices: TextGroup | None = None


@dataclass(frozen=True)
class ShownPairs(ShownItems):
    choices: tuple[tuple[str, str], ...] = ()


ShownT = TypeVar("ShownT", bound=ShownPairs)


@dataclass(frozen=True)
class ReviewedPair:
    """`chosen` is empty where nothing was; `percent` is what it earns of the share of its item."""

    text: str
    chosen: str
    percent: int
    answer: str
    feedback: str

    @property
    def right(self) -> bool:
        return self.percent == WHOLE


@dataclass(frozen=True)
class ReviewedPairs(Reviewed):
    items: tuple[ReviewedPair, ...] = ()


class PairFields(ItemFields[ShownT], Generic[ShownT]):
    template = "quizzes/kinds/pairs.html"

    def offered(self) -> list[tuple[str, str]]:
        return [(letter, text) for letter, (_key, text) in zip(LETTERS, self.shown.choices, strict=False)]


class PairsKind(ItemsKind[ShownT], Generic[ShownT]):
    structure: type[PairsStructure] = PairsStructure
    texts: type[PairsTexts] = PairsTexts
    review_template = "quizzes/kinds/pairs_review.html"
    text_fields: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "items": ("text", "feedback"),
        "choices": ("text",),
    }
    empty: Mapping[str, object] = {"items": [], "choices": [], "pairs": {}}

    # What an author writes

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        fields: FormFields = {}
        for item in keys_of(structure, "items"):
            fields |= self.item_fields(structure, texts, item)
        return fields | self.growing_fields(structure, texts)

    def item_fields(self, structure: StructureData, texts: TextsData, item: str) -> FormFields:
        """The fields in which an author says what belongs to one item."""
        label = PAIR % {"item": self.label_of("items", item, texts)}
        pairs = structure.get("pairs") or {}
        return {f"pair_{item}": self.choice_field(label, structure, texts, pairs.get(item, ""))}

    def choice_field(
        self, label: str, structure: StructureData, texts: TextsData, chosen: str
    ) -> forms.ChoiceField:
        offered = [
            (key, text_of(texts, "choices", key) or self.label_of("choices", key, texts))
            for key in keys_of(structure, "choices")
        ]
        return forms.ChoiceField(
            label=label, choices=[("", "---------"), *offered], required=False, initial=chosen
        )

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        """A pair goes with its item, and with its choice."""
        items, choices = (self.grown(cleaned, structure, group) for group in ("items", "choices"))
        given = {item: cleaned.get(f"pair_{item}") or "" for item in items}
        pairs = {item: choice for item, choice in given.items() if choice in choices}
        return {"items": items, "choices": choices, "pairs": pairs}

    def place_of(self, where: str) -> str:
        first, _dot, item = where.partition(".")
        return str(PAIR) % {"item": item} if first == "pairs" and item else super().place_of(where)

    def choice_texts(self, texts: TextsData) -> dict[str, str]:
        return {key: text_of(texts, "choices", key) for key in texts.get("choices", {})}

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        return keys_of(structure, "choices")

    def shown_choices(self, texts: TextsData, order: Sequence[str]) -> tuple[tuple[str, str], ...]:
        return tuple((key, text_of(texts, "choices", key)) for key in order)

    def values_on_page(self, structure: StructureData, order: Sequence[str]) -> Mapping[str, str]:
        return dict(zip(LETTERS, order, strict=False))

    def check_given(self, structure: StructureData, given: dict[str, str]) -> None:
        choices = self.choice_keys(structure)
        for choice in given.values():
            if choice not in choices:
                raise AnswerError("UNKNOWN_CHOICE", value=choice)

    def said(self, shown: ShownT, response: dict[str, str]) -> list[str]:
        choices = dict(shown.choices)
        return [f"{text}: {choices[response[key]]}" for key, text in shown.items if key in response]

    # What it is worth, and what is said about it

    def percent(self, structure: StructureData, item: str, choice: str) -> int:
        """What a choice earns of the share of an item."""
        return WHOLE if structure["pairs"][item] == choice else 0

    def grade(
        self, structure: StructureData, points: int, response: dict[str, str] | None, texts: AllTexts
    ) -> int:
        earned = sum(self.percent(structure, item, choice) for item, choice in (response or {}).items())
        return earned * points * POINT // (WHOLE * len(structure["items"]))

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: dict[str, str] | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedPairs:
        given = response or {}
        return ReviewedPairs(
            items=tuple(
                ReviewedPair(
                    text=text_of(texts, "items", item),
                    chosen=text_of(texts, "choices", given[item]) if item in given else "",
                    percent=self.percent(structure, item, given[item]) if item in given else 0,
                    answer=text_of(texts, "choices", structure["pairs"][item]),
                    feedback=text_of(texts, "items", item, "feedback"),
                )
                for item in structure["items"]
            )
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> dict[str, str]:
        if right:
            return dict(structure["pairs"])
        return {
            item: choice
            for item in structure["items"]
            for choice in reversed(structure["choices"])
            if self.percent(structure, item, choice) == 0
        }

    # In files

    def to_file(self, structure: StructureData) -> StructureData:
        """Pairs in the order of the items: a database need not keep that of a map."""
        fields = super().to_file(structure)
        return {name: self.by_item(structure, value) for name, value in fields.items()}

    def by_item(self, structure: StructureData, value: object) -> object:
        if not isinstance(value, dict):
            return value
        items = [item for item in keys_of(structure, "items") if item in value]
        return {key: value[key] for key in dict.fromkeys([*items, *sorted(value)])}


def check_item(item: str, items: list[str], *, at: str) -> None:
    """It is among the items. For models' validators; `at` is the field that names it."""
    if item not in items:
        raise refuse("item_unknown", item=item, items=", ".join(items), value=item, at=at)
