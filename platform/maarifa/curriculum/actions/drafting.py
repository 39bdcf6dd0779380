"""Writing drafts from somewhere else than a form. A row is saved only where it differs, so that history says what
happened; each action returns whether it changed anything."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText, Material, Module, ModuleQuiz
from maarifa.lib.saving import save_if_changed
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
    """Modules and lessons in this order: dicts of `key`, `lessons` and, where there is one, `worksheet`; lessons of
    `key`, `activity_minutes` and, where they are known, `outcomes`.

    What the plan no longer names is retired, never deleted; what it names again is no longer retired.
    """
    at = at or timezone.now()
    changed = False
    with transaction.atomic():
        known = {module.key: module for module in Module.objects.filter(course=course)}
        lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}
        for position, plan in enumerate(modules, 1):
            module = known.pop(plan["key"], None) or Module(course=course, key=plan["key"])
            fields = {"position": position, "retired_at": None, "worksheet": plan.get("worksheet") or ""}
            changed |= save_if_changed(module, by=by, at=at, **fields)
            for number, entry in enumerate(plan["lessons"], 1):
                lesson = lessons.pop(entry["key"], None) or Lesson(course=course, key=entry["key"])
                fields = {"module_id": module.pk, "position": number, "retired_at": None}
                fields["activity_minutes"] = entry["activity_minutes"]
                fields["outcomes"] = entry.get("outcomes") or []
                changed |= save_if_changed(lesson, by=by, at=at, **fields)
        rows: list[Module | Lesson] = [*known.values(), *lessons.values()]
        for row in rows:
            changed |= save_if_changed(row, by=by, at=at, retired_at=row.retired_at or at)
    return changed


def save_module_quiz(*, module: Module, quiz: Quiz | None) -> bool:
    """The module ends in this quiz, or in none."""
    row = ModuleQuiz.objects.filter(module=module).first()
    if (row.quiz_id if row else None) == (quiz.pk if quiz else None):
        return False
    with transaction.atomic():
        ModuleQuiz.objects.filter(module=module).delete()
        if quiz:
            # It may have stood in another module until now.
            ModuleQuiz.objects.filter(quiz=quiz).delete()
            ModuleQuiz.objects.create(module=module, quiz=quiz)
    return True


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
