"""What courses, modules, lessons and quizzes are called in the source language; the key where nobody has said yet.

The rows' texts are read through `texts`: whoever shows many prefetches them.
"""

from collections.abc import Iterable

from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, Module
from maarifa.curriculum.translations import in_language
from maarifa.quizzes.models import Quiz


def course_title(course: Course) -> str:
    text = in_language(course.texts.all(), course.source_language)
    return (text and text.title) or course.key


def module_title(module: Module) -> str:
    text = in_language(module.course.texts.all(), module.course.source_language)
    return title_within(text, "modules", module.key)


def lesson_title(lesson: Lesson) -> str:
    text = in_language(lesson.texts.all(), lesson.course.source_language)
    return (text and text.title) or lesson.key


def title_within(text: CourseText | None, part: str, key: str) -> str:
    """Of what has its title in the text of its course: one of the `modules` or the `quizzes`."""
    entry = getattr(text, part).get(key) if text else None
    return (entry or {}).get("title") or key


def quiz_title(quiz: Quiz, course: Course) -> str:
    text = in_language(course.texts.all(), course.source_language)
    return title_within(text, "quizzes", quiz.own_key)


def activity_title(activity: Activity) -> str:
    """That of what stands there."""
    content = activity.content
    return lesson_title(content) if isinstance(content, Lesson) else quiz_title(content, activity.course)


def source_first(codes: Iterable[str], source_language: str) -> list[str]:
    return sorted(codes, key=lambda code: (code != source_language, code))
