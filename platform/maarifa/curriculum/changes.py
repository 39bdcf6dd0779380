"""What differs between two compiled courses, as sentences: what learners read now, and what they would read next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from maarifa.lib.digests import digest_of
from maarifa.quizzes.compiling import RULES, CompiledQuiz
from maarifa.quizzes.differences import (
    Difference,
    cells_of_rules,
    question_differences,
    rule_differences,
)

TEMPLATES = {
    "licence": _("The licence of the course has changed."),
    "authors": _("The authors of the course have changed."),
    "outcomes": _("The outcomes of the course have changed."),
    "requirements": _("What completion requires has changed."),
    "words": _("The words of the course in “%(language)s” have changed."),
    "words_state": _("The translation of the words of the course into “%(language)s” has another state."),
    "words_added": _("The words of the course in “%(language)s” are new."),
    "words_removed": _("The words of the course in “%(language)s” are gone."),
    "module_added": _("The module “%(key)s” is new."),
    "module_removed": _("The module “%(key)s” is gone."),
    "lesson_added": _("The lesson “%(key)s” is new."),
    "lesson_removed": _("The lesson “%(key)s” is gone."),
    "languages": _("The languages of the course have changed."),
    "order": _("Lessons or modules stand in another order."),
    "minutes": _("The minutes of practice in the lesson “%(key)s” have changed."),
    "text": _("The lesson “%(key)s” has changed in “%(language)s”."),
    "text_added": _("The lesson “%(key)s” is new in “%(language)s”."),
    "text_removed": _("The lesson “%(key)s” is gone in “%(language)s”."),
    "state": _("The translation of the lesson “%(key)s” in “%(language)s” has another state."),
    "behind": _("The translation of the lesson “%(key)s” in “%(language)s” is behind the original."),
    "glossary": _("The glossary in “%(language)s” has changed."),
    "glossary_added": _("The glossary is new in “%(language)s”."),
    "glossary_removed": _("The glossary is gone in “%(language)s”."),
    "glossary_state": _("The translation of the glossary into “%(language)s” has another state."),
    "worksheet": _("The worksheet “%(key)s” has changed in “%(language)s”."),
    "worksheet_added": _("The worksheet “%(key)s” is new in “%(language)s”."),
    "worksheet_removed": _("The worksheet “%(key)s” is gone in “%(language)s”."),
    "worksheet_state": _("The translation of the worksheet “%(key)s” into “%(language)s” has another state."),
    "quiz_added": _("The quiz “%(key)s” is new."),
    "quiz_removed": _("The quiz “%(key)s” is gone."),
    "rules": _("The rules of the quiz “%(key)s” have changed."),
    "question": _("The question “%(question)s” of the quiz “%(key)s” has changed."),
    "question_added": _("The question “%(question)s” of the quiz “%(key)s” is new."),
    "question_removed": _("The question “%(question)s” of the quiz “%(key)s” is gone."),
    "cells": _("Questions of the quiz “%(key)s” serve another outcome or level."),
    "question_order": _("The questions of the quiz “%(key)s” stand in another order."),
    "quiz_moved": _("The quiz “%(key)s” ends another module."),
    "other": _("Something else has changed that is not listed here."),
}
TEXT_CODES = ("text", "text_added", "text_removed", "state")
"""Changes of a lesson in one language: what may be left out of an edition."""


@dataclass(frozen=True)
class Change:
    """`compared`: what the quiz or the question in `params` was and is, where there is more to say than the message."""

    code: str
    params: dict
    compared: tuple = ()

    @property
    def message(self) -> str:
        return str(TEMPLATES[self.code]) % self.params

    @property
    def differences(self) -> list[Difference]:
        """From what to what, in the language active now."""
        if self.code == "rules":
            return rule_differences(*self.compared)
        return question_differences(*self.compared) if self.compared else []


@dataclass(frozen=True)
class Snapshot:
    """A compiled course: the structure of an edition, and what its quizzes hold by their own keys."""

    structure: dict
    quizzes: Mapping[str, CompiledQuiz] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return digest_of(self.structure)


def changes_between(before: Snapshot, after: Snapshot) -> list[Change]:
    """Everything that differs; empty where, and only where, the two have the same digest."""
    found = [
        *_of_course(before.structure, after.structure),
        *_of_modules(before.structure, after.structure),
        *_of_materials(before.structure, after.structure),
        *_of_quizzes(before, after),
    ]
    if not found and before.digest != after.digest:
        found.append(_change("other"))
    return found


def _change(code: str, *, compared: tuple = (), **params) -> Change:
    return Change(code, params, compared)


def _added_and_removed(name: str, before, after, **more):
    for key in after:
        if key not in before:
            yield _change(f"{name}_added", key=key, **more)
    for key in before:
        if key not in after:
            yield _change(f"{name}_removed", key=key, **more)


def _of_course(before: dict, after: dict):
    for name in ("licence", "authors", "outcomes"):
        if after[name] != before[name]:
            yield _change(name)
    if set(after["languages"]) == set(before["languages"]) and after["languages"] != before["languages"]:
        yield _change("languages")
    # In which order they are listed follows the lessons' own.
    required = [{name: set(keys) for name, keys in one["requirements"].items()} for one in (before, after)]
    if required[0] != required[1]:
        yield _change("requirements")
    yield from _in_languages("words", before["words"], after["words"])


def _in_languages(name: str, before: dict, after: dict, **params):
    """Of texts by language: what they say, then what state they are in."""
    for language, words in after.items():
        if language not in before:
            yield _change(f"{name}_added", language=language, **params)
        elif _said(words) != _said(before[language]):
            yield _change(name, language=language, **params)
        elif words != before[language]:
            behind = words["stale"] and not before[language]["stale"]
            lesson = "behind" if behind else "state"
            yield _change(lesson if name == "text" else f"{name}_state", language=language, **params)
    for language in before:
        if language not in after:
            yield _change(f"{name}_removed", language=language, **params)


def _said(words: dict) -> dict:
    return {name: value for name, value in words.items() if name not in ("state", "stale")}


def _of_modules(before: dict, after: dict):
    yield from _added_and_removed("module", _keys(before), _keys(after))
    former, now = _lessons(before), _lessons(after)
    yield from _added_and_removed("lesson", former, now)
    if _order(before, now, _keys(after)) != _order(after, former, _keys(before)):
        yield _change("order")
    for key, lesson in now.items():
        if key in former:
            yield from _of_lesson(key, former[key], lesson)


def _keys(structure: dict) -> list[str]:
    return [module["key"] for module in structure["modules"]]


def _lessons(structure: dict) -> dict[str, dict]:
    return {lesson["key"]: lesson for module in structure["modules"] for lesson in module["lessons"]}


def _order(structure: dict, lessons, modules) -> tuple:
    """Which of these modules and lessons stand where."""
    places = [
        (module["key"], lesson["key"])
        for module in structure["modules"]
        for lesson in module["lessons"]
        if lesson["key"] in lessons
    ]
    return places, [key for key in _keys(structure) if key in modules]


def _of_lesson(key: str, before: dict, after: dict):
    found = list(_in_languages("text", before["words"], after["words"], key=key))
    yield from found
    if after["minutes"] != before["minutes"] and not any(one.code == "text" for one in found):
        yield _change("minutes", key=key)


def _of_materials(before: dict, after: dict):
    yield from _in_languages("glossary", before.get("glossary", {}), after.get("glossary", {}))
    former, now = _worksheets(before), _worksheets(after)
    for key in [*now, *(key for key in former if key not in now)]:
        yield from _in_languages("worksheet", former.get(key, {}), now.get(key, {}), key=key)


def _worksheets(structure: dict) -> dict[str, dict]:
    found = [module["worksheet"] for module in structure["modules"] if module.get("worksheet")]
    return {worksheet["key"]: worksheet["words"] for worksheet in found}


def _of_quizzes(before: Snapshot, after: Snapshot):
    yield from _added_and_removed("quiz", before.quizzes, after.quizzes)
    for key, quiz in after.quizzes.items():
        if key in before.quizzes:
            yield from _of_quiz(key, before.quizzes[key], quiz)
            if _module_of(before.structure, key) != _module_of(after.structure, key):
                yield _change("quiz_moved", key=key)


def _module_of(structure: dict, quiz: str) -> str:
    found = (one["key"] for one in structure["modules"] if one["quiz"] and one["quiz"]["key"] == quiz)
    return next(found, "")


def _of_quiz(key: str, before: CompiledQuiz, after: CompiledQuiz):
    if _rules(before) != _rules(after):
        yield _change("rules", key=key, compared=(before, after))
    for question, content in after.questions.items():
        former = before.questions.get(question)
        if content != former:
            code = "question" if former else "question_added"
            yield _change(code, key=key, question=question, compared=(former, content))
    for question, former in before.questions.items():
        if question not in after.questions:
            yield _change("question_removed", key=key, question=question, compared=(former, None))
    stay = before.questions.keys() & after.questions.keys()
    if _members(before, stay) != _members(after, stay):
        yield _change("cells", key=key)
    if [one for one in before.questions if one in stay] != [one for one in after.questions if one in stay]:
        yield _change("question_order", key=key)


def _rules(quiz: CompiledQuiz) -> tuple:
    return {name: quiz.rules[name] for name in RULES}, cells_of_rules(quiz)


def _members(quiz: CompiledQuiz, keys) -> dict:
    """Which of these questions each cell draws from. The order follows that of the pool."""
    return {
        (cell["outcome"], cell["level"]): {key for key in cell["questions"] if key in keys}
        for cell in quiz.rules.get("cells", [])
    }
