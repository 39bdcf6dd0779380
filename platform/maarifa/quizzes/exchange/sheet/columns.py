"""The columns of the spreadsheet, and the words in its cells. Written in the reader's language, read in every one."""

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
    return {name: kind.label for name, kind in KINDS.items()}


def levels() -> "dict[str, StrPromise | str]":
    return dict(zip(Level.values, Level.labels, strict=True))


def in_all_languages(word: "StrPromise | str") -> set[str]:
    said = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(str(word))
    return said


@cache
def vocabulary() -> dict[str, list[str]]:
    """The headings of each column, in every language of the interface."""
    return {name: sorted(in_all_languages(heading)) for name, heading in COLUMNS.items()}


def meant(text: str, words: "Mapping[str, StrPromise | str]") -> str | None:
    """The name of the word that a cell says, in whichever language; or the name itself."""
    wanted = text.strip().casefold()
    for name, word in words.items():
        if wanted == name or wanted in {one.casefold() for one in in_all_languages(word)}:
            return name
    return None


def listed(words: "Iterable[StrPromise | str]") -> str:
    return ", ".join(map(str, words))
