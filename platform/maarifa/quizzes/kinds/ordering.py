"""Items to be put in order.

Each item that is directly followed by the item that comes after it in the right order earns an equal share:

    score = number of items directly followed by their right successor ÷ (number of items − 1) × points

rounded down to a hundred-thousandth of a point; the right order, and no other, earns all points, and a reversed one
nothing. Of an incomplete answer what is there counts. Nothing is taken away for what is wrong.

It is what Moodle's ordering questions call "Relative to the next item (excluding last)". A share for each item at its
right position ("Absolute position" there) would give nothing to somebody who has only the first item at the end, who
knows everything else about the order; and all or nothing would not tell them from one who knows nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from maarifa.lib.problems import Problem
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
from maarifa.quizzes.kinds.feedback import (
    Feedback,
    feedback_fields,
    feedback_from,
    feedback_place,
    feedback_problems,
)
from maarifa.quizzes.kinds.itempractice import OrderPractice
from maarifa.quizzes.kinds.items import MOST, ItemFields, ItemsKind, ItemTexts, ShownItems, keys_of, text_of

LEAST = 3
"""Of two items the order shown is never right, so that the other one would be known to be."""


class OrderStructure(Structure):
    """`items` in the right order."""

    items: Annotated[list[Key], Field(min_length=LEAST, max_length=MOST), AfterValidator(once_each)]


class OrderTexts(ItemTexts):
    feedback: Feedback | None = None


@dataclass(frozen=True)
class ReviewedItem:
    """An item at the position that it was given. `followed` says whether its right successor is directly behind it;
    None where no item is.
    """

    position: int
    text: str
    followed: bool | None


@dataclass(frozen=True)
class ReviewedOrder(Reviewed):
    items: tuple[ReviewedItem, ...] = ()
    answer: tuple[str, ...] = ()
    feedback: str = ""


class OrderFields(ItemFields[ShownItems]):
    template = "quizzes/kinds/order.html"

    def offered(self) -> list[tuple[str, str]]:
        return [(position, position) for position in _positions(len(self.shown.items))]


class Ordering(ItemsKind[ShownItems]):
    """A response is a map from an item to its position, "1" for the first. No two items have the same."""

    name = "ordering"
    label = _("put in order")
    help = _(
        "Give each item its position, 1 for the first. You earn an equal share of the points for each item that is "
        "directly followed by the correct next item."
    )
    structure = OrderStructure
    texts = OrderTexts
    form = OrderFields
    practice = OrderPractice
    review_template = "quizzes/kinds/order_review.html"
    script = "quizzes/ordering.js"
    shuffles = True
    text_fields: ClassVar[Mapping[str, tuple[str, ...]]] = {"items": ("text",)}
    empty: Mapping[str, object] = {"items": []}

    # What an author writes

    def blank(self) -> StructureData:
        return {"items": ["a", "b", "c", "d"]}

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        items = keys_of(structure, "items")
        fields: FormFields = {
            f"place_{item}": forms.IntegerField(
                label=_("Position of “%(item)s”") % {"item": self.label_of("items", item, texts)},
                min_value=1,
                max_value=len(items),
                initial=position,
                required=False,
            )
            for position, item in enumerate(items, start=1)
        }
        return fields | self.growing_fields(structure, texts)

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        """Who moves one item moves the items between by one."""
        positions = {item: place for place, item in enumerate(keys_of(structure, "items"), start=1)}

        def rank(item: str) -> tuple[int, int]:
            former = positions.get(item, MOST + len(positions))
            place = cleaned.get(f"place_{item}") or former
            # An item that moves down comes behind the one at its new position, one that moves up before it.
            return place, (place > former) - (place < former)

        return {"items": sorted(self.grown(cleaned, structure, "items"), key=rank)}

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return super().texts_fields(structure, texts) | feedback_fields(texts)

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        return super().texts_from(cleaned, structure) | feedback_from(cleaned)

    def place_of(self, where: str) -> str:
        return feedback_place(where) or super().place_of(where)

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        return keys_of(structure, "items")

    def order(self, structure: StructureData, shuffled: list[str]) -> list[str]:
        """Never the right one."""
        right = shuffled == self.choice_keys(structure)
        return [*shuffled[1:], *shuffled[:1]] if right else shuffled

    def items_on_page(self, structure: StructureData, order: Sequence[str]) -> Sequence[str]:
        return order

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownItems:
        return ShownItems(stem=texts["stem"], items=self.shown_items(structure, texts, order))

    def check_given(self, structure: StructureData, given: dict[str, str]) -> None:
        possible = _positions(len(keys_of(structure, "items")))
        seen: set[str] = set()
        for position in given.values():
            if position not in possible:
                raise AnswerError("UNKNOWN_CHOICE", value=position)
            if position in seen:
                raise AnswerError("SAME_POSITION", value=position)
            seen.add(position)

    def said(self, shown: ShownItems, response: dict[str, str]) -> list[str]:
        texts = dict(shown.items)
        return [f"{position}. {texts[item]}" for item, position in _in_order(response)]

    # What it is worth, and what is said about it

    def grade(
        self, structure: StructureData, points: int, response: dict[str, str] | None, texts: AllTexts
    ) -> int:
        items = structure["items"]
        followed = sum(_is_followed(items, response or {}, item) is True for item in items)
        return followed * points * POINT // (len(items) - 1)

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: dict[str, str] | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedOrder:
        items, given = structure["items"], response or {}
        right = len(given) == len(items) and [item for item, _position in _in_order(given)] == items
        return ReviewedOrder(
            items=tuple(
                ReviewedItem(int(position), text_of(texts, "items", item), _is_followed(items, given, item))
                for item, position in _in_order(given)
            ),
            answer=tuple(text_of(texts, "items", item) for item in items),
            feedback=texts.get("feedback", {}).get("correct" if right else "wrong", ""),
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> dict[str, str]:
        items = structure["items"]
        positions = _positions(len(items))
        return dict(zip(items, positions if right else reversed(positions), strict=True))

    # In files

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        return feedback_problems("no_order_feedback", texts)


def _positions(count: int) -> list[str]:
    return [str(position) for position in range(1, count + 1)]


def _in_order(response: Mapping[str, str]) -> list[tuple[str, str]]:
    """Items with their positions, the first one first."""
    return sorted(response.items(), key=lambda given: int(given[1]))


def _is_followed(items: Sequence[str], response: Mapping[str, str], item: str) -> bool | None:
    """Whether the item is directly followed by its right successor; None where nothing directly follows it."""
    if item not in response:
        return None
    behind = str(int(response[item]) + 1)
    follower = next((other for other, position in response.items() if position == behind), None)
    return None if follower is None else items.index(follower) == items.index(item) + 1
