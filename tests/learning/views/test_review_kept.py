"""What is sent to a review by whom, and when: without a session, by strangers, and late."""

import re
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from maarifa.accounts.models import KeptPost
from maarifa.learning.models import (
    Event,
    ReviewAnswer,
    ReviewCard,
)
from tests.accounts.entering import PASSWORD
from tests.factories.accounts import UserFactory
from tests.factories.learning import (
    enrolled,
    pass_quiz,
    read_lesson,
    refresh_all,
)
from tests.learning.events import DAY
from tests.learning.reading import heading, words
from tests.learning.reviewing import ALL_RIGHT, ANSWERS, LATER, REVIEW, answered, form_of, send


@pytest.fixture(autouse=True)
def now():
    """Ten days after everything was learned; sessions last."""
    with time_machine.travel(LATER, tick=False):
        yield LATER


@pytest.fixture
def learned(enrolment):
    """Four questions are due: one for practice, three of a passed quiz."""
    read_lesson(enrolment, "first")
    pass_quiz(enrolment)
    refresh_all()
    return enrolment


# Nothing typed is lost ----------------------------------------------------------------------------------------


def test_answers_sent_after_the_session_ended_stand_in_the_form_after_the_sign_in(learner, learned):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner)
    form = answered(form_of(browser.get(REVIEW)), {"single": ["a"], "numeric": "193"})
    del browser.cookies["sessionid"]
    response = browser.post(ANSWERS, form)
    assert response["Location"] == f"/en/account/login/?next={quote(REVIEW, safe='')}"
    browser.force_login(learner)
    page = browser.get(REVIEW)
    assert "We kept the answers that you sent earlier. Check them, then press the button below." in words(
        page
    )
    assert not ReviewAnswer.objects.exists()
    kept = form_of(page)
    assert kept["event"] == form["event"]
    assert sorted(value for name, value in kept.items() if re.fullmatch(r"q\d", name)) == [["193"], ["a"]]
    response = browser.post(ANSWERS, kept)
    assert heading(browser.get(response["Location"])) == "2 of 2 answers correct"
    assert not KeptPost.objects.exists()


def test_another_person_at_the_same_device_never_gets_them(browser, learned, course):
    form = answered(form_of(browser.get(REVIEW)), ALL_RIGHT)
    other = enrolled(course=course, learner=UserFactory(username="joao", password=PASSWORD))
    browser.force_login(other.learner)
    browser.post(ANSWERS, form)
    assert not ReviewAnswer.objects.exists()
    assert "We kept" not in words(browser.get(REVIEW))
    assert KeptPost.objects.get().person == learned.learner


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"card": "x"},
        {"card": [str(UUID(int=1))], "q1": "a"},
        {"event": "x", "card": ["x"] * 50, "version": ["9" * 99], "kept": ["x", str(uuid4())]},
    ],
)
def test_form_that_nobody_made_leads_back(browser, learned, fields):
    assert browser.post(ANSWERS, fields)["Location"] == REVIEW
    assert not ReviewAnswer.objects.exists()


def test_opened_address_of_the_form_leads_to_the_page(browser, learned):
    assert browser.get(ANSWERS)["Location"] == REVIEW


# Strangers ----------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to(client, learned):
    for path in (REVIEW, ANSWERS, f"{REVIEW}{uuid4()}/"):
        assert client.get(path)["Location"] == f"/en/account/login/?next={path}"


def test_result_of_somebody_else_is_not_there(browser, client, learned, course):
    location = send(browser, ALL_RIGHT)["Location"]
    other = Client()
    other.force_login(enrolled(course=course).learner)
    assert other.get(location).status_code == 404
    assert browser.get(location).status_code == 200


def test_card_of_somebody_else_in_a_form_is_left_out(browser, learned, course):
    theirs = enrolled(course=course)
    read_lesson(theirs, "first")
    refresh_all()
    card = ReviewCard.objects.get(enrolment=theirs)
    answer = browser.post(ANSWERS, {"event": str(uuid4()), "card": str(card.public_id), "q1": "1"})
    assert answer["Location"] == REVIEW
    assert not ReviewAnswer.objects.exists()


# The intake for scripts ---------------------------------------------------------------------------------------


def test_phone_that_was_offline_sends_its_answers_later(browser, learned):
    card = ReviewCard.objects.get(question__isnull=True)
    event = {
        "id": str(uuid4()),
        "kind": "card-reviewed",
        "happened": (LATER - 3 * DAY).isoformat(),
        "payload": {"card": str(card.public_id), "response": ["1"]},
    }
    batch = {"clock": LATER.isoformat(), "events": [event]}
    for _time in range(2):
        (outcome,) = browser.post("/en/learn/events/", batch, content_type="application/json").json()[
            "outcomes"
        ]
        assert (outcome["status"], outcome["right"]) == ("accepted", True)
    assert ReviewAnswer.objects.get().happened_at == LATER - 3 * DAY
    card.refresh_from_db()
    assert card.exposed_at == LATER - 3 * DAY
    assert Event.objects.filter(kind="card-reviewed").count() == 1
