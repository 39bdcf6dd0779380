"""For each thing that the digest of an edition holds, the publish page says that it differs, and has its button."""

from functools import partial

import pytest

from maarifa.curriculum.actions import publish_course, save_material
from maarifa.curriculum.models import Course, CourseText, Edition, Lesson, LessonText, Material, Module
from maarifa.curriculum.nextedition import next_edition
from maarifa.quizzes.models import Question, QuestionText, Quiz
from tests.curriculum.pages import NOTHING_TO_PUBLISH, publishing, url
from tests.factories.curriculum import draft_course

pytestmark = pytest.mark.django_db

OLD = "0" * 16
CELL = {"outcome": "find-a-rule", "level": "recall", "count": 1}


@pytest.fixture
def made():
    """A course with all that an edition may hold: glossary and worksheet in two languages, a quiz with cells."""
    made = draft_course(key="rules", draw=2)
    save = partial(save_material, course=made.course, by=None)
    materials = {
        ("glossary", "glossary"): {"terms": {"charter": {"term": "charter", "meaning": "Who may do what."}}},
        ("worksheet", "rule-sheet"): {"title": "Rule sheet", "summary": "", "body": "A rule."},
    }
    for (kind, key), words in materials.items():
        save(kind=kind, key=key, language="en", texts=words)
        digest = Material.objects.get(kind=kind).digest()
        save(kind=kind, key=key, language="ar", texts=words, state="machine", source_digest=digest)
    Module.objects.update(worksheet="rule-sheet")
    Question.objects.filter(key="where").update(outcome_key="find-a-rule", level="recall")
    Question.objects.exclude(key="where").update(outcome_key="find-a-rule", level="application")
    Quiz.objects.update(cells=[CELL, {**CELL, "level": "application"}])
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    return made


def edit(rows, **fields):
    assert rows.update(**fields) == 1


DIFFERENCES = {
    "state of the words of the course": (
        lambda: edit(CourseText.objects.filter(language="ar"), state="reviewed"),
        "The translation status of the course texts in “ar” has changed.",
    ),
    "staleness of the words of the course": (
        lambda: edit(CourseText.objects.filter(language="ar"), source_digest=OLD),
        "The translation status of the course texts in “ar” has changed.",
    ),
    "state of a lesson": (
        lambda: edit(LessonText.objects.filter(lesson__key="first", language="ar"), state="reviewed"),
        "The translation status of the lesson “first” in “ar” has changed.",
    ),
    "staleness of a lesson": (
        lambda: edit(LessonText.objects.filter(lesson__key="first", language="ar"), source_digest=OLD),
        "The translation of the lesson “first” into “ar” is out of date.",
    ),
    "minutes of a lesson": (
        lambda: edit(Lesson.objects.filter(key="first"), activity_minutes=9),
        "The practice time of the lesson “first” has changed.",
    ),
    "state of the glossary": (
        lambda: edit(Material.objects.filter(kind="glossary", language="ar"), state="reviewed"),
        "The translation status of the glossary in “ar” has changed.",
    ),
    "staleness of a worksheet": (
        lambda: edit(Material.objects.filter(kind="worksheet", language="ar"), source_digest=OLD),
        "The translation status of the worksheet “rule-sheet” in “ar” has changed.",
    ),
    "words of a worksheet": (
        lambda: edit(
            Material.objects.filter(kind="worksheet", language="ar"),
            texts={"title": "ورقة", "summary": "", "body": "قاعدة."},
        ),
        "The worksheet “rule-sheet” has changed in “ar”.",
    ),
    "a worksheet that the module no longer ends in": (
        lambda: edit(Module.objects.filter(key="basics"), worksheet=""),
        "The worksheet “rule-sheet” is no longer available in “en”.",
    ),
    "which questions fill a cell": (
        lambda: edit(Question.objects.filter(key="named"), level="recall"),
        "The outcome or level of questions in the quiz “basics-quiz” has changed.",
    ),
    "how many questions a cell takes": (
        lambda: edit(Quiz.objects.filter(key="rules/basics-quiz"), cells=[{**CELL, "count": 1}], draw=1),
        "The rules of the quiz “basics-quiz” have changed.",
    ),
    "state of a question": (
        lambda: edit(QuestionText.objects.filter(question__key="where", language="ar"), state="reviewed"),
        "The question “where” in the quiz “basics-quiz” has changed.",
    ),
    "authors": (
        lambda: edit(Course.objects.filter(key="rules"), authors=["Nia"]),
        "The authors of the course",
    ),
    "requirements": (
        lambda: edit(Course.objects.filter(key="rules"), requirements={"lessons": ["first"], "quizzes": []}),
        "The requirements for completion have changed.",
    ),
}


def page_of(desk, made) -> str:
    return desk.get(url("course_publish", made.course.pk)).text.partition('id="content-main"')[2]


@pytest.mark.parametrize("name", DIFFERENCES)
def test_page_says_what_differs_has_the_button_and_afterwards_neither(desk, made, name):
    change, said = DIFFERENCES[name]
    change()
    page = page_of(desk, made)
    assert said in page
    assert 'value="Publish course"' in page
    desk.post(url("course_publish", made.course.pk), publishing(desk, made.course))
    assert Edition.objects.filter(course=made.course).count() == 2
    page = page_of(desk, made)
    assert NOTHING_TO_PUBLISH.format(2) in page
    assert 'value="Publish course"' not in page


PHANTOMS = {
    "nothing at all": lambda: None,
    "who has reviewed a text": lambda: edit(
        LessonText.objects.filter(lesson__key="first", language="ar"), reviewed_at="2026-11-01T08:00Z"
    ),
    "notes that editions do not hold": lambda: edit(
        Lesson.objects.filter(key="first"), outcomes=["find-a-rule"]
    ),
    "a translation with holes of a question that has none in the edition": lambda: (
        QuestionText.objects.create(
            question=Question.objects.get(key="where"),
            language="fr",
            texts={"stem": "Où ?"},
            state="machine",
            source_digest=OLD,
        )
    ),
    "words of the course in a language that it does not have": lambda: CourseText.objects.create(
        course=Course.objects.get(key="rules"), language="fr", title="T", state="machine", source_digest=OLD
    ),
}


@pytest.mark.parametrize("name", PHANTOMS)
def test_what_publishing_would_drop_is_no_difference(desk, made, name):
    PHANTOMS[name]()
    page = page_of(desk, made)
    assert NOTHING_TO_PUBLISH.format(1) in page
    assert 'value="Publish course"' not in page
    found = next_edition(Course.objects.get(pk=made.course.pk))
    assert (found.changes, found.differs) == ([], False)
