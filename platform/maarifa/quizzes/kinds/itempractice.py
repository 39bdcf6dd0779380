"""Questions with items for practice. Items and choices are texts: their keys are their numbers, from 1."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from maarifa.lib.shapes import Line, Shape, Words
from maarifa.quizzes.kinds.practice import AskedPractice, Practice, PracticeFeedback
from maarifa.quizzes.kinds.problems import refuse

LEAST_ITEMS, MOST_ITEMS = 2, 20
LEAST_IN_ORDER = 3

ONE_CHOICE = _("All pairs have the same choice. Write another choice in a pair, or under “others”.")
OTHER_TWICE = _("“%(value)s” is already a choice. Remove it here.")
CHOICE_NOT_LISTED = _("“%(value)s” is not in the list of choices. Write it there, or use one of the list.")


class PracticePair(Shape):
    """An item, the choice that belongs to it, and what is read about the two."""

    item: Words
    choice: Words
    feedback: Words


Pairs = Annotated[list[PracticePair], Field(min_length=LEAST_ITEMS, max_length=MOST_ITEMS)]


class PairsPractice(Practice):
    """`pairs` with the same text as their choice share it."""

    SHUFFLES = True
    pairs: Pairs
    others: Annotated[list[Words], Field(max_length=MOST_ITEMS)] | None = None
    """Choices that belong to no item."""

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        choices = [pair.choice for pair in self.pairs]
        for other in self.others or ():
            if other in choices:
                raise refuse("other_twice", template=OTHER_TWICE, value=other, at="others")
            choices.append(other)
        if len(set(choices)) < LEAST_ITEMS:
            raise refuse("one_choice", template=ONE_CHOICE, at="pairs")
        return self

    def choices(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys([*(pair.choice for pair in self.pairs), *(self.others or ())]))

    def field_of(self, where: str) -> str:
        return "pairs"

    def asked(self) -> AskedPractice:
        return _asked_pairs("matching", self.stem, self.pairs, self.choices())


class SituationsPractice(Practice):
    """Extended matching: `choices` in the order in which they are listed, and the situations with their choice."""

    theme: Line | None = None
    choices: Annotated[list[Words], Field(min_length=LEAST_ITEMS, max_length=MOST_ITEMS)]
    pairs: Pairs

    @model_validator(mode="after")
    def _choices_are_listed(self) -> Self:
        for pair in self.pairs:
            if pair.choice not in self.choices:
                raise refuse("choice_not_listed", template=CHOICE_NOT_LISTED, value=pair.choice, at="pairs")
        return self

    def field_of(self, where: str) -> str:
        return "choices" if where.startswith("choices") else "pairs"

    def asked(self) -> AskedPractice:
        asked = _asked_pairs("extended", self.stem, self.pairs, self.choices)
        return asked._replace(texts={**asked.texts, "theme": self.theme}) if self.theme else asked


class OrderPractice(Practice):
    """`items` in the right order."""

    HELP = _("Give each item its position, 1 for the first.")
    SHUFFLES = True
    items: Annotated[list[Words], Field(min_length=LEAST_IN_ORDER, max_length=MOST_ITEMS)]
    feedback: PracticeFeedback

    def asked(self) -> AskedPractice:
        items = _numbered(self.items)
        texts = {
            "stem": self.stem,
            "items": {key: {"text": text} for key, text in items.items()},
            "feedback": self.feedback.stored(),
        }
        return AskedPractice("ordering", {"items": list(items)}, texts)


def _asked_pairs(kind: str, stem: str, pairs: list[PracticePair], choices: list[str]) -> AskedPractice:
    items, by_key = _numbered(pair.item for pair in pairs), _numbered(choices)
    keys = {text: key for key, text in by_key.items()}
    structure = {
        "items": list(items),
        "choices": list(by_key),
        "pairs": {item: keys[pair.choice] for item, pair in zip(items, pairs, strict=True)},
    }
    texts: dict[str, Any] = {
        "stem": stem,
        "items": {
            key: {"text": pair.item, "feedback": pair.feedback}
            for key, pair in zip(items, pairs, strict=True)
        },
        "choices": {key: {"text": text} for key, text in by_key.items()},
    }
    return AskedPractice(kind, structure, texts)


def _numbered(texts: Iterable[str]) -> dict[str, str]:
    return {str(number): text for number, text in enumerate(texts, 1)}
