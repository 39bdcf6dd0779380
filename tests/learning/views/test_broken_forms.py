"""Forms that no browser makes: kept or refused, and never an error page, on this visit or the next."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maarifa.accounts import actions
from maarifa.accounts.keeping import page_of
from maarifa.accounts.models import KeptPost
from tests.factories.learning import RIGHT, form_of, start_quiz
from tests.learning.answering import kept_of, load, post
from tests.learning.reading import attempt_page, words

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["\0", "7\0", "a", "193", "\ud800", "1e999", "NaN", "٧", "[", '"', "9" * 30]),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["1", "2", "3", "4", "\ud800", "\0"]), inner, max_size=3),
    ),
    max_leaves=6,
)
seen = st.one_of(texts, json_values.map(json.dumps))
fuzzed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sendable(value: str) -> str:
    """What a form can carry: half of a surrogate pair never comes in as such."""
    return value.encode(errors="replace").decode()


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment, at=timezone.now())


@pytest.mark.parametrize("broken", ["\ud800", "\0", ["\ud800"], [["a"]], {"a": 1}, 7, None])
@pytest.mark.parametrize("signed_in", [True, False])
def test_form_that_saw_what_cannot_be_is_kept_and_the_page_opens(browser, attempt, broken, signed_in):
    seen = json.dumps(dict.fromkeys("123", broken))
    form = {**load(browser, attempt), **form_of(attempt, RIGHT), "seen": seen}
    post(browser if signed_in else Client(), attempt, form)
    assert browser.get(attempt_page(attempt), follow=True).status_code == 200
    assert kept_of(attempt) == RIGHT


@pytest.mark.sqlite_only
def test_kept_form_that_cannot_be_taken_in_is_dropped_with_a_sentence(browser, attempt):
    """Kept by an earlier version, say; PostgreSQL holds no such text."""
    page = page_of(attempt_page(attempt))
    fields = {"q1": ["\ud800"], "seen": ["{}"], "event": [str(uuid4())]}
    KeptPost.objects.create(person=attempt.learner, page=page, digest="0" * 64, fields=fields)
    opened = browser.get(attempt_page(attempt), follow=True)
    assert (
        "Some of what you sent earlier could not be read, so it is not saved. Check your answers."
        in words(opened)
    )
    assert KeptPost.objects.count() == 0


def test_what_is_kept_can_be_stored_by_every_database(learner):
    kept = actions.keep_post(person=learner, page="/a/", fields={"q\0": ["7\0", "\ud800"]})
    kept.refresh_from_db()
    assert kept.fields == {"q": ["7", "?"]}


@fuzzed
@given(data=st.data())
def test_no_form_makes_an_error_page(browser, attempt, data):
    fields = st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q9", "q", "kept", "event", "keep"]), texts)
    form = {**load(browser, attempt), **data.draw(fields), "seen": data.draw(seen)}
    form = {name: sendable(value) if isinstance(value, str) else value for name, value in form.items()}
    sender = browser if data.draw(st.booleans()) else Client()
    assert post(sender, attempt, form, press=data.draw(st.sampled_from(["save", "send"]))).status_code < 500
    assert browser.get(attempt_page(attempt), follow=True).status_code < 500


@fuzzed
@given(data=st.data())
def test_no_event_makes_an_error(browser, attempt, data):
    payload = {
        "attempt": str(attempt.public_id),
        "responses": data.draw(json_values),
        "base": data.draw(json_values),
        "form": data.draw(st.one_of(json_values, st.uuids().map(str))),
        "language": data.draw(json_values),
        "course": data.draw(st.one_of(json_values, st.just(attempt.quiz.key.partition("/")[0]))),
        "quiz": data.draw(st.one_of(json_values, st.just(attempt.quiz.key.partition("/")[2]))),
    }
    kinds = st.sampled_from(["answer-saved", "quiz-submitted", "quiz-started", "lesson-read"])
    event = {
        "id": str(uuid4()),
        "kind": data.draw(kinds),
        "payload": payload,
        "happened": data.draw(json_values),
    }
    body = json.dumps({"clock": data.draw(json_values), "events": [event]})
    response = browser.post("/en/learn/events/", body, content_type="application/json")
    assert response.status_code < 500
