"""What the kinds with items have in common: an answer is a map from the key of an item to what it was given.

Authors name the keys of items and choices, and may do so by what is right: the steps of an order a, b and c, a country
and its capital alike. So no key is on a page before submission. There an item, and a choice, has the letter of its
place on this page: A, B and so on.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import ClassVar, Generic, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from maarifa.lib.problems import Problem, shown
from maarifa.lib.shapes import Key
from maarifa.lib.text import same_texts
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    Cleaned,
    FormFields,
    Kind,
    Misfit,
    PartFields,
    Response,
    Shown,
    StructureData,
    Texts,
    TextsData,
)
from maarifa.quizzes.kinds.choices import CHOICE, unused_key
from maarifa.quizzes.kinds.choicetexts import ChoiceText, text_misfits
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.problems import problem

MOST = 20
LETTERS = ascii_uppercase
"""A page's names of its items, and of its choices, by place. No key has a capital letter."""

ITEM, ITEM_FEEDBACK, MORE_ITEMS = _("Item %(key)s"), _("Feedback on item %(key)s"), _("Add items")
NO_FEEDBACK = _("The item “%(item)s” has no feedback. Explain its correct answer.")

TextGroup = dict[Key, ChoiceText]


class ItemTexts(Texts):
    items: TextGroup | None = None


@dataclass(frozen=True)
class ShownItems(Shown):
    """Items and choices: keys, which no page shows, and texts."""

    items: tuple[tuple[str, str], ...] = ()


ShownT = TypeVar("ShownT", bound=ShownItems)


@dataclass(frozen=True)
class Offered:
    """One line of a select."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True)
class Select:
    """The field of one item."""

    name: str
    text: str
    offered: tuple[Offered, ...]

    @property
    def id(self) -> str:
        return f"id_{self.name}"


class ItemFields(PartFields[ShownT], Generic[ShownT]):
    """A select for each item."""

    @property
    def id(self) -> str:
        return f"id_{self.name}_{LETTERS[0]}"

    @property
    def selects(self) -> list[Select]:
        given = self.held or {} if self.sent is None else self.answer(self.sent)
        offered = self.offered()
        return [
            Select(
                f"{self.name}_{letter}",
                text,
                tuple(Offered(value, label, given.get(letter) == value) for value, label in offered),
            )
            for letter, (_key, text) in zip(LETTERS, self.shown.items, strict=False)
        ]

    @abstractmethod
    def offered(self) -> list[tuple[str, str]]:
        """What each select offers: values and texts."""


class ItemsKind(Kind[ShownT, dict[str, str]], Generic[ShownT]):
    """A response is a map from the key of an item to what it was given, in the order of the structure; items that
    were given nothing are left out.
    """

    response = TypeAdapter(dict[str, str])
    # What authors read: of an item, of its feedback, and where they add some.
    item_label, item_feedback_label, more_label = ITEM, ITEM_FEEDBACK, MORE_ITEMS
    asking_fields: tuple[str, ...] = ("remove", "more")
    text_fields: ClassVar[Mapping[str, tuple[str, ...]]] = {"items": ("text", "feedback")}
    """The texts of each key, by the field of the texts that goes by keys."""

    # What an author writes

    def keyed_texts(self, structure: StructureData) -> dict[str, list[str]]:
        return {group: keys_of(structure, group) for group in self.text_fields}

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        yield from text_misfits(
            texts, self.keyed_texts(structure), self.text_fields, missing="no_text", unknown="extra_text"
        )

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        where, last = ".".join(misfit.path), misfit.path[-1]
        if misfit.code == "extra_text":
            return problem("UNKNOWN_FIELD", where, last, allowed=", ".join(self.text_fields[misfit.path[0]]))
        if misfit.code == "key_unknown" and misfit.path[0] == "items":
            return problem("UNKNOWN_ITEM", where, last, allowed=", ".join(keys_of(structure, "items")))
        return super().misfit_problem(structure, misfit)

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """Two items, or two choices, that say the same: a learner could not tell them apart."""
        found = []
        for group, known in self.keyed_texts(structure).items():
            said = {key: text_of(texts, group, key) for key in known}
            code = "SAME_ITEMS" if group == "items" else "SAME_CHOICES"
            found += [
                problem(code, f"{group}.{second}.text", said[second], first=first, second=second)
                for first, second in same_texts(said)
            ]
        return found

    def label_of(self, group: str, key: str, texts: TextsData) -> str:
        """What authors read for a key: what it is called, and the beginning of its text."""
        text = text_of(texts, group, key)
        name = str(self.name_label(group) % {"key": key})
        return f"{name}: {shown(text)}" if text else name

    def name_label(self, group: str) -> str:
        return str(self.item_label if group == "items" else CHOICE)

    def growing_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        """Fields with which an author removes and adds items, and choices where there are any."""
        labels = [
            (f"{group}.{key}", self.label_of(group, key, texts))
            for group, known in self.keyed_texts(structure).items()
            for key in known
        ]
        fields: FormFields = {
            "remove": forms.MultipleChoiceField(
                label=_("Remove"), choices=labels, required=False, widget=forms.CheckboxSelectMultiple
            )
        }
        names = {"items": self.more_label, "choices": _("Add choices")}
        for group, known in self.keyed_texts(structure).items():
            fields[f"more_{group}"] = forms.IntegerField(
                label=names[group],
                help_text=_("Number to add. You can write the texts after you save."),
                min_value=0,
                max_value=max(0, MOST - len(known)),
                initial=0,
                required=False,
            )
        return fields

    def grown(self, cleaned: Cleaned, structure: StructureData, group: str) -> list[str]:
        """The keys that the author's form leaves and adds."""
        removed = {
            where.partition(".")[2]
            for where in cleaned.get("remove") or []
            if where.partition(".")[0] == group
        }
        known = keys_of(structure, group)
        left = [key for key in known if key not in removed]
        for _number in range(cleaned.get(f"more_{group}") or 0):
            left.append(unused_key({*left, *known}))
        return left

    def has_texts_for(self, structure: StructureData, texts: TextsData, key: str) -> bool:
        """`key` as the author's form has it: the field of the texts, a point, and the key there."""
        group, _dot, its = key.partition(".")
        return any(texts.get(group, {}).get(its, {}).values())

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        fields: FormFields = {"stem": author_text(_("Question"), texts.get("stem", ""), required=True)}
        for group, known in self.keyed_texts(structure).items():
            for key in known:
                for name in self.text_fields[group]:
                    label = self.place_of(f"{group}.{key}.{name}")
                    fields[f"{group}_{name}_{key}"] = author_text(
                        label, text_of(texts, group, key, name), required=False
                    )
        return fields

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        """What nobody wrote is left out, as it is in files."""
        texts: TextsData = {"stem": cleaned["stem"]}
        for group, known in self.keyed_texts(structure).items():
            written = {
                key: {
                    name: text
                    for name in self.text_fields[group]
                    if (text := cleaned.get(f"{group}_{name}_{key}", "")) or name == "text"
                }
                for key in known
            }
            texts[group] = written
        return texts

    def field_of(self, where: str) -> str:
        group, _dot, rest = where.partition(".")
        key, _dot, name = rest.partition(".")
        return f"{group}_{name}_{key}" if name else super().field_of(where)

    def place_of(self, where: str) -> str:
        group, _dot, rest = where.partition(".")
        key, _dot, name = rest.partition(".")
        if group not in self.text_fields or not key:
            return super().place_of(where)
        if name == "feedback":
            return str(self.item_feedback_label) % {"key": key}
        return self.name_label(group) % {"key": key}

    # What a learner sees and answers

    def shown_items(
        self, structure: StructureData, texts: TextsData, order: Sequence[str]
    ) -> tuple[tuple[str, str], ...]:
        return tuple((key, text_of(texts, "items", key)) for key in self.items_on_page(structure, order))

    def items_on_page(self, structure: StructureData, order: Sequence[str]) -> Sequence[str]:
        """The keys of the items in the order in which a page shows them."""
        return keys_of(structure, "items")

    def values_on_page(self, structure: StructureData, order: Sequence[str]) -> Mapping[str, str]:
        """What an item can be given, by what the page has in its place; nothing, where that is no key."""
        return {}

    def masked(
        self, structure: StructureData, order: Sequence[str], response: dict[str, str] | None
    ) -> Response | None:
        if response is None:
            return None
        letters = {
            key: letter for letter, key in zip(LETTERS, self.items_on_page(structure, order), strict=False)
        }
        values = {key: value for value, key in self.values_on_page(structure, order).items()}
        return {letters[item]: values.get(given, given) for item, given in response.items()}

    def unmasked(self, structure: StructureData, order: Sequence[str], raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        items = dict(zip(LETTERS, self.items_on_page(structure, order), strict=False))
        values = self.values_on_page(structure, order)
        return {
            items.get(part, part): values.get(given, given) if isinstance(given, str) else given
            for part, given in raw.items()
        }

    def settled(self, structure: StructureData, answer: dict[str, str]) -> dict[str, str] | None:
        items = keys_of(structure, "items")
        for item in answer:
            if item not in items:
                raise AnswerError("NOT_AN_ANSWER", value=item)
        given = {item: answer[item] for item in items if answer.get(item)}
        self.check_given(structure, given)
        return given or None

    @abstractmethod
    def check_given(self, structure: StructureData, given: dict[str, str]) -> None:
        """Raises `AnswerError` where an item was given what it cannot be given."""

    # In files

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        return [
            Problem(code="no_item_feedback", template=NO_FEEDBACK, params={"item": key})
            for key in keys_of(structure, "items")
            if not text_of(texts, "items", key, "feedback")
        ]


def keys_of(structure: StructureData, group: str) -> list[str]:
    return list(structure.get(group) or [])


def text_of(texts: TextsData, group: str, key: str, name: str = "text") -> str:
    """Of an item or a choice; empty where nobody wrote it."""
    text: str = texts.get(group, {}).get(key, {}).get(name, "")
    return text
