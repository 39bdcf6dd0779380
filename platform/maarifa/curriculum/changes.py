"""What differs between two compiled courses, as sentences: what learners read now, and what they would read next."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.activities import KINDS, CompiledText, Place, required_places
from maarifa.curriculum.activities.lesson import CompiledLesson
from maarifa.curriculum.compiled import CompiledCourse, CourseTexts
from maarifa.quizzes.compiling import CompiledQuiz
from maarifa.quizzes.differences import (
    Difference,
    cells_of_rules,
    question_differences,
    rule_differences,
)
from maarifa.quizzes.stored import RULES

TEMPLATES = {
    "licence": _("The licence of the course has changed."),
    "authors": _("The authors of the course have changed."),
    "outcomes": _("The outcomes of the course have changed."),
    "requirements": _("The requirements for completion have changed."),
    "texts": _("The course texts in “%(language)s” have changed."),
    "texts_state": _("The translation status of the course texts in “%(language)s” has changed."),
    "texts_added": _("The course texts in “%(language)s” are new."),
    "texts_removed": _("The course texts in “%(language)s” have been removed."),
    "module_added": _("The module “%(key)s” is new."),
    "module_removed": _("The module “%(key)s” has been removed."),
    "lesson_added": _("The lesson “%(key)s” is new."),
    "lesson_removed": _("The lesson “%(key)s” has been removed."),
    "languages": _("The order of the course languages has changed."),
    "order": _("Modules, lessons or quizzes have been moved."),
    "minutes": _("The practice time of the lesson “%(key)s” has changed."),
    "text": _("The lesson “%(key)s” has changed in “%(language)s”."),
    "text_added": _("The lesson “%(key)s” is new in “%(language)s”."),
    "text_removed": _("The lesson “%(key)s” is no longer available in “%(language)s”."),
    "state": _("The translation status of the lesson “%(key)s” in “%(language)s” has changed."),
    "behind": _("The translation of the lesson “%(key)s” into “%(language)s” is out of date."),
    "glossary": _("The glossary in “%(language)s” has changed."),
    "glossary_added": _("The glossary is new in “%(language)s”."),
    "glossary_removed": _("The glossary is no longer available in “%(language)s”."),
    "glossary_state": _("The translation status of the glossary in “%(language)s” has changed."),
    "worksheet": _("The worksheet “%(key)s” has changed in “%(language)s”."),
    "worksheet_added": _("The worksheet “%(key)s” is new in “%(language)s”."),
    "worksheet_removed": _("The worksheet “%(key)s” is no longer available in “%(language)s”."),
    "worksheet_state": _("The translation status of the worksheet “%(key)s” in “%(language)s” has changed."),
    "quiz_added": _("The quiz “%(key)s” is new."),
    "quiz_removed": _("The quiz “%(key)s” has been removed."),
    "rules": _("The rules of the quiz “%(key)s” have changed."),
    "question": _("The question “%(question)s” in the quiz “%(key)s” has changed."),
    "question_added": _("The question “%(question)s” in the quiz “%(key)s” is new."),
    "question_removed": _("The question “%(question)s” has been removed from the quiz “%(key)s”."),
    "cells": _("The outcome or level of questions in the quiz “%(key)s” has changed."),
    "question_order": _("The order of questions in the quiz “%(key)s” has changed."),
    "other": _("There are other changes that are not listed here."),
}
TEXT_CODES = ("text", "text_added", "text_removed", "state")
"""Changes of a lesson in one language: what may be left out of an edition."""

Said = CompiledText | CourseTexts


@dataclass(frozen=True)
class Change:
    """`compared`: what the quiz or the question in `params` was and is, where there is more to say than the message."""

    code: str
    params: dict[str, str]
    compared: tuple[Any, ...] = ()

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
    """A compiled course, and what its quizzes hold by their own keys."""

    course: CompiledCourse
    quizzes: Mapping[str, CompiledQuiz] = field(default_factory=dict)


def changes_between(before: Snapshot, after: Snapshot) -> list[Change]:
    """Everything that differs; empty where, and only where, the two courses have the same digest."""
    changes = [
        *_of_course(before.course, after.course),
        *_of_modules(before.course, after.course),
        *_of_materials(before.course, after.course),
        *_of_quizzes(before, after),
    ]
    if not changes and before.course.digest != after.course.digest:
        changes.append(_change("other"))
    return changes


def _change(code: str, **params: str) -> Change:
    return Change(code, params)


def _added_and_removed(name: str, before: Collection[str], after: Collection[str]) -> Iterator[Change]:
    for key in after:
        if key not in before:
            yield _change(f"{name}_added", key=key)
    for key in before:
        if key not in after:
            yield _change(f"{name}_removed", key=key)


def _of_course(before: CompiledCourse, after: CompiledCourse) -> Iterator[Change]:
    for name in ("licence", "authors", "outcomes"):
        if getattr(after, name) != getattr(before, name):
            yield _change(name)
    if set(after.languages) == set(before.languages) and after.languages != before.languages:
        yield _change("languages")
    # In which order they are listed follows the activities' own.
    if required_places(before.requirements) != required_places(after.requirements):
        yield _change("requirements")
    yield from _in_languages("texts", before.texts, after.texts)


def _in_languages(
    name: str, before: Mapping[str, Said], after: Mapping[str, Said], **params: str
) -> Iterator[Change]:
    """Of texts by language: what they say, then what state they are in."""
    for language, text in after.items():
        former = before.get(language)
        if former is None:
            yield _change(f"{name}_added", language=language, **params)
        elif _said(text) != _said(former):
            yield _change(name, language=language, **params)
        elif text != former:
            lesson = "behind" if text.stale and not former.stale else "state"
            yield _change(lesson if name == "text" else f"{name}_state", language=language, **params)
    for language in before:
        if language not in after:
            yield _change(f"{name}_removed", language=language, **params)


def _said(text: Said) -> dict[str, Any]:
    return text.model_dump(exclude={"state", "stale"})


def _of_modules(before: CompiledCourse, after: CompiledCourse) -> Iterator[Change]:
    yield from _added_and_removed("module", _keys(before), _keys(after))
    former, now = before.activities(), after.activities()
    for kind in KINDS:
        yield from _added_and_removed(
            kind, *([place.key for place in places if place.kind == kind] for places in (former, now))
        )
    if _order(before, now, _keys(after)) != _order(after, former, _keys(before)):
        yield _change("order")
    for place, activity in now.items():
        if place in former and isinstance(activity, CompiledLesson):
            yield from _of_lesson(cast(CompiledLesson, former[place]), activity)


def _keys(course: CompiledCourse) -> list[str]:
    return [module.key for module in course.modules]


def _order(
    course: CompiledCourse, activities: Collection[Place], modules: Collection[str]
) -> tuple[Any, ...]:
    """Which of these modules and activities stand where."""
    places = [(module.key, one.place) for module, one in course.placed() if one.place in activities]
    return places, [key for key in _keys(course) if key in modules]


def _of_lesson(before: CompiledLesson, after: CompiledLesson) -> Iterator[Change]:
    changes = list(_in_languages("text", before.texts, after.texts, key=after.key))
    yield from changes
    if after.minutes != before.minutes and not any(one.code == "text" for one in changes):
        yield _change("minutes", key=after.key)


def _of_materials(before: CompiledCourse, after: CompiledCourse) -> Iterator[Change]:
    yield from _in_languages("glossary", before.glossary, after.glossary)
    former, now = _worksheets(before), _worksheets(after)
    for key in [*now, *(key for key in former if key not in now)]:
        yield from _in_languages("worksheet", former.get(key, {}), now.get(key, {}), key=key)


def _worksheets(course: CompiledCourse) -> dict[str, Mapping[str, CompiledText]]:
    return {module.worksheet.key: module.worksheet.texts for module in course.modules if module.worksheet}


def _of_quizzes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for key, quiz in after.quizzes.items():
        if key in before.quizzes:
            yield from _of_quiz(key, before.quizzes[key], quiz)


def _of_quiz(key: str, before: CompiledQuiz, after: CompiledQuiz) -> Iterator[Change]:
    if _rules(before) != _rules(after):
        yield Change("rules", {"key": key}, (before, after))
    for question, content in after.questions.items():
        former = before.questions.get(question)
        if content != former:
            code = "question" if former else "question_added"
            yield Change(code, {"key": key, "question": question}, (former, content))
    for question, former in before.questions.items():
        if question not in after.questions:
            yield Change("question_removed", {"key": key, "question": question}, (former, None))
    stay = before.questions.keys() & after.questions.keys()
    if _members(before, stay) != _members(after, stay):
        yield _change("cells", key=key)
    if [one for one in before.questions if one in stay] != [one for one in after.questions if one in stay]:
        yield _change("question_order", key=key)


def _rules(quiz: CompiledQuiz) -> tuple[Any, ...]:
    return {name: quiz.rules.get(name) for name in RULES}, cells_of_rules(quiz)


def _members(quiz: CompiledQuiz, keys: Collection[str]) -> dict[tuple[str, str], set[str]]:
    """Which of these questions each cell draws from. The order follows that of the pool."""
    return {
        (cell["outcome"], cell["level"]): {key for key in cell["questions"] if key in keys}
        for cell in quiz.rules.get("cells", [])
    }
