"""Events to record in tests."""

from datetime import timedelta
from uuid import UUID

from maarifa.curriculum.actions import publish_course
from maarifa.learning.models import CourseCompletion, EnrolmentAttempt, Event, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.learning import MONDAY, read_lesson

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = {"due_at": MONDAY + DAY, "due_zone": "Africa/Nairobi", "due_local": "2026-11-24T11:00:00"}
ID = UUID("0b9d5a34-6c1f-4e0f-9d58-2a6c0b4f1e77")


def everything() -> dict:
    """What the event intake writes, counted."""
    models = (Event, LessonCompletion, Attempt, EnrolmentAttempt, CourseCompletion)
    return {model.__name__: model.objects.count() for model in models}


def lesson_event(course, lesson="first", **more) -> dict:
    return {
        "client_id": ID,
        "kind": "lesson-read",
        "payload": {"course": course.course.key, "lesson": lesson, "language": "en"},
        "at": MONDAY,
        **more,
    }


def finish_but_quiz(enrolment, **more):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, **more)


def republish(course, **quiz_rules):
    """Edition 2: another title, and what `quiz_rules` changes."""
    for name, value in quiz_rules.items():
        setattr(course.quiz, name, value)
    course.quiz.save()
    text = course.lessons[0].texts.get(language="en")
    text.title = "Rules that can be found, again"
    text.save()
    return publish_course(course=course.course, by=None, at=MONDAY + HOUR)
