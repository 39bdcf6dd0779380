"""What the next edition would change, said before it is made."""

import pytest
from django.utils import timezone

from maarifa.curriculum.actions import PublishingError, publish_course
from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, LessonText, Module
from maarifa.curriculum.nextedition import next_edition
from maarifa.quizzes.models import Question, QuestionText, Quiz
from tests.factories.curriculum import published_course

pytestmark = pytest.mark.django_db


def edit(rows, **fields):
    assert rows.update(**fields) == 1


def swap(made):
    for lesson, position in zip(made.lessons, (2, 1), strict=True):
        Activity.objects.filter(lesson=lesson).update(position=position)


def add_lesson(made):
    lesson = Lesson.objects.create(course=made.course, key="third")
    Activity.objects.create(course=made.course, module=made.module, lesson=lesson, position=4)
    LessonText.objects.create(lesson=lesson, language="en", title="Third", body="## Third")


def add_module(made):
    module = Module.objects.create(course=made.course, key="more", position=2)
    text = CourseText.objects.get(language="en")
    edit(CourseText.objects.filter(language="en"), modules={**text.modules, "more": {"title": "More"}})
    edit(
        CourseText.objects.filter(language="ar"), source_digest=CourseText.objects.get(language="en").digest()
    )
    Activity.objects.filter(lesson__key="second").update(module=module)


def retire_lesson(made):
    edit(Lesson.objects.filter(key="second"), retired_at=timezone.now())
    Question.objects.update(lesson_key="first")


CHANGES = {
    "nothing": (lambda made: None, []),
    "a lesson": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="ar"), summary="جديد"),
        ["The lesson “first” has changed in “ar”."],
    ),
    "a source of a lesson": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="en"), sources=[]),
        ["The lesson “first” has changed in “en”."],
    ),
    "a review": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="ar"), state="reviewed"),
        ["The translation status of the lesson “first” in “ar” has changed."],
    ),
    "a translation gone": (
        lambda made: LessonText.objects.filter(lesson__key="first", language="ar").delete(),
        ["The lesson “first” is no longer available in “ar”."],
    ),
    "the words of the course": (
        lambda made: edit(CourseText.objects.filter(language="ar"), summary="جديد"),
        ["The course texts in “ar” have changed."],
    ),
    "minutes": (
        lambda made: edit(Lesson.objects.filter(key="first"), activity_minutes=30),
        ["The practice time of the lesson “first” has changed."],
    ),
    "the order": (
        swap,
        ["Modules, lessons or quizzes have been moved."],
    ),
    "another module": (
        add_module,
        [
            "The module “more” is new.",
            "Modules, lessons or quizzes have been moved.",
            "The course texts in “en” have changed.",
        ],
    ),
    "a new lesson": (
        add_lesson,
        ["The requirements for completion have changed.", "The lesson “third” is new."],
    ),
    "a retired lesson": (
        retire_lesson,
        [
            "The requirements for completion have changed.",
            "The lesson “second” has been removed.",
            "The question “how-many” in the quiz “basics-quiz” has changed.",
            "The question “named” in the quiz “basics-quiz” has changed.",
        ],
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
        lambda made: (
            Quiz.objects.update(retired_at=timezone.now()),
            edit(Course.objects.filter(key="rules"), requirements={"lessons": "all", "quizzes": []}),
        ),
        ["The quiz “basics-quiz” has been removed.", "The requirements for completion have changed."],
    ),
    "the words of a question": (
        lambda made: edit(
            QuestionText.objects.filter(question__key="named", language="ar"), texts={"stem": "؟"}
        ),
        ["The question “named” in the quiz “basics-quiz” has changed."],
    ),
    "a question retired": (
        lambda made: (
            edit(Question.objects.filter(key="named"), retired_at=timezone.now()),
            edit(Quiz.objects.all(), draw=2),
        ),
        [
            "The question “named” has been removed from the quiz “basics-quiz”.",
            "The rules of the quiz “basics-quiz” have changed.",
        ],
    ),
    "a review of the words of the course": (
        lambda made: edit(CourseText.objects.filter(language="ar"), state="reviewed"),
        ["The translation status of the course texts in “ar” has changed."],
    ),
    "a translation falls behind": (
        lambda made: edit(
            LessonText.objects.filter(lesson__key="first", language="ar"), source_digest="0" * 16
        ),
        ["The translation of the lesson “first” into “ar” is out of date."],
    ),
    "a translation of a question falls behind": (
        lambda made: edit(
            QuestionText.objects.filter(question__key="named", language="ar"), source_digest="0" * 16
        ),
        ["The question “named” in the quiz “basics-quiz” has changed."],
    ),
    "a review of a question": (
        lambda made: edit(
            QuestionText.objects.filter(question__key="named", language="ar"), state="reviewed"
        ),
        ["The question “named” in the quiz “basics-quiz” has changed."],
    ),
    "a translation of a question with holes": (
        lambda made: edit(QuestionText.objects.filter(question__key="named", language="ar"), texts={}),
        ["The question “named” in the quiz “basics-quiz” has changed."],
    ),
    "the order of questions": (
        lambda made: edit(Question.objects.filter(key="where"), position=9),
        ["The order of questions in the quiz “basics-quiz” has changed."],
    ),
    "the cell of a question, where there are none": (
        lambda made: edit(Question.objects.filter(key="where"), level="recall"),
        [],
    ),
    "the order of languages": (
        lambda made: edit(Course.objects.filter(key="rules"), languages=["ar", "en"]),
        ["The order of the course languages has changed."],
    ),
    "what is required, in another order": (
        lambda made: edit(
            Course.objects.filter(key="rules"),
            requirements={"lessons": ["second", "first"], "quizzes": ["basics-quiz"]},
        ),
        ["There are other changes that are not listed here."],
    ),
    "a lesson that is only a draft": (
        lambda made: edit(LessonText.objects.filter(lesson__key="first", language="ar"), objectives=[]),
        [],
    ),
    "a quiz in another module": (
        lambda made: (
            add_module(made),
            Activity.objects.filter(quiz=made.quiz).update(module=Module.objects.get(key="more")),
        ),
        [
            "The module “more” is new.",
            "Modules, lessons or quizzes have been moved.",
            "The course texts in “en” have changed.",
        ],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_said_one_by_one(name):
    made = published_course(key="rules")
    change, expected = CHANGES[name]
    change(made)
    found = next_edition(Course.objects.get(pk=made.course.pk))
    assert sorted(change.message for change in found.changes) == sorted(expected)
    # The list is empty where, and only where, there is nothing to publish; and what is published is listed no more.
    assert found.differs == bool(expected)
    if expected:
        publish_course(course=made.course, by=None, seen=found.digest)
    else:
        with pytest.raises(PublishingError, match="Nothing has changed"):
            publish_course(course=made.course, by=None)
    after = next_edition(Course.objects.get(pk=made.course.pk))
    assert (after.changes, after.differs) == ([], False)


def test_digest_names_a_draft_whose_quiz_has_no_version_yet():
    """Two drafts in which only a new question differs are two."""
    made = published_course(key="rules")
    seen = set()
    for stem in ("A", "B"):
        words = {"stem": stem, "choices": {}}
        QuestionText.objects.filter(question__key="named", language="en").update(texts=words)
        seen.add(next_edition(made.course).digest)
    assert len(seen) == 2
