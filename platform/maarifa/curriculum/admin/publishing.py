"""What the pages of publishing show: problems with a link to where they are fixed, and who wrote what would go out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.curriculum.actions.publishing import REASON
from maarifa.curriculum.activities import HeldText
from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText
from maarifa.curriculum.nextedition import NextEdition
from maarifa.lib.problems import Problem

MOST_SWITCHES = 50


@dataclass(frozen=True)
class Waiting:
    """A text of a lesson that learners would read from the next edition on, and who wrote it last."""

    lesson: str
    language: str
    by: User | None
    at: datetime | None
    left_out: bool

    @property
    def value(self) -> str:
        return f"{self.lesson}:{self.language}"


def link_of(problem: Problem) -> str:
    """The page where the problem is fixed, and the field on it; empty where there is none."""
    row = problem.about
    owner: Course | Lesson
    # Texts are written on the page of what they belong to.
    if isinstance(row, CourseText):
        owner = course = row.course
    elif isinstance(row, LessonText):
        owner, course = row.lesson, row.lesson.course
    elif isinstance(row, Model):
        return _page(row) + (f"#id_{problem.field}" if problem.field else "")
    else:
        return ""
    # As the page has them: the source first.
    languages = [text.language for text in owner.texts.all()]
    languages.sort(key=lambda code: (code != course.source_language, code))
    place = f"texts-{languages.index(row.language)}"
    return _page(owner) + (f"#id_{place}-{problem.field}" if problem.field else f"#{place}")


def _page(row: Model) -> str:
    kind = ContentType.objects.get_for_model(row)
    return reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[row.pk])


def shown(problems: list[Problem]) -> list[dict[str, Any]]:
    return [{"problem": problem, "url": link_of(problem)} for problem in problems]


def held(upcoming_edition: NextEdition) -> list[dict[str, Any]]:
    """Translations that cannot be published as they are, and what is wrong with each."""
    former = {
        (lesson.key, language)
        for lesson in (upcoming_edition.former.lessons() if upcoming_edition.former else ())
        for language in lesson.texts
    }
    return [
        {
            "lesson": key,
            "language": language,
            "former": (key, language) in former,
            "problems": shown(problems),
        }
        for (key, language), problems in upcoming_edition.held.items()
        if problems
    ]


def waiting(upcoming_edition: NextEdition) -> list[Waiting]:
    """Texts that may be left out, those that are included. One query."""
    left_out = [one for one, problems in upcoming_edition.held.items() if not problems]
    rows: list[HeldText] = [*upcoming_edition.texts_that_change, *left_out]
    lessons = {lesson.key: lesson.pk for lesson in upcoming_edition.draft.lessons}
    last: dict[tuple[int, str], Any] = {}
    # `history` is what simple_history makes of it, untyped.
    texts_history: Any = LessonText.history
    history = texts_history.filter(lesson_id__in=lessons.values()).select_related("history_user")
    for one in history.order_by("history_date", "history_id").defer("body", "sources", "objectives"):
        last[one.lesson_id, one.language] = one
    texts = []
    for key, language in sorted(dict.fromkeys(rows)):
        row = last.get((lessons[key], language)) if key in lessons else None
        texts.append(
            Waiting(
                key,
                language,
                row and row.history_user,
                row and row.history_date,
                (key, language) in left_out,
            )
        )
    return texts


def switches(course: Course) -> list[dict[str, Any]]:
    """Who made learners read which edition when, the last one first: by publishing it, or by going back to it."""
    published = dict(course.editions.values_list("number", "published_at"))
    course_history: Any = course.history
    rows = course_history.filter(history_change_reason__startswith=REASON).select_related("history_user")
    entries = []
    for row in rows.order_by("-history_date", "-history_id")[:MOST_SWITCHES]:
        number = int(row.history_change_reason.removeprefix(REASON))
        new = published.get(number) == row.history_date
        entries.append({"number": number, "by": row.history_user, "at": row.history_date, "published": new})
    return entries


def chosen(values: list[str]) -> frozenset[HeldText]:
    """What the boxes say. What names nothing of the course leaves nothing out."""
    pairs = (value.partition(":") for value in values)
    return frozenset((key, language) for key, colon, language in pairs if colon)
