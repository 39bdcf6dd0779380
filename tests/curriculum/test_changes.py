"""What the next edition would change, said before it is made."""

import pytest
from django.utils import timezone

from maarifa.curriculum.changes import changes_since
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText, Module, ModuleQuiz
from maarifa.quizzes.models import Question, QuestionText, Quiz
from tests.factories.curriculum import published_course

pytestmark = pytest.mark.django_db


def said(made):
    draft = Draft.read(Course.objects.get(pk=made.course.pk))
    return [change.message for change in changes_since(draft, made.edition)]


def edit(rows, **fields):
    assert rows.update(**fields) == 1


def swap(made):
    for lesson, position in zip(made.lessons, (2, 1), strict=True):
        Lesson.objects.filter(pk=lesson.pk).update(position=position)


def add_lesson(made):
    lesson = Lesson.objects.create(course=made.course, module=made.module, key="third", position=3)
    LessonText.objects.create(lesson=lesson, language="en", title="Third", body="## Third")


def add_module(made):
    module = Module.objects.create(course=made.course, key="more", position=2)
    Lesson.objects.filter(key="second").update(module=module)


CHANGES = {
    "nothing": (lambda made: None, []),
    "a lesson": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="ar"), body="## جديد"),
        ["The lesson “first” has changed in “ar”."],
    ),
    "a source of a lesson": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="en"), sources=[]),
        ["The lesson “first” has changed in “en”."],
    ),
    "a review": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="ar"), state="reviewed"),
        ["The translation of the lesson “first” in “ar” has another state."],
    ),
    "a translation gone": (
        lambda made: LessonText.objects.filter(lesson__key="first", language="ar").delete(),
        ["The lesson “first” is gone in “ar”."],
    ),
    "the words of the course": (
        lambda made: edit(CourseText.objects.filter(language="ar"), summary="جديد"),
        ["The words of the course in “ar” have changed."],
    ),
    "minutes": (
        lambda made: edit(Lesson.objects.filter(key="first"), activity_minutes=30),
        ["The minutes of practice in the lesson “first” have changed."],
    ),
    "the order": (
        swap,
        ["Lessons or modules stand in another order.", "What completion requires has changed."],
    ),
    "another module": (
        add_module,
        ["The module “more” is new.", "Lessons or modules stand in another order."],
    ),
    "a new lesson": (
        add_lesson,
        ["What completion requires has changed.", "The lesson “third” is new."],
    ),
    "a retired lesson": (
        lambda made: edit(Lesson.objects.filter(key="second"), retired_at=timezone.now()),
        ["What completion requires has changed.", "The lesson “second” is gone."],
    ),
    "the licence": (
        lambda made: edit(Course.objects.filter(key="rules"), licence="CC0-1.0"),
        ["The licence of the course has changed."],
    ),
    "the rules of a quiz": (
        lambda made: edit(Quiz.objects.all(), pass_percent=80),
        ["The rules of the quiz “basics-quiz” have changed."],
    ),
    "no quiz": (
        lambda made: ModuleQuiz.objects.all().delete(),
        ["The quiz “basics-quiz” is gone."],
    ),
    "the words of a question": (
        lambda made: edit(
            QuestionText.objects.filter(question__key="named", language="ar"), words={"stem": "؟"}
        ),
        ["The question “named” of the quiz “basics-quiz” has changed."],
    ),
    "a question retired": (
        lambda made: edit(Question.objects.filter(key="named"), retired_at=timezone.now()),
        ["The question “named” of the quiz “basics-quiz” is gone."],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_said_one_by_one(name):
    made = published_course(key="rules")
    change, expected = CHANGES[name]
    change(made)
    assert sorted(said(made)) == sorted(expected)
