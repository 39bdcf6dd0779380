"""What is sent without the session it was written in: kept for its person, over the sign-in, and for nobody else."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from maarifa.accounts import actions
from maarifa.accounts.actions.keeping import KEPT_FOR, MOST_CHARACTERS, MOST_OF_A_PERSON
from maarifa.accounts.keeping import SEALED_FOR, page_of, seal
from maarifa.accounts.models import KeptPost
from maarifa.quizzes.models import Attempt
from tests.accounts.entering import PASSWORD, is_in, who
from tests.factories.accounts import UserFactory
from tests.factories.learning import RIGHT, WRONG, enrolled, form_of, send_answers, start_quiz
from tests.learning.answering import answers_page, field_of, form_on, kept_of, load, post
from tests.learning.reading import attempt_page, result_page, words

LOGIN = "/en/account/login/"


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment, at=timezone.now())


@pytest.fixture
def strict(learner):
    """A browser, which does not forgive a missing token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    return client


def enter(client, username):
    """By the form."""
    page = client.get(LOGIN)
    token = page.context["csrf_token"]
    return client.post(LOGIN, {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token})


def leave(client):
    """The session ends; the token against forged forms outlives it."""
    del client.cookies["sessionid"]


def filled(client, attempt, answers=RIGHT) -> dict:
    return {**load(client, attempt), **form_of(attempt, answers)}


@pytest.mark.parametrize("press", ["save", "send"])
def test_answers_sent_after_a_sign_out_are_saved_after_the_sign_in(strict, attempt, press):
    form = filled(strict, attempt)
    leave(strict)
    response = post(strict, attempt, form, press=press)
    assert response["Location"] == f"{LOGIN}?next={quote(attempt_page(attempt), safe='')}"
    page = strict.get(response["Location"])
    assert "You are signed out. We kept what you sent. Sign in to continue." in words(page)
    assert kept_of(attempt) == dict.fromkeys(RIGHT)
    sent = {"login": "amina", "password": PASSWORD, "next": attempt_page(attempt)}
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    assert strict.post(LOGIN, sent | token)["Location"] == attempt_page(attempt)
    page = strict.get(attempt_page(attempt), follow=True)
    said = "Done: The answers that you sent earlier are saved. They are not submitted yet."
    assert said in words(page)
    assert kept_of(attempt) == RIGHT
    # It saves; sending is for whoever looks at it once more.
    assert Attempt.objects.get().submitted_at is None
    assert KeptPost.objects.count() == 0


def test_answers_sent_with_the_token_of_the_session_before_are_saved(strict, attempt, learner):
    """Signed out and in again in another window, so that the token of this page has been replaced."""
    form = filled(strict, attempt)
    strict.logout()
    enter(strict, "amina")
    assert is_in(strict)
    response = post(strict, attempt, form)
    assert response["Location"] == attempt_page(attempt)
    strict.get(attempt_page(attempt))
    assert kept_of(attempt) == RIGHT


def test_script_is_told_where_to_sign_in(strict, attempt):
    form = filled(strict, attempt)
    leave(strict)
    said = post(strict, attempt, form, headers={"accept": "application/json"}).json()
    assert said == {"url": f"{LOGIN}?next={quote(attempt_page(attempt), safe='')}", "done": False}
    assert KeptPost.objects.count() == 1


def test_another_person_at_the_same_device_never_gets_them(strict, attempt, course):
    form = filled(strict, attempt)
    leave(strict)
    other = enrolled(course=course, learner=UserFactory(username="joao", password=PASSWORD))
    enter(strict, "joao")
    # With the token of their session, and with the old one.
    theirs = start_quiz(other, at=timezone.now())
    token = load(strict, theirs)["csrfmiddlewaretoken"]
    for sent in ({**form, "csrfmiddlewaretoken": token}, form):
        response = post(strict, attempt, sent)
        assert response["Location"] == "/en/"
        assert "What was sent earlier is kept for the person who wrote it" in words(
            strict.get("/en/", follow=True)
        )
    assert strict.get(attempt_page(attempt)).status_code == 404
    assert kept_of(theirs) == kept_of(attempt) == dict.fromkeys(RIGHT)
    leave(strict)
    enter(strict, "amina")
    strict.get(attempt_page(attempt))
    assert kept_of(attempt) == RIGHT


def test_answers_kept_from_an_old_window_do_not_overwrite_newer_ones(strict, attempt):
    form = filled(strict, attempt, WRONG)
    send_answers(attempt, RIGHT, kind="answer-saved", at=timezone.now())
    leave(strict)
    post(strict, attempt, form)
    enter(strict, "amina")
    page = strict.get(attempt_page(attempt))
    assert kept_of(attempt) == RIGHT
    assert words(page).count("This question has two different answers.") == 3
    assert "Not saved yet: 7" in words(page)


def test_form_without_a_session_never_overwrites_what_is_saved(strict, attempt):
    """Whoever has read the seal can say that they saw what stands."""
    send_answers(attempt, RIGHT, kind="answer-saved", at=timezone.now())
    form = filled(strict, attempt, WRONG)
    for more in ({}, {"seen": None}):
        said = {name: value for name, value in {**form, **more}.items() if value is not None}
        post(Client(), attempt, said)
        page = strict.get(attempt_page(attempt))
        assert kept_of(attempt) == RIGHT
        assert words(page).count("This question has two different answers.") == 3
    # Who looks at both decides.
    post(strict, attempt, {**form_on(page), **form_of(attempt, WRONG)})
    assert kept_of(attempt) == WRONG
    assert KeptPost.objects.count() == 0


def test_second_form_of_a_loading_replaces_the_first(strict, attempt):
    form = filled(strict, attempt)
    for number in range(30):
        post(Client(), attempt, {**form, field_of(attempt, "numeric"): str(number)})
    kept = KeptPost.objects.get()
    assert kept.fields[field_of(attempt, "numeric")] == ["29"]


def test_two_forms_kept_are_both_saved(strict, attempt):
    one = {**load(strict, attempt), field_of(attempt, "single"): ["a"]}
    other = {**load(strict, attempt), field_of(attempt, "numeric"): "193"}
    leave(strict)
    for form in (one, other, other):
        post(strict, attempt, form)
    assert KeptPost.objects.count() == 2
    enter(strict, "amina")
    strict.get(attempt_page(attempt))
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": "193"}


def test_number_that_could_not_be_read_and_was_emptied_stays_empty(strict, attempt):
    name = field_of(attempt, "numeric")
    post(strict, attempt, {**load(strict, attempt), name: "two"})
    form = load(strict, attempt)
    assert form[name] == "two"
    leave(strict)
    post(strict, attempt, {**form, name: ""}, press="send")
    enter(strict, "amina")
    page = strict.get(attempt_page(attempt), follow=True)
    assert "The answers that you sent earlier are saved." in words(page)
    assert "two" not in form_on(page).values()
    assert KeptPost.objects.count() == 0


def test_answers_kept_until_after_the_submission_change_nothing(strict, attempt):
    form = filled(strict, attempt)
    leave(strict)
    post(strict, attempt, form)
    send_answers(attempt, WRONG, at=timezone.now())
    enter(strict, "amina")
    assert strict.get(attempt_page(attempt))["Location"] == result_page(attempt)
    assert kept_of(attempt) == WRONG


@pytest.mark.parametrize("broken", ["", "x", "forged", "other page", "old", "closed", "signed out"])
def test_form_without_a_seal_of_ours_is_not_kept(strict, attempt, learner, broken):
    form = filled(strict, attempt)
    uuid, rest = form["keep"][:36], form["keep"][36:]
    form["keep"] = {
        "forged": f"{UserFactory().public_id}{rest}",
        "other page": f"{uuid}/learn/another{rest}",
    }.get(broken, broken if broken in ("", "x") else form["keep"])
    if broken == "signed out":
        strict.post("/en/account/logout/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
        assert not is_in(strict)
    else:
        leave(strict)
    if broken == "closed":
        actions.close_account(user=learner, by=learner)
    later = SEALED_FOR + timedelta(minutes=1) if broken == "old" else timedelta()
    with time_machine.travel(timezone.now() + later, tick=False):
        response = post(strict, attempt, form)
    assert response["Location"].startswith(LOGIN)
    assert KeptPost.objects.count() == 0


def test_what_is_kept_is_bounded_in_size_number_and_time(learner):
    many = {"q1": ["x" * MOST_CHARACTERS]}
    assert actions.keep_post(person=learner, page="/a/", fields=many) is None
    other = actions.keep_post(person=UserFactory(), page="/a/", fields={})
    genuine = actions.keep_post(person=learner, page="/a/", fields={"q1": ["genuine"]})
    for number in range(MOST_OF_A_PERSON + 3):
        name, fields = f"seal {number}", {"q1": [str(number)]}
        kept = actions.keep_post(person=learner, page="/a/", fields=fields, seal=name)
        assert (kept is None) == (number >= MOST_OF_A_PERSON - 1)
    # What was there stays, and there is room for what comes with a session.
    assert KeptPost.objects.of_page(learner, "/a/").first() == genuine
    assert actions.keep_post(person=learner, page="/a/", fields={"q1": ["mine"]}) is not None
    KeptPost.objects.exclude(pk=other.pk).update(kept_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    assert actions.forget_kept_posts() == MOST_OF_A_PERSON + 1
    assert KeptPost.objects.get() == other


def test_page_is_the_same_in_every_language(learner):
    assert page_of("/ar/learn/x/") == page_of("/en/learn/x/") == "/learn/x/"
    assert page_of("/verify/") == "/verify/"
    assert seal(learner, "/learn/x/") != seal(UserFactory(), "/learn/x/")


# The token of another session, elsewhere -------------------------------------------------------------------


@pytest.mark.parametrize("page", ["login/", "signup/", "login/code/"])
def test_second_window_for_signing_in_goes_on_for_who_is_in_by_now(attempt, page):
    window = Client(enforce_csrf_checks=True)
    window.get(LOGIN)
    enter(window, "amina")
    sent = {
        "login": "amina",
        "password": PASSWORD,
        "next": attempt_page(attempt),
        "csrfmiddlewaretoken": "x" * 64,
    }
    assert window.post(f"/en/account/{page}", sent)["Location"] == attempt_page(attempt)
    response = window.post(f"/en/account/{page}", {**sent, "next": "https://elsewhere.example/"})
    assert response["Location"].startswith("/en/")
    assert who(window).username == "amina"


def test_second_window_for_signing_in_is_refused_while_nobody_is_in(attempt):
    window = Client(enforce_csrf_checks=True)
    response = window.post(LOGIN, {"login": "amina", "password": PASSWORD, "next": "/en/"})
    assert response.status_code == 403
    assert not is_in(window)


def test_long_texts_of_a_form_of_ours_are_given_back(strict):
    text = "What I wrote about our valley.\nIn three lines,\nwith <b>signs</b> in it."
    form = {"note": text, "name": "Amina", "password": "a b" * 40, "csrfmiddlewaretoken": "x" * 64}
    ours = strict.post("/en/account/", form, headers={"origin": "http://testserver"})
    assert ours.status_code == 403
    assert "Your text is not lost. Copy it from here" in words(ours)
    assert "&lt;b&gt;signs&lt;/b&gt; in it.</textarea>" in ours.content.decode()
    assert "a ba b" not in ours.content.decode()
    # Another site's words don't stand on our page.
    for headers in ({"origin": "https://elsewhere.example"}, {"origin": "http://[bad"}, {}):
        page = strict.post("/en/account/", form, headers=headers)
        assert "Go back in your browser. What you typed is usually still there." in words(page)
        assert "our valley" not in page.content.decode()


def test_nobody_takes_answers_in_without_signing_in(client, attempt):
    form = form_of(attempt, RIGHT)
    response = client.post(answers_page(attempt), form)
    assert response["Location"] == f"{LOGIN}?next={answers_page(attempt)}"
    assert kept_of(attempt) == dict.fromkeys(RIGHT)
