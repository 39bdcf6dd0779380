"""Lists of the admin show titles beside keys, and are searched by the words of texts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maarifa.curriculum.models import Activity, CourseText, Lesson, LessonText, Module
from maarifa.quizzes.models import Question, QuestionText
from tests.curriculum.pages import fields_of
from tests.factories.curriculum import draft_course

pytestmark = pytest.mark.django_db


def rows_of(desk, app, model, **asked) -> list:
    return list(desk.get(reverse(f"admin:{app}_{model}_changelist"), asked).context["cl"].result_list)


@pytest.fixture
def made():
    return draft_course(key="rules")


@pytest.mark.parametrize(
    ("app", "model", "title"),
    [
        ("curriculum", "course", "Rules that work"),
        ("curriculum", "lesson", "Rules that can be found"),
        ("curriculum", "module", ">Basics<"),
        ("quizzes", "bank", "Rules that work"),
        ("quizzes", "question", "A rule names who does what."),
        ("quizzes", "quiz", "Basics: quiz"),
    ],
)
def test_lists_show_titles_and_ask_as_much_for_three_as_for_one(desk, made, app, model, title):
    url = reverse(f"admin:{app}_{model}_changelist")
    desk.get(url)
    with CaptureQueriesContext(connection) as few:
        page = desk.get(url)
    assert title in page.text
    for key in ("second-rules", "third-rules"):
        draft_course(key=key)
    with CaptureQueriesContext(connection) as many:
        page = desk.get(url)
    assert page.context["cl"].result_count >= 3
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as searched:
        desk.get(url, {"q": "rules"})
    assert len(searched) <= len(few) + 3


def test_lessons_are_found_by_the_words_of_any_language(desk, made):
    lesson = Lesson.objects.get(key="second")
    LessonText.objects.filter(lesson=lesson, language="ar").update(body="كلمة نادرة")
    assert rows_of(desk, "curriculum", "lesson", q="نادرة") == [lesson]
    LessonText.objects.filter(lesson=lesson).update(title="Wells and Pumps")
    assert rows_of(desk, "curriculum", "lesson", q="pumps wells") == [lesson]
    assert rows_of(desk, "curriculum", "lesson", q="pumps xyzzy") == []


def test_modules_and_quizzes_are_found_by_their_titles(desk, made):
    text = CourseText.objects.get(course=made.course, language="en")
    text.modules = {"basics": {"title": "Where water goes"}}
    text.quizzes = {"basics-quiz": {"title": "Check yourself"}}
    text.save()
    assert [row.key for row in rows_of(desk, "curriculum", "module", q="WATER")] == ["basics"]
    assert [row.own_key for row in rows_of(desk, "quizzes", "quiz", q="yourself")] == ["basics-quiz"]
    assert rows_of(desk, "curriculum", "module", q="yourself") == []
    assert "Check yourself" in desk.get(reverse("admin:quizzes_quiz_changelist")).text


def test_questions_are_found_by_stem_and_choices_in_any_script(desk, made):
    question = Question.objects.get(key="named")
    text = QuestionText.objects.get(question=question, language="ar")
    text.texts = {**text.texts, "stem": "سؤال عن البئر"}
    text.save()
    assert rows_of(desk, "quizzes", "question", q="البئر") == [question]
    other = Question.objects.get(key="where")
    text = QuestionText.objects.get(question=other, language="en")
    text.texts["choices"]["a"]["text"] = 'On a "painted" wall'
    text.save()
    assert rows_of(desk, "quizzes", "question", q="painted") == [other]
    assert rows_of(desk, "quizzes", "question", q='"painted"') == [other]


def test_a_place_that_another_has_is_refused_by_name(desk, made):
    url = reverse("admin:curriculum_module_add")
    given = {"course": made.course.pk, "key": "more", "position": 1}
    assert "is already at position 1. Choose another position, such as 2." in desk.post(url, given).text
    assert desk.post(url, {**given, "position": ""}).status_code == 302
    assert Module.objects.get(key="more").position == 2
    url = reverse("admin:curriculum_lesson_add")
    given = {"course": made.course.pk, "module": made.module.pk, "key": "third", "position": 2}
    given["activity_minutes"] = 0
    assert "is already at position 2. Choose another position, such as 4." in desk.post(url, given).text
    assert desk.post(url, {**given, "position": ""}).status_code == 302
    assert Activity.objects.get(lesson__key="third").position == 4


def test_lessons_of_a_module_change_places_in_one_go_and_share_none(desk, made):
    url = reverse("admin:curriculum_module_change", args=[made.module.pk])
    page = desk.get(url)
    given = fields_of(page)
    one, two = (f"activities-{number}-position" for number in (0, 1))
    assert (given[one], given[two]) == (1, 2)
    refused = desk.post(url, {**given, two: 1})
    assert "“Rules that can be found” is already at position 1. Choose another position" in refused.text
    assert desk.post(url, {**given, one: 2, two: 1}).status_code == 302
    assert [one.key for one in Activity.objects.order_by("position")] == ["second", "first", "basics-quiz"]
