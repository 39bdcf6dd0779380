"""Timed attempts at the event intake, and what staff decide about them."""

from datetime import timedelta

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.learning.actions import (
    decide_late_answers,
    end_timed_attempts,
    extend_attempt,
    set_extra_time,
    timing,
)
from maarifa.learning.models import Enrolment
from maarifa.quizzes.actions import note_presence
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, LateAnswers, TimeExtension
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, read_lesson, send_answers, start_quiz
from tests.learning.answering import kept_of

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def fresh_process():
    """As in a process that has not looked at the clock yet."""
    timing._Heeded.at = None


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", at=MONDAY, time_limit=20)


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment)


def beat(*, until):
    """The worker is at work all the time, from Monday on."""
    moment = MONDAY
    while moment < until:
        note_presence(at=moment)
        moment += 15 * SECOND


def again(attempt):
    return Attempt.objects.get(pk=attempt.pk)


def test_extra_time_holds_for_what_is_started_from_then_on(enrolment):
    coordinator = UserFactory()
    assert set_extra_time(enrolment=enrolment, percent=50, by=coordinator)
    assert not set_extra_time(enrolment=enrolment, percent=50, by=coordinator)
    assert start_quiz(Enrolment.objects.get(pk=enrolment.pk)).ends_at == MONDAY + 30 * MINUTE
    entry = AuditEntry.objects.get(action="enrolment.extra_time")
    assert (entry.actor, entry.on_user, entry.details["percent"]) == (coordinator, enrolment.learner, 50)
    for wrong in (-1, 301):
        with pytest.raises(QuizError, match="0 to 300"):
            set_extra_time(enrolment=enrolment, percent=wrong, by=coordinator)


def test_what_arrives_too_late_is_kept_and_refused_and_ends_the_attempt(attempt):
    send_answers(attempt, {**RIGHT, "numeric": None}, kind="answer-saved", at=MONDAY + MINUTE)
    beat(until=MONDAY + 25 * MINUTE)
    late = send_answers(attempt, RIGHT, at=MONDAY + 25 * MINUTE)
    assert (late["status"], late["code"]) == ("refused", "TIME_OVER")
    ended = again(attempt)
    assert (ended.timed_out, ended.submitted_at) == (True, MONDAY + 20 * MINUTE)
    assert ended.score == ended.maximum * 2 // 3
    assert list(LateAnswers.objects.get().responses.values()) == ["193"]
    assert kept_of(attempt)["numeric"] is None
    # And once more, saved or submitted, for which the server need not have been the one that ended it.
    assert send_answers(attempt, WRONG, kind="answer-saved", at=MONDAY + 26 * MINUTE)["code"] == "TIME_OVER"
    assert LateAnswers.objects.count() == 2


def test_answers_given_in_time_and_sent_late_say_when_they_were_given(attempt):
    given = (MONDAY + 19 * MINUTE).isoformat()
    send_answers(
        attempt, RIGHT, kind="answer-saved", client_time=given, clock_offset_ms=0, at=MONDAY + 60 * MINUTE
    )
    assert LateAnswers.objects.get().happened_at == MONDAY + 19 * MINUTE


def test_the_same_late_event_twice_is_kept_once(attempt):
    client_id = "6f1c3c1e-2f5c-4a7e-9a43-0d8b6d7f0002"
    outcomes = [
        send_answers(attempt, RIGHT, client_id=client_id, at=MONDAY + minutes * MINUTE)
        for minutes in (25, 30)
    ]
    assert outcomes[0] == outcomes[1]
    assert LateAnswers.objects.count() == 1


def test_server_ends_what_is_over_and_completes_the_course(enrolment, attempt, completions):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    send_answers(attempt, RIGHT, kind="answer-saved", at=MONDAY + MINUTE)
    beat(until=MONDAY + 22 * MINUTE)
    assert end_timed_attempts(at=MONDAY + 21 * MINUTE) == 0
    assert end_timed_attempts(at=MONDAY + 22 * MINUTE) == 1
    assert end_timed_attempts(at=MONDAY + 22 * MINUTE + SECOND) == 0
    assert again(attempt).passed
    assert len(completions) == 1
    assert Enrolment.objects.get(pk=enrolment.pk).completion.completed_at == MONDAY + 20 * MINUTE


def test_time_is_given_back_before_anything_is_ended(attempt):
    note_presence(at=MONDAY + MINUTE)
    # The power comes back after an hour: of the 20 minutes 19 are left.
    assert end_timed_attempts(at=MONDAY + 61 * MINUTE) == 0
    assert again(attempt).ends_at == MONDAY + 80 * MINUTE


def test_first_request_after_a_power_cut_gives_the_time_back_too(attempt):
    note_presence(at=MONDAY + MINUTE)
    saved = send_answers(attempt, RIGHT, kind="answer-saved", at=MONDAY + 61 * MINUTE)
    assert saved["status"] == "accepted"
    assert again(attempt).ends_at == MONDAY + 80 * MINUTE


def save_every(attempt, step):
    """An answer saved at each step, until the 20 minutes are nearly over."""
    for number in range(1, int(19 * MINUTE / step) + 1):
        send_answers(attempt, RIGHT if number % 2 else WRONG, kind="answer-saved", at=MONDAY + number * step)


def test_saving_answers_of_a_timed_attempt_keeps_the_server_present(attempt):
    # A page asks every 40 seconds, and looks at the clock once a second.
    save_every(attempt, 41 * SECOND)
    assert not TimeExtension.objects.exists()
    assert again(attempt).ends_at == MONDAY + 20 * MINUTE


def test_silence_of_more_than_a_minute_is_an_outage(attempt):
    note_presence(at=MONDAY)
    save_every(attempt, 61 * SECOND)
    assert TimeExtension.objects.filter(reason="downtime", seconds=61).count() == 18


@pytest.mark.parametrize(("accept", "action"), [(True, "accepted"), (False, "refused")])
def test_decision_on_late_answers_is_audited_and_may_complete_the_course(
    enrolment, attempt, completions, accept, action
):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    send_answers(attempt, RIGHT, at=MONDAY + 25 * MINUTE)
    late, by = LateAnswers.objects.get(), UserFactory()
    assert decide_late_answers(enrolment=enrolment, late_answers=late, accept=accept, by=by)
    assert not decide_late_answers(enrolment=enrolment, late_answers=late, accept=not accept, by=by)
    assert again(attempt).passed is accept
    assert len(completions) == accept
    assert AuditEntry.objects.get(action=f"answers.late.{action}").on_user == enrolment.learner


def test_extension_is_audited(enrolment, attempt):
    by = UserFactory()
    extend_attempt(enrolment=enrolment, attempt=attempt, minutes=5, reason="interruption", by=by, at=MONDAY)
    entry = AuditEntry.objects.get(action="attempt.extended")
    assert (entry.actor, entry.details["minutes"], entry.details["reason"]) == (by, 5, "interruption")
    assert again(attempt).ends_at == MONDAY + 25 * MINUTE


def test_untimed_attempts_are_left_alone(db):
    attempt = start_quiz(enrolled())
    assert end_timed_attempts(at=MONDAY + timedelta(days=400)) == 0
    assert again(attempt).is_open
