"""A lesson that is finished after the session has ended is done once its reader is back; and for nobody else."""

import pytest
from django.test import Client

from maarifa.learning.models import LessonCompletion
from tests.accounts.entering import PASSWORD
from tests.factories.accounts import UserFactory
from tests.factories.learning import enrolled
from tests.learning.reading import COURSE, FIRST, SECOND, event_id, words

LOGIN = "/en/account/login/"
KEPT = "You are signed out. We kept what you sent. Sign in to continue."


@pytest.fixture
def strict(learner, enrolment):
    """A browser, which does not forgive a missing token, with the first lesson open."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    page = client.get(FIRST)
    client.form = {"event": event_id(page), "csrfmiddlewaretoken": page.context["csrf_token"]}
    return client


def enter(client, username, there):
    token = client.get(LOGIN).context["csrf_token"]
    form = {"login": username, "password": PASSWORD, "next": there, "csrfmiddlewaretoken": token}
    return client.post(LOGIN, form)


@pytest.mark.parametrize("lost", ["session", "all cookies"])
def test_lesson_finished_after_the_session_is_done_after_the_sign_in(strict, learner, lost):
    del strict.cookies["sessionid"]
    if lost == "all cookies":
        strict.cookies.clear()
    answer = strict.post(f"{FIRST}?in=en", strict.form)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, LOGIN)
    assert KEPT in words(strict.get(answer.url))
    assert LessonCompletion.objects.count() == 0

    assert enter(strict, "amina", f"{FIRST}?in=en").url == f"{FIRST}?in=en"
    page = strict.get(f"{FIRST}?in=en", follow=True)
    assert page.redirect_chain[-1][0] == SECOND
    assert "The lesson that you finished earlier is now marked as done." in words(page)
    assert LessonCompletion.objects.get().enrolment.learner == learner
    # It is taken in once.
    assert strict.get(FIRST).status_code == 200


def test_lesson_finished_with_the_token_of_the_session_before_is_done(strict):
    strict.logout()
    enter(strict, "amina", "/en/account/")
    assert strict.post(FIRST, strict.form).url == FIRST
    assert strict.get(FIRST).url == SECOND
    assert LessonCompletion.objects.count() == 1


def test_lesson_is_not_done_for_somebody_else_at_the_same_device(strict, course):
    other = UserFactory(username="nobuhle")
    enrolled(course=course, learner=other)
    del strict.cookies["sessionid"]
    strict.post(FIRST, strict.form)
    enter(strict, "nobuhle", FIRST)
    assert strict.get(FIRST).status_code == 200
    assert LessonCompletion.objects.count() == 0


def test_notice_that_it_is_kept_stands_on_every_page_before_the_sign_in(strict):
    del strict.cookies["sessionid"]
    page = strict.get(strict.post(FIRST, strict.form).url)
    token = {"csrfmiddlewaretoken": page.context["csrf_token"], "login": "amina"}
    assert KEPT in words(strict.post(LOGIN, token | {"password": "wrong"}))
    assert KEPT in words(strict.post(f"{LOGIN}code/", token | {"next": FIRST}))
    enter(strict, "amina", FIRST)
    assert "said_kept" not in strict.session


@pytest.mark.parametrize("event", ["", "x", "0" * 32])
def test_form_that_says_nothing_leads_to_the_sign_in(strict, event):
    del strict.cookies["sessionid"]
    assert strict.post(FIRST, strict.form | {"event": event}).url.split("?")[0] == LOGIN
    enter(strict, "amina", FIRST)
    assert strict.get(FIRST).status_code == 200
    assert LessonCompletion.objects.count() == 0


def test_page_of_a_form_that_could_not_be_taken_in_leads_to_the_sign_in_and_back(strict):
    strict.cookies.clear()
    page = strict.post("/en/groups/", {}, HTTP_REFERER=f"http://testserver{COURSE}?a=1&b=2")
    assert page.status_code == 403
    link = f'{LOGIN}?next={COURSE.replace("/", "%2F")}%3Fa%3D1%26b%3D2"'
    assert link in page.content.decode()
    page = strict.post("/en/groups/", {}, HTTP_REFERER="http://elsewhere.example.org/x")
    assert (f'href="{LOGIN}"' in page.content.decode(), "elsewhere.example.org" in page.content.decode()) == (
        True,
        False,
    )
