"""The rows of a course's page: each with its mark, its title, where it leads, and what stands beside it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maarifa.curriculum.editions import Outline, OutlineLesson, OutlineQuiz, OutlineWorksheet
from maarifa.learning.models import Enrolment
from maarifa.learning.progress import Progress, Step
from maarifa.learning.templatetags.learning import content_attributes, language_name_local
from maarifa.quizzes.eligibility import Eligibility
from maarifa.quizzes.models import Attempt
from maarifa.ui.templatetags.ui import duration_minutes, number, until


@dataclass(frozen=True)
class Mark:
    """`said` is for who cannot see the sign."""

    sign: str
    css: str
    said: str


@dataclass(frozen=True)
class Row:
    """`url` is empty where it cannot be opened yet."""

    mark: Mark
    url: str
    title: str
    attributes: str
    aside: str
    tag: str = ""
    below: str = ""


@dataclass(frozen=True)
class Module:
    title: dict[str, str]
    rows: list[Row]


def modules_of(
    read: Outline,
    language: str,
    *,
    progress: Progress | None = None,
    following: Step | None = None,
    may_open: bool = False,
) -> list[Module]:
    """The modules of a course, in their order, with titles in this language where there are some. `progress` of who
    takes it, and `following`, their next step.
    """
    found = []
    for module in read.modules:
        rows = [
            _lesson(read, lesson, language, progress, following, may_open=may_open)
            for lesson in module.lessons
        ]
        if module.quiz:
            rows.append(_quiz(read, module.quiz, language, progress, may_open=may_open))
        if module.worksheet:
            rows.append(_worksheet(read, module.worksheet, language, may_open=may_open))
        found.append(Module(read.module_words(module.key, language), rows))
    return found


def requirements_of(read: Outline, enrolment: Enrolment, progress: Progress, language: str) -> dict[str, Any]:
    """What a certificate asks of this person: so many lessons, and quizzes, each with how it stands."""
    lessons, quizzes = enrolment.required_in(read)
    done = len(lessons & progress.counted)
    return {
        "lessons": len(lessons),
        "lessons_done": done,
        "lessons_met": done == len(lessons),
        "lessons_awaiting": any(progress.done.get(key) == Attempt.Late.AWAITING for key in lessons),
        "quizzes": [
            {
                "title": read.quiz_words(key, language),
                "percent": stands.pass_percent,
                "met": stands.passed,
                "awaiting": stands.awaiting and not stands.passed,
            }
            for key in read.requirements["quizzes"]
            if key in quizzes and (stands := progress.quizzes[key])
        ],
    }


def _lesson(
    read: Outline,
    lesson: OutlineLesson,
    language: str,
    progress: Progress | None,
    following: Step | None,
    *,
    may_open: bool,
) -> Row:
    shown = lesson.language(language)
    missing = _("in %(language)s, not yet translated") % {"language": language_name_local(shown)}
    return Row(
        mark=_mark_of_lesson(lesson, progress, following),
        url=reverse("lesson", args=[read.course, lesson.key]) if may_open else "",
        title=lesson.words(language)["title"],
        attributes=content_attributes(shown),
        aside=duration_minutes(lesson.minutes),
        tag=missing if shown != language else "",
    )


def _mark_of_lesson(lesson: OutlineLesson, progress: Progress | None, following: Step | None) -> Mark:
    if progress and lesson.key in progress.done:
        return Mark("✓", "done", pgettext("lesson", "done"))
    if following and following.kind == "lesson" and following.key == lesson.key:
        return Mark("●", "now", pgettext("lesson", "next"))
    return Mark("○", "", pgettext("lesson", "not yet done"))


def _quiz(
    read: Outline, quiz: OutlineQuiz, language: str, progress: Progress | None, *, may_open: bool
) -> Row:
    title = read.quiz_words(quiz.key, language)
    stands = progress.quizzes[quiz.key] if progress else None
    again = ""
    if stands and stands.next_at:
        again = _("You can try again %(when)s.") % {"when": until(stands.next_at)}
    return Row(
        mark=_mark_of_quiz(stands),
        url=reverse("quiz", args=[read.course, quiz.key]) if may_open else "",
        title=title["title"],
        attributes=content_attributes(title["language"]),
        aside=ngettext("one question", "%(number)s questions", quiz.draw) % {"number": number(quiz.draw)},
        below=again,
    )


def _mark_of_quiz(stands: Eligibility | None) -> Mark:
    if stands and stands.passed:
        return Mark("✓", "done", pgettext("quiz", "passed"))
    if stands and stands.is_locked:
        return Mark("✗", "bad", pgettext("quiz", "not passed"))
    if stands and stands.made:
        return Mark("●", "now", pgettext("quiz", "begun"))
    return Mark("○", "", pgettext("quiz", "not yet done"))


def _worksheet(read: Outline, worksheet: OutlineWorksheet, language: str, *, may_open: bool) -> Row:
    shown = worksheet.language(language)
    return Row(
        mark=Mark("▤", "", ""),
        url=reverse("worksheet", args=[read.course, worksheet.key]) if may_open else "",
        title=worksheet.words(language)["title"],
        attributes=content_attributes(shown),
        aside=pgettext("worksheet", "to print"),
    )
