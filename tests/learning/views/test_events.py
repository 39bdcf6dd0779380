"""The event intake for scripts."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.learning.models import Enrolment, Event, LessonCompletion
from tests.factories.accounts import UserFactory
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    enrolled,
    form_of,
    start_quiz,
)
from tests.learning.reading import EVENTS, FIRST

# The event intake for scripts -------------------------------------------------------------------------------------


def send(client, events, **more):
    return client.post(EVENTS, json.dumps({"events": events, **more}), content_type="application/json")


def lesson_event(lesson="first", **more):
    payload = {"course": "rules-that-work", "lesson": lesson, "language": "en"}
    return {"id": str(uuid4()), "kind": "lesson-read", "payload": payload, **more}


def test_batch_is_taken_in_and_answered_in_order(browser, enrolment):
    events = [lesson_event(), lesson_event("third"), lesson_event("second")]
    response = send(browser, events)
    assert response.status_code == 200
    outcomes = response.json()["outcomes"]
    assert [(one["id"], one["status"]) for one in outcomes] == [
        (events[0]["id"], "accepted"),
        (events[1]["id"], "refused"),
        (events[2]["id"], "accepted"),
    ]
    assert (outcomes[1]["code"], outcomes[1]["message"]) == (
        "UNKNOWN_LESSON",
        "There is no lesson “third” in this course.",
    )
    assert LessonCompletion.objects.count() == 2
    again = send(browser, events).json()["outcomes"]
    assert again == outcomes
    assert Event.objects.count() == 2


def test_batch_corrects_the_moments_by_the_phones_clock(browser, course, learner):
    enrolled(course=course, learner=learner, at=timezone.now() - timedelta(days=2))
    ahead = timedelta(days=700)
    happened = timezone.now() - timedelta(days=1)
    event = lesson_event(happened=(happened + ahead).isoformat())
    assert send(browser, [event], clock=(timezone.now() + ahead).isoformat()).status_code == 200
    kept = Event.objects.get()
    assert abs(kept.happened_at - happened) < timedelta(seconds=30)
    assert kept.client_time == (happened + ahead).isoformat()
    assert abs(kept.clock_offset_ms + ahead.total_seconds() * 1000) < 30_000


@pytest.mark.parametrize("clock", [None, "", "noon", 12, [], "2026-13-01T00:00:00Z"])
def test_batch_with_a_clock_that_cannot_be_read_is_believed_within_what_can_be(browser, enrolment, clock):
    assert send(browser, [lesson_event(happened="1970-01-01T00:00:00Z")], clock=clock).status_code == 200
    kept = Event.objects.get()
    assert (kept.happened_at, kept.clock_offset_ms) == (MONDAY, None)


@pytest.mark.parametrize(
    "event",
    [None, 7, "x", [], {}, {"id": 5}, {"id": "x"}, {"id": str(uuid4())}, {"id": str(uuid4()), "kind": []}],
)
def test_event_that_cannot_be_read_does_not_stop_the_others(browser, enrolment, event):
    outcomes = send(browser, [event, lesson_event()]).json()["outcomes"]
    assert [one["status"] for one in outcomes] == ["refused", "accepted"]
    assert outcomes[0]["code"] in ("BAD_PAYLOAD", "UNKNOWN_KIND")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "events",
        "[]",
        "{}",
        "null",
        '{"events": {}}',
        '{"events": "x"}',
        b"\xff\xfe",
        "[" * 100_000,
        json.dumps({"events": [{}] * 101}),
    ],
)
def test_batch_that_cannot_be_read_is_refused_whole(browser, enrolment, body):
    response = browser.post(EVENTS, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "BAD_BATCH")


def test_payload_nested_without_end_is_refused(browser, enrolment):
    deep = []
    for _level in range(200):
        deep = [deep]
    outcome = send(browser, [lesson_event(payload={"course": deep})]).json()["outcomes"][0]
    assert outcome["code"] == "BAD_PAYLOAD"


def test_answers_that_cannot_be_read_are_named_one_by_one(browser, enrolment):
    attempt = start_quiz(enrolment)
    payload = {"attempt": str(attempt.public_id), "responses": {"1": ["z"], "2": {}, "9": "x"}}
    event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
    outcome = send(browser, [event]).json()["outcomes"][0]
    assert outcome["status"] == "refused"
    assert [one["position"] for one in outcome["answers"]] == ["1", "2", "9"]


def test_batch_of_somebody_not_signed_in_is_to_be_sent_again(client, enrolment):
    response = send(client, [lesson_event()])
    assert (response.status_code, response.json()["code"]) == (401, "SIGN_IN")
    assert Event.objects.count() == 0


def test_batch_of_a_stranger_changes_nothing(client, course, enrolment):
    client.force_login(UserFactory())
    outcome = send(client, [lesson_event()]).json()["outcomes"][0]
    assert outcome["code"] == "NOT_ENROLLED"
    assert LessonCompletion.objects.count() == 0


def test_batch_needs_the_token_of_the_session(enrolment, learner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert send(strict, [lesson_event()]).status_code == 403
    page = strict.get(FIRST).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    body = json.dumps({"events": [lesson_event()]})
    response = strict.post(EVENTS, body, content_type="application/json", headers={"x-csrftoken": token})
    assert response.json()["outcomes"][0]["status"] == "accepted"


def test_saving_one_answer_takes_five_queries_with_the_person(browser, enrolment, django_assert_num_queries):
    attempt = start_quiz(enrolment, at=timezone.now())
    Enrolment.objects.update(last_activity_at=timezone.now())
    payload = {"attempt": str(attempt.public_id), "responses": {"1": None}}
    send(browser, [{"id": str(uuid4()), "kind": "answer-saved", "payload": payload}])
    for position, answer in form_of(attempt, RIGHT).items():
        payload["responses"] = {position[1:]: answer}
        event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
        with django_assert_num_queries(5 + 2):
            send(browser, [event])
