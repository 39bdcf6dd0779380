"""Practice in a lesson: checked by a plain post and for a script, remembered, and nobody else's."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maarifa.curriculum import editions
from maarifa.curriculum.models import LessonText
from maarifa.institutions.models import Membership
from maarifa.learning.models import Enrolment, Event, PracticeAnswer
from maarifa.quizzes.errors import AnswerError
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course, published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import enrolled
from tests.factories.practice import KEYS, fenced, practice_course
from tests.learning.reading import main, words

LESSON = "/en/learn/practice/first/"
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def course(db):
    return practice_course()


@pytest.fixture
def enrolment(course, learner):
    return enrolled(course=course, learner=learner)


def page_of(key, language="en", lesson_language=""):
    return f"/{language}/learn/practice/first/practice/{key}/?in={lesson_language or language}"


def posted(browser, key, fields, **more):
    return browser.post(page_of(key), fields, **more)


def solved(enrolment, key, *, right=True):
    """The fields of an answer that its kind takes."""
    from maarifa.quizzes.kinds import kind_named
    from maarifa.quizzes.practice import PracticeForm

    text = editions.document(enrolment.edition_id, "first", "en")
    question = next(one for one in text.texts["practice"] if one["key"] == key)
    sample = kind_named(question["kind"]).sample(
        question["structure"], {"en": question["texts"]}, right=right
    )
    return {name: list(values) for name, values in PracticeForm(question, "en", sample).said.items()}


# A plain post ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_right_answer_is_said_and_leads_back_to_the_question(browser, enrolment, key):
    response = posted(browser, key, solved(enrolment, key))
    assert (response.status_code, response["Location"]) == (302, page_of(key))
    page = browser.get(response["Location"])
    number = KEYS.index(key) + 1
    assert '<p class="verdict">Correct</p>' in main(page)
    assert f'href="{LESSON}?in=en#try{number}"' in main(page)
    assert "Show the answer" not in words(page)


@pytest.mark.parametrize("key", KEYS)
def test_wrong_answer_is_not_quite_and_leads_to_what_to_read_again(browser, enrolment, key):
    posted(browser, key, solved(enrolment, key, right=False))
    page = browser.get(page_of(key))
    assert '<p class="verdict warn">Not quite</p>' in main(page)
    assert f'<a href="{LESSON}?in=en#s1">Read again: <bdi>What to read</bdi></a>' in main(page)
    assert b'<h2 id="s1">What to read</h2>' in browser.get(LESSON).content
    assert "Show the answer" in words(page)
    shown = browser.get(f"{page_of(key)}&show=1")
    assert "Show the answer" not in words(shown)
    assert re.search("Correct answer:|Correct order:|Correct, but you did not choose it:", words(shown))


def test_answer_is_not_told_before_there_was_a_try(browser, enrolment):
    page = browser.get(f"{page_of('which-one')}&show=1")
    assert "Correct answer" not in words(page)
    assert "Somebody can be asked." not in words(page)
    assert "Show the answer" not in words(page)


@pytest.mark.parametrize("key", KEYS)
def test_no_feedback_is_on_the_lesson_or_on_the_question_before_there_was_a_try(browser, enrolment, key):
    document = editions.document(enrolment.edition_id, "first", "en")
    question = next(one for one in document.texts["practice"] if one["key"] == key)
    feedback = re.findall(
        r"'(?:feedback|correct|wrong)': '([^']{4,})'", json.dumps(question["texts"]).replace('"', "'")
    )
    assert feedback
    for address in (LESSON, page_of(key)):
        html = browser.get(address).content.decode()
        assert [text for text in feedback if text in html] == []


def test_explained_in_the_language_of_the_lesson_and_of_the_page(browser, enrolment):
    posted(browser, "which-one", {"q1": "1"})
    page = browser.get("/ar/learn/practice/first/practice/which-one/?in=ar")
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "لا أحد" in words(page)
    page = browser.get("/en/learn/practice/first/practice/which-one/?in=ar")
    assert 'lang="ar" dir="rtl"' in main(page)


@pytest.mark.parametrize(
    ("key", "fields", "said"),
    [
        ("which-one", {}, "You have not answered this question yet."),
        ("which-one", {"q1": "9"}, "“9” is not one of the choices"),
        ("how-many", {"q4": "<b>many</b>"}, "&lt;b&gt;many&lt;/b&gt;” is not a number."),
        ("how-many", {"q4": "3 kg"}, "with one of these units: GB, MB."),
        ("which-pairs", {"q7_A": "Z"}, "“Z” is not one of the choices"),
        ("which-order", {"q9_A": "1", "q9_B": "1"}, "Two items have the position 1."),
        ("which-word", {"q5": "x" * 201}, "This answer is too long."),
        ("fill-in", {"q6_": "x", "q6_9": "y"}, "We could not read this answer."),
    ],
)
def test_what_cannot_be_read_is_said_at_the_question_and_not_kept(browser, enrolment, key, fields, said):
    page = posted(browser, key, fields)
    assert page.status_code == 200
    assert said in main(page)
    assert "<title>Error:" in page.content.decode()
    assert not PracticeAnswer.objects.exists()
    assert said in posted(browser, key, fields, **JSON).json()["html"]


def test_the_same_answer_again_is_recorded_once(browser, enrolment):
    for _twice in range(2):
        posted(browser, "which-one", {"q1": "1"})
    assert Event.objects.filter(kind="practice-answered").count() == 1
    posted(browser, "which-one", {"q1": "2"})
    posted(browser, "which-one", {"q1": "1"})
    assert PracticeAnswer.objects.get().response == ["1"]


# For a script ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("right", [True, False])
def test_script_is_told_the_same_as_the_page(browser, enrolment, key, right):
    fields = solved(enrolment, key, right=right)
    told = posted(browser, key, fields, **JSON).json()
    assert told["right"] is right
    page = main(browser.get(page_of(key)))
    said = re.sub(r"\s+", " ", told["html"].replace('href="#s1"', f'href="{LESSON}?in=en#s1"')).strip()
    assert said in re.sub(r"\s+", " ", page)


def test_script_sends_an_answer_again_and_it_counts_once(browser, enrolment):
    fields = {"q1": "1", "event": "0b9d5a34-6c1f-4e0f-9d58-2a6c0b4f1e77"}
    assert {posted(browser, "which-one", fields, **JSON).status_code for _twice in range(2)} == {200}
    assert Event.objects.count() == 1


def test_script_fills_in_what_was_answered(browser, enrolment):
    posted(browser, "which-some", {"q2": ["2"]})
    posted(browser, "how-many", {"q4": "3.5"})
    found = browser.get(f"{LESSON}practice/?in=en").json()
    assert found["answers"].keys() == {"try2", "try4"}
    assert found["answers"]["try2"]["fields"] == {"q2": ["2"]}
    assert found["answers"]["try4"]["fields"] == {"q4": ["3.5"]}
    assert "not quite correct" in found["answers"]["try2"]["html"]
    assert "was correct" in found["answers"]["try4"]["html"]
    assert "The builder" not in json.dumps(found)


# The lesson -----------------------------------------------------------------------------------------------


def test_lesson_loads_scripts_for_what_it_asks_and_none_without_practice(browser, enrolment):
    html = browser.get(LESSON).content.decode()
    assert re.findall(r"static/(quizzes/\w+)", html) == ["quizzes/practice", "quizzes/ordering"]
    assert "quizzes/" not in browser.get("/en/learn/practice/second/").content.decode()


def test_each_form_of_a_lesson_has_its_token(browser, enrolment):
    html = browser.get(LESSON).content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)" form="(try\d)"', html)
    assert [form for _token, form in tokens] == re.findall(r'<form class="card" id="(try\d)"', html)
    assert len({token for token, _form in tokens}) == 1


def test_forms_of_an_untranslated_lesson_keep_the_language_that_was_asked_for(browser, learner):
    made = draft_course(key="practice")
    LessonText.objects.filter(lesson=made.lessons[0], language="ar").delete()
    from maarifa.curriculum.actions import publish_course

    publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    enrolled(course=made, learner=learner)
    html = browser.get(f"{LESSON}?in=ar").content.decode()
    assert 'action="practice/first-check/?in=en"' in html
    assert '<input type="hidden" name="asked" value="ar" form="try1">' in html
    response = browser.post(page_of("first-check"), {"q1": "2", "asked": "ar"})
    assert response["Location"].endswith("?in=ar")
    assert f'href="{LESSON}?in=ar#try1"' in main(browser.get(response["Location"]))


def test_practice_costs_a_lesson_no_query(browser, enrolment, django_assert_num_queries):
    posted(browser, "which-one", {"q1": "1"})
    browser.get(LESSON)
    with django_assert_num_queries(3):
        browser.get(LESSON)
    with django_assert_num_queries(3):
        browser.get(page_of("which-one"))
    with django_assert_num_queries(3):
        browser.get(f"{LESSON}practice/?in=en")


def test_quiz_may_be_called_practice():
    assert reverse("quiz", args=["x", "practice"]) == "/en/learn/x/quiz/practice/"
    from django.urls import resolve

    assert resolve("/en/learn/x/quiz/practice/").url_name == "quiz"


def test_wrong_answer_leads_to_the_earlier_lesson_that_its_author_named(browser, learner):
    made = draft_course(key="practice")
    block = "key: recall\nkind: truefalse\nstem: So?\nlesson: first\nchoices:\n- text: 'Yes'\n  correct: true\n  feedback: So it is.\n- text: 'No'\n  correct: false\n  feedback: It is so."  # noqa: E501 - one block
    LessonText.objects.filter(lesson=made.lessons[1]).update(body=f"{fenced(block)}\n\n## Two\n\nText.")
    from maarifa.curriculum.actions import publish_course

    publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    enrolled(course=made, learner=learner)
    page = "/en/learn/practice/second/practice/recall/?in=en"
    browser.post(page, {"q1": "2"})
    assert f'<a href="{LESSON}?in=en">Read again: <bdi>Rules that can be found</bdi></a>' in main(
        browser.get(page)
    )


# Strangers ------------------------------------------------------------------------------------------------


def _nobody(course):
    return UserFactory()


def _learner_of_another_course(course):
    return enrolled(course=published_course()).learner


def _coordinator(course):
    institution = InstitutionFactory()
    Enrolment.objects.update(institution=institution)
    return MembershipFactory(unit=root(institution), role=Membership.Role.COORDINATOR).user


def _instructor(course):
    from maarifa.curriculum.actions import make_instructor

    person = UserFactory()
    make_instructor(user=person)
    return person


@pytest.mark.parametrize("stranger", [_nobody, _learner_of_another_course, _coordinator, _instructor])
def test_strangers_find_nothing(client, course, enrolment, stranger):
    client.force_login(stranger(course))
    for address in (page_of("which-one"), f"{LESSON}practice/?in=en"):
        assert client.get(address).status_code == 404
    assert client.post(page_of("which-one"), {"q1": "1"}).status_code == 404
    assert not PracticeAnswer.objects.exists()


def test_nobody_sees_the_answer_of_another_learner(browser, client, enrolment, course):
    posted(browser, "which-one", {"q1": "1"})
    client.force_login(enrolled(course=course).learner)
    assert "verdict" not in main(client.get(page_of("which-one")))
    assert client.get(f"{LESSON}practice/?in=en").json()["answers"] == {}


def test_who_is_not_signed_in_is_led_to_the_sign_in(client, enrolment):
    for response in (client.get(page_of("which-one")), client.post(page_of("which-one"), {"q1": "1"})):
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/en/account/login/")


@pytest.mark.parametrize("address", [page_of("none"), "/en/learn/practice/none/practice/which-one/"])
def test_what_is_not_asked_is_not_found(browser, enrolment, address):
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"q1": "1"}).status_code == 404


def test_course_that_is_not_open_takes_no_answer(browser, enrolment):
    Enrolment.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert posted(browser, "which-one", {"q1": "1"}).status_code == 403
    assert browser.get(f"{LESSON}practice/?in=en").json()["answers"] == {}
    assert not PracticeAnswer.objects.exists()


def test_answer_that_the_intake_cannot_read_is_no_error_of_the_server(browser, enrolment, monkeypatch):
    refusal = AnswerError("NO_ANSWER", value="")

    def refuse(**_told):
        raise refusal

    monkeypatch.setattr("maarifa.learning.views.practice.record_event", refuse)
    assert posted(browser, "which-one", {"q1": "1"}).status_code == 302
    assert str(refusal.message) in words(browser.get(LESSON))
