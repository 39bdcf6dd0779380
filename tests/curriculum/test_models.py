"""What the database itself holds: each test tries to break it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from maarifa.curriculum.models import (
    Activity,
    Course,
    CourseText,
    Document,
    Edition,
    EditionEntry,
    EditionQuiz,
    Lesson,
    LessonText,
    LoadedFile,
    Module,
)
from maarifa.quizzes.models import Bank, Quiz, QuizVersion
from tests.factories.curriculum import draft_course, published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return published_course()


BREAKING = {
    "course key twice": lambda m: Course.objects.create(key=m.course.key, source_language="en"),
    "course key malformed": lambda m: Course.objects.create(key="Rules that work", source_language="en"),
    "course key empty": lambda m: Course.objects.create(key="", source_language="en"),
    "course words twice": lambda m: CourseText.objects.create(
        course=m.course, language="en", title="T", state="machine", source_digest="0"
    ),
    "translation without its source": lambda m: CourseText.objects.create(
        course=m.course, language="fr", title="T", state="machine"
    ),
    "source with a source": lambda m: CourseText.objects.create(
        course=m.course, language="fr", title="T", source_digest="0123456789abcdef"
    ),
    "module key twice": lambda m: Module.objects.create(course=m.course, key="basics", position=2),
    "module key malformed": lambda m: Module.objects.create(course=m.course, key="a/b", position=2),
    "lesson key twice": lambda m: Lesson.objects.create(course=m.course, key="first"),
    "lesson key malformed": lambda m: Lesson.objects.create(course=m.course, key="é"),
    "second source of a course": lambda m: CourseText.objects.create(
        course=m.course, language="fr", title="T"
    ),
    "second source of a lesson": lambda m: LessonText.objects.create(
        lesson=m.lessons[0], language="fr", title="T"
    ),
    "translation of a lesson without its source": lambda m: LessonText.objects.create(
        lesson=m.lessons[0], language="fr", title="T", state="machine"
    ),
    "source of a lesson with a source": lambda m: LessonText.objects.filter(
        lesson=m.lessons[0], state="source"
    ).update(source_digest="0123456789abcdef"),
    "lesson words twice": lambda m: LessonText.objects.create(
        lesson=m.lessons[0], language="ar", title="T", state="machine", source_digest="0"
    ),
    "lesson in two places": lambda m: place(m, lesson=m.lessons[0]),
    "quiz in two places": lambda m: place(m, quiz=m.quiz),
    "place of nothing": lambda m: place(m),
    "place of a lesson and a quiz": lambda m: place(
        m, lesson=Lesson.objects.create(course=m.course, key="third"), quiz=another_quiz(m)
    ),
    "edition number twice": lambda m: edition(m, number=1),
    "edition number zero": lambda m: edition(m, number=0),
    "document digest twice": lambda m: Document.objects.create(
        digest=Document.objects.first().digest, language="en", html="", deflated=b""
    ),
    "document digest malformed": lambda m: Document.objects.create(
        digest="x" * 64, language="en", html="", deflated=b""
    ),
    "lesson twice in an edition": lambda m: EditionEntry.objects.create(
        edition=m.edition, lesson=m.lessons[0], language="ar", document=Document.objects.first()
    ),
    "quiz twice in an edition": lambda m: EditionQuiz.objects.create(
        edition=m.edition, quiz=m.quiz, quiz_version=another_version(m)
    ),
    "version of another quiz in an edition": lambda m: [
        EditionQuiz.objects.create(edition=m.edition, quiz=another_quiz(m), quiz_version=another_version(m)),
        connection.check_constraints(),
    ],
    "edition of another course": lambda m: [
        Course.objects.filter(pk=m.course.pk).update(current_edition=published_course().edition),
        connection.check_constraints(),
    ],
    "lesson in a module of another course": lambda m: [
        Activity.objects.filter(lesson=m.lessons[0]).update(module=draft_course().module),
        connection.check_constraints(),
    ],
    "place in a course of a lesson of another": lambda m: [
        Activity.objects.filter(lesson=m.lessons[0]).update(lesson=draft_course_with_a_free_lesson()),
        connection.check_constraints(),
    ],
    "loaded file twice": lambda m: [
        LoadedFile.objects.create(course=m.course, path="course.yaml", digest="0") for _ in range(2)
    ],
}


def place(made, **content):
    return Activity.objects.create(course=made.course, module=made.module, position=9, **content)


def draft_course_with_a_free_lesson():
    return Lesson.objects.create(course=draft_course().course, key="free")


def another_version(made):
    return QuizVersion.objects.create(quiz=made.quiz, number=2, rules={}, digest="0" * 64)


def another_quiz(made):
    bank = Bank.objects.create(key="other/bank", kind="module")
    return Quiz.objects.create(key="other/quiz", bank=bank, draw=1, pass_percent=50, attempts=1)


def edition(made, number):
    return Edition.objects.create(
        course=made.course, number=number, structure={}, digest="0" * 64, published_at=timezone.now()
    )


@pytest.mark.parametrize("attempt", BREAKING)
def test_database_refuses(made, attempt):
    with pytest.raises(IntegrityError), transaction.atomic():
        BREAKING[attempt](made)


@pytest.mark.parametrize("model", [Course, Module, Lesson, Edition, Document])
def test_what_editions_are_made_of_cannot_be_deleted(made, model):
    # What is written once says so before its foreign keys are asked.
    with pytest.raises(TypeError if model in (Edition, Document) else ProtectedError):
        model.objects.first().delete()


def test_lesson_key_may_be_used_again_in_another_course(made):
    other = draft_course()
    assert Lesson.objects.filter(key="first").count() == 2
    assert other.course.key != made.course.key


def test_published_courses_are_those_that_can_be_read():
    readable, draft, retired = published_course(), draft_course(), published_course()
    Course.objects.filter(pk=retired.course.pk).update(retired_at=timezone.now())
    assert list(Course.objects.published()) == [readable.course]
    assert draft.course.current_edition is None


def test_translation_is_stale_once_its_source_changes():
    lesson = draft_course().lessons[0]
    source, translation = lesson.texts.get(language="en"), lesson.texts.get(language="ar")
    assert not translation.is_stale(source.digest())
    source.sources = []
    assert not translation.is_stale(source.digest())
    source.title = "Rules that people find"
    assert translation.is_stale(source.digest())
    assert not source.is_stale("anything")
