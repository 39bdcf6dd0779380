"""The columns of the spreadsheet, and the words in its cells. Written in the reader's language, read in every one."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from string import ascii_uppercase
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from maarifa.quizzes.enums import Level
from maarifa.quizzes.kinds import KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LETTERS = ascii_uppercase
_COLON = re.compile("[:：]")

COLUMNS: "dict[str, StrPromise]" = {
    "name": pgettext_lazy("column of questions", "Name"),
    "kind": pgettext_lazy("column of questions", "Kind"),
    "question": pgettext_lazy("column of questions", "Question"),
    "choices": pgettext_lazy("column of questions", "Choices"),
    "correct": pgettext_lazy("column of questions", "Correct answer"),
    "tolerance": pgettext_lazy("column of questions", "Tolerance"),
    "unit": pgettext_lazy("column of questions", "Unit"),
    "feedback": pgettext_lazy("column of questions", "Feedback"),
    "explanation": pgettext_lazy("column of questions", "Explanation"),
    "points": pgettext_lazy("column of questions", "Points"),
    "lesson": pgettext_lazy("column of questions", "Lesson to read again"),
    "outcome": pgettext_lazy("column of questions", "Outcome"),
    "level": pgettext_lazy("column of questions", "Level"),
}
_KINDS = ("single", "multiple", "truefalse", "numeric", "shorttext", "matching", "ordering")
REQUIRED = ("kind", "question")

TRUTHS: "dict[str, StrPromise]" = {
    "true": pgettext_lazy("answer to a true or false question", "True"),
    "false": pgettext_lazy("answer to a true or false question", "False"),
}
VERDICTS: "dict[str, StrPromise]" = {
    "correct": pgettext_lazy("label of feedback", "correct"),
    "wrong": pgettext_lazy("label of feedback", "incorrect"),
}
EXAMPLE_NAME = _("example")
EXAMPLE_QUESTION = _("Which city is the capital of Kenya?")


def kinds() -> "dict[str, StrPromise | str]":
    """Those that fit into the columns."""
    return {name: kind.label for name, kind in KINDS.items() if name in _KINDS}


def levels() -> "dict[str, StrPromise | str]":
    return dict(zip(Level.values, Level.labels, strict=True))


def in_all_languages(word: "StrPromise | str") -> set[str]:
    """How a word is said in each language of the interface. One that is not translated is itself."""
    if isinstance(word, str):
        return {word}
    said = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(str(word))
    return said


@cache
def vocabulary() -> dict[str, list[str]]:
    """The headings of each column, in every language of the interface."""
    return {name: sorted(in_all_languages(heading)) for name, heading in COLUMNS.items()}


def spoken(words: "Mapping[str, StrPromise | str]") -> dict[str, str]:
    """The name of each word by what a cell may say for it, without case: the word in any language, or the name."""
    said: dict[str, str] = {}
    for name, word in words.items():
        for one in (name, *in_all_languages(word)):
            said.setdefault(one.casefold(), name)
    return said


@cache
def spoken_kinds() -> dict[str, str]:
    return spoken(kinds())


@cache
def spoken_levels() -> dict[str, str]:
    return spoken(levels())


@cache
def spoken_truths() -> dict[str, str]:
    return spoken(TRUTHS)


@cache
def spoken_verdicts() -> dict[str, str]:
    return spoken(VERDICTS)


def meant(text: str, said: Mapping[str, str]) -> str | None:
    """The name of the word that a cell says. `said` is of `spoken`."""
    return said.get(text.strip().casefold())


def label_of(line: str) -> tuple[str, str]:
    """What stands before the first colon of a line of feedback, and behind it. Without a colon there is no label."""
    label, *rest = _COLON.split(line, maxsplit=1)
    return (label, rest[0]) if rest else ("", line)


def listed(words: "Iterable[StrPromise | str]") -> str:
    return ", ".join(map(str, words))
