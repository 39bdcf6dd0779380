"""Home, my learning, help, and the pages that say what went wrong."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.learning import actions
from maarifa.learning.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, RIGHT, enrolled, read_lesson, send_answers, start_quiz

pytestmark = pytest.mark.django_db

LANGUAGES = {"en": "ltr", "fr": "ltr", "ar": "rtl"}


def words(response) -> str:
    text = re.sub(r"</?(?:bdi|strong|em)\b[^>]*>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def root(language) -> str:
    return f'<html lang="{language}" dir="{LANGUAGES[language]}">'


# The address without a language ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "home"),
    [("fr-CM,fr;q=0.9,en;q=0.5", "/fr/"), ("ar", "/ar/"), ("zu", "/en/"), ("", "/en/")],
)
def test_root_leads_to_the_language_of_the_browser(client, accepted, home):
    response = client.get("/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, home)
    assert response["Vary"] == "Cookie, Accept-Language"
    assert response["Cache-Control"] == "private, no-cache"


def test_root_leads_to_the_persons_own_language(client):
    client.force_login(UserFactory(language="ar"))
    assert client.get("/", headers={"accept-language": "fr"})["Location"] == "/ar/"


def test_root_leads_to_the_browsers_language_where_the_persons_is_not_served(client):
    client.force_login(UserFactory(language="xx"))
    assert client.get("/", headers={"accept-language": "fr"})["Location"] == "/fr/"


# Home and help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_and_help_are_there_for_everybody(client, course, language):
    for address in (
        f"/{language}/",
        f"/{language}/help/",
        *(f"/{language}/help/{role}/" for role in ("coordinators", "instructors")),
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert root(language) in response.content.decode()
        assert response.content.decode().count("<h1") == 1


def test_home_shows_what_there_is_to_learn(client, course):
    assert "Rules that work" in words(client.get("/en/"))
    assert "قواعد نافعة" in words(client.get("/ar/"))


def test_home_without_a_course_is_a_page_too(client):
    assert client.get("/en/").status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_home_takes_one_query(client, item_count, django_assert_num_queries):
    for _number in range(item_count):
        published_course()
    client.get("/en/")
    with django_assert_num_queries(1):
        client.get("/en/")


def test_home_leads_who_is_signed_in_to_their_learning(browser):
    assert browser.get("/en/")["Location"] == "/en/learning/"


# My learning ----------------------------------------------------------------------------------------------


def test_my_learning_is_for_who_is_signed_in(client):
    assert client.get("/en/learning/")["Location"] == "/en/account/login/?next=/en/learning/"


def test_my_learning_without_a_course_leads_to_the_courses(browser):
    page = browser.get("/en/learning/")
    assert "Welcome, Amina Yusuf" in words(page)
    assert "You are not enrolled in a course yet." in words(page)
    assert '<a class="button" href="/en/courses/">See the courses</a>' in page.content.decode()


def test_my_learning_shows_the_course_one_was_in_last_first_with_its_next_step(browser, learner, enrolment):
    other = enrolled(course=published_course(key="another-one"), learner=learner, language="ar")
    read_lesson(enrolment, "first", at=MONDAY + timedelta(hours=1))
    page = browser.get("/en/learning/").content.decode()
    cards = re.findall(
        r'<div class="card">.*?</div>\s*(?=<div class="card"|<p class="actions")', page, re.DOTALL
    )
    assert [re.search(r'courses/([a-z-]+)/"', card)[1] for card in cards] == [
        "rules-that-work",
        "another-one",
    ]
    assert "1 of 2 lessons done" in cards[0]
    assert (
        'class="button arrow" href="/en/learn/rules-that-work/second/">Continue: <bdi>Rules that can be used</bdi>'
        in cards[0]
    )
    assert '<h2 lang="ar" dir="rtl">' in cards[1]
    assert f'class="button arrow quiet" href="/en/learn/{other.course.key}/first/"' in cards[1]


def test_my_learning_shows_nothing_of_others_and_nothing_that_has_ended(browser, course, learner, enrolment):
    other = enrolled(course=published_course(key="of-somebody-else"))
    read_lesson(other, "first")
    left = enrolled(course=published_course(key="left-long-ago"), learner=learner)
    actions.end_enrolment(enrolment=left)
    theirs = enrolled(course=course)
    read_lesson(theirs, "first")
    page = browser.get("/en/learning/")
    assert "0 of 2 lessons done" in words(page)
    assert "of-somebody-else" not in page.content.decode()
    assert "left-long-ago" not in page.content.decode()


def test_my_learning_says_what_is_finished_what_is_due_and_what_is_not_open(browser, learner, enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    send_answers(start_quiz(enrolment), RIGHT)
    due = {
        "due_at": MONDAY + timedelta(days=60),
        "due_zone": "Africa/Lagos",
        "due_local": "2027-01-22T09:00:00",
    }
    enrolled(course=published_course(), learner=learner, **due)
    opens = timezone.now() + timedelta(days=20)
    enrolled(course=published_course(), learner=learner, opens_at=opens)
    said = words(browser.get("/en/learning/"))
    assert "You finished this course on 23 November 2026." in said
    assert "Deadline: 22 January 2027, 09:00 (Lagos time, UTC+1)." in said
    assert "You can start this course on" in said
    assert "My certificates" in said


@pytest.mark.parametrize("item_count", [1, 3])
def test_my_learning_takes_ten_queries(browser, learner, item_count, django_assert_num_queries):
    for _number in range(item_count):
        read_lesson(enrolled(course=published_course(), learner=learner), "first")
    browser.get("/en/learning/")
    with django_assert_num_queries(10):
        browser.get("/en/learning/")


# What went wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_address_that_leads_nowhere_says_so_in_the_language_of_the_address(client, language):
    response = client.get(f"/{language}/nothing/")
    assert response.status_code == 404
    assert root(language) in response.content.decode()
    assert f'<a class="button arrow" href="/{language}/">' in response.content.decode()


def test_address_without_a_language_that_leads_nowhere_is_in_the_browsers(client):
    response = client.get("/nothing", headers={"accept-language": "ar"})
    assert response.status_code == 404
    assert root("ar") in response.content.decode()
    assert '<a href="/fr/" lang="fr">' in response.content.decode()


def test_address_that_leads_nowhere_is_not_told_back_as_markup(client):
    response = client.get("/en/<script>alert(1)</script>/")
    assert response.status_code == 404
    assert "<script>" not in response.content.decode()


def test_form_without_its_token_says_what_to_do_and_changes_nothing(course, learner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    for language in LANGUAGES:
        response = strict.post(f"/{language}/courses/rules-that-work/enrol/")
        assert response.status_code == 403
        assert root(language) in response.content.decode()
        assert response.content.decode().count("<h1") == 1
    assert "This form was not accepted" in words(strict.post("/en/courses/rules-that-work/enrol/"))
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("fault", "status"), [("not-allowed", 403), ("not-understood", 400), ("broken", 500)]
)
def test_fault_has_a_page_in_the_readers_language(client, settings, language, fault, status):
    settings.ROOT_URLCONF = "tests.pages.faults"
    client.raise_request_exception = False
    response = client.get(f"/{language}/{fault}/")
    assert response.status_code == status
    assert root(language) in response.content.decode()
    assert response.content.decode().count("<h1") == 1
    assert "a secret" not in response.content.decode()
