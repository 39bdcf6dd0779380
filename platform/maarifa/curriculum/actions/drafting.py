"""Writing drafts from somewhere else than a form. A row is saved only where it differs, so that history says what
happened; each action returns whether it changed anything."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, LessonText, Material, Module
from maarifa.lib.saving import delete_row, save_if_changed
from maarifa.quizzes.models import Quiz


def save_course(
    *, key: str, by: User | None, at: datetime | None = None, **fields: Any
) -> tuple[Course, bool]:
    """The course of that key, made where there is none, with these fields."""
    at = at or timezone.now()
    course = Course.objects.filter(key=key).first() or Course(key=key)
    return course, save_if_changed(course, by=by, at=at, **fields)


def save_plan(
    *, course: Course, modules: Sequence[Mapping[str, Any]], by: User | None, at: datetime | None = None
) -> bool:
    """Modules in this order: dicts of `key`, `worksheet` where there is one, and `activities` in order. Each of these
    is a lesson, a dict of `key`, `activity_minutes` and, where they are known, `outcomes`; or a quiz, saved already.

    Lessons that the plan no longer names are retired, never deleted; quizzes stand nowhere then, and whoever saves
    them retires them. What it names again is no longer retired.
    """
    at = at or timezone.now()
    changed = False
    with transaction.atomic():
        known = {module.key: module for module in Module.objects.filter(course=course)}
        lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}
        places = {(one.kind, one.content_id): one for one in Activity.objects.filter(course=course)}

        def put(content: Lesson | Quiz, module: Module, number: int) -> bool:
            row = places.pop((str(content._meta.model_name), content.pk), None)
            return place(content=content, module=module, position=number, by=by, at=at, row=row)

        for position, plan in enumerate(modules, 1):
            module = known.pop(plan["key"], None) or Module(course=course, key=plan["key"])
            fields = {"position": position, "retired_at": None, "worksheet": plan.get("worksheet") or ""}
            changed |= save_if_changed(module, by=by, at=at, **fields)
            for number, entry in enumerate(plan["activities"], 1):
                if isinstance(entry, Quiz):
                    changed |= put(entry, module, number)
                    continue
                lesson = lessons.pop(entry["key"], None) or Lesson(course=course, key=entry["key"])
                fields = {"retired_at": None, "activity_minutes": entry["activity_minutes"]}
                fields["outcomes"] = entry.get("outcomes") or []
                changed |= save_if_changed(lesson, by=by, at=at, **fields)
                changed |= put(lesson, module, number)
        rest: list[Module | Lesson] = [*known.values(), *lessons.values()]
        for row in rest:
            changed |= save_if_changed(row, by=by, at=at, retired_at=row.retired_at or at)
        for gone in [row for row in places.values() if row.lesson_id is None]:
            delete_row(gone, by=by, at=at)
            changed = True
    return changed


def place(
    *,
    content: Lesson | Quiz,
    module: Module,
    position: int,
    by: User | None,
    at: datetime | None = None,
    row: Activity | None = None,
) -> bool:
    """The lesson or quiz stands on this position of this module, and nowhere else. `row` is where it stands now, for
    whoever has it at hand. Returns whether it changed anything.
    """
    named: dict[str, Any] = {str(content._meta.model_name): content}
    row = row or Activity.objects.filter(**named).first() or Activity(**named)
    fields = {"course_id": module.course_id, "module_id": module.pk, "position": position}
    return save_if_changed(row, by=by, at=at or timezone.now(), **fields)


def save_course_text(
    *, course: Course, language: str, by: User | None, at: datetime | None = None, **fields: Any
) -> bool:
    text = CourseText.objects.filter(course=course, language=language).first()
    text = text or CourseText(course=course, language=language)
    return save_if_changed(text, by=by, at=at or timezone.now(), **fields)


def save_lesson_text(
    *, lesson: Lesson, language: str, by: User | None, at: datetime | None = None, **fields: Any
) -> bool:
    text = LessonText.objects.filter(lesson=lesson, language=language).first()
    text = text or LessonText(lesson=lesson, language=language)
    return save_if_changed(text, by=by, at=at or timezone.now(), **fields)


def save_material(
    *,
    course: Course,
    kind: str,
    key: str,
    language: str,
    by: User | None,
    at: datetime | None = None,
    **fields: Any,
) -> bool:
    """A glossary, a worksheet or a figure in one language. Returns whether it changed anything."""
    at = at or timezone.now()
    row = Material.objects.filter(course=course, kind=kind, key=key, language=language).first()
    row = row or Material(course=course, kind=kind, key=key, language=language)
    return save_if_changed(row, by=by, at=at, **fields)


def retire(*, rows: Iterable[Module | Lesson], by: User | None, at: datetime | None = None) -> int:
    """Modules or lessons that later editions leave out. Nothing is deleted. Returns how many changed."""
    at = at or timezone.now()
    with transaction.atomic():
        return sum(save_if_changed(row, by=by, at=at, retired_at=row.retired_at or at) for row in rows)


def bring_back(*, rows: Iterable[Module | Lesson], by: User | None, at: datetime | None = None) -> int:
    """Modules or lessons that are retired come back with the next edition. Returns how many changed."""
    at = at or timezone.now()
    with transaction.atomic():
        return sum(save_if_changed(row, by=by, at=at, retired_at=None) for row in rows)
