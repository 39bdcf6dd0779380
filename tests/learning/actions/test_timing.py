"""Timed attempts at the event intake, and what staff decide about them."""

from datetime import timedelta

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.learning.actions import (
    decide_late_answers,
    end_if_over,
    end_timed_attempts,
    events,
    extend_attempt,
    set_extra_time,
    timing,
)
from maarifa.learning.models import Enrolment, ReviewCard
from maarifa.quizzes import actions as quizzes
from maarifa.quizzes.actions import end_attempt, note_presence
from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.models import Attempt, LateAnswers, ServerPresence, TimeExtension
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    enrolled,
    read_lesson,
    refresh_all,
    send_answers,
    start_quiz,
)
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


def test_review_cards_hear_of_what_the_server_ended_and_of_late_answers_that_count(enrolment, attempt):
    """Neither is an activity of the learner."""
    send_answers(attempt, {**RIGHT, "numeric": None}, kind="answer-saved", at=MONDAY + MINUTE)
    beat(until=MONDAY + 22 * MINUTE)
    refresh_all(at=MONDAY + 20 * MINUTE)
    assert not ReviewCard.objects.exists()
    assert end_timed_attempts(at=MONDAY + 22 * MINUTE) == 1
    refresh_all(at=MONDAY + 23 * MINUTE)
    card = ReviewCard.objects.get(question__kind="numeric")
    assert card.due_at == card.exposed_at + timedelta(days=1)
    send_answers(attempt, RIGHT, at=MONDAY + 25 * MINUTE)
    refresh_all(at=MONDAY + 60 * MINUTE)
    late = LateAnswers.objects.get()
    decide_late_answers(enrolment=enrolment, late_answers=late, accept=True, by=UserFactory())
    refresh_all(at=MONDAY + 61 * MINUTE)
    card.refresh_from_db()
    assert card.due_at == card.exposed_at + timedelta(days=4)


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


def test_time_is_given_back_by_the_next_request_where_the_first_one_was_undone(attempt):
    note_presence(at=MONDAY + MINUTE)
    with pytest.raises(AnswerError):
        send_answers(
            attempt, {**RIGHT, "numeric": {"no": "number"}}, kind="answer-saved", at=MONDAY + 61 * MINUTE
        )
    assert again(attempt).ends_at == MONDAY + 20 * MINUTE
    saved = send_answers(attempt, RIGHT, kind="answer-saved", at=MONDAY + 61 * MINUTE + SECOND)
    assert saved["status"] == "accepted"
    assert again(attempt).ends_at == MONDAY + 80 * MINUTE + SECOND


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


DUE = MONDAY + 60 * MINUTE
GRACE_OVER = DUE + 60 * MINUTE


@pytest.fixture
def due(course):
    return enrolled(course=course, due_at=DUE, due_zone="UTC", due_local="2026-11-23T09:00:00")


def judged(attempt):
    ended = again(attempt)
    return ended.timed_out, ended.late, ended.passed


@pytest.mark.parametrize(("started", "late"), [(GRACE_OVER, ""), (GRACE_OVER + SECOND, "awaiting")])
@pytest.mark.parametrize("ended_by", ["server", "page"])
def test_attempt_that_lasts_to_its_end_is_late_where_it_was_started_late(due, started, late, ended_by):
    attempt, over = start_quiz(due, at=started), started + 20 * MINUTE
    send_answers(attempt, RIGHT, kind="answer-saved", at=started)
    # The server was at work all the time.
    ServerPresence.objects.update(at=over + 61 * SECOND)
    if ended_by == "server":
        assert end_timed_attempts(at=over + 61 * SECOND) == 1
    else:
        sent = send_answers(attempt, RIGHT, at=over + 2 * SECOND)
        assert (sent["status"], sent["late"]) == ("accepted", bool(late))
    assert judged(attempt) == (ended_by == "server", late, True)


def test_attempt_that_was_started_in_time_and_submitted_before_its_end_is_late_after_the_deadline(due):
    attempt = start_quiz(due, at=GRACE_OVER)
    send_answers(attempt, RIGHT, at=GRACE_OVER + 20 * MINUTE - SECOND)
    assert judged(attempt) == (False, "awaiting", True)


@pytest.mark.parametrize(
    ("kind", "action"), [("answer-saved", "save_answers"), ("quiz-submitted", "submit_attempt")]
)
def test_answers_of_an_attempt_that_is_ended_while_they_are_taken_in_are_kept(
    attempt, monkeypatch, kind, action
):
    take_in = getattr(quizzes, action)

    def slowly(**given):
        assert end_attempt(attempt=again(attempt), at=MONDAY + 22 * MINUTE)
        return take_in(**given)

    note_presence(at=MONDAY + 20 * MINUTE)
    monkeypatch.setattr(quizzes, action, slowly)
    sent = send_answers(attempt, RIGHT, kind=kind, at=MONDAY + 21 * MINUTE)
    assert (sent["status"], sent["code"]) == ("refused", "TIME_OVER")
    assert len(LateAnswers.objects.get().responses) == len(RIGHT)
    assert not again(attempt).passed


@pytest.mark.parametrize("kind", ["answer-saved", "quiz-submitted"])
def test_answers_of_an_attempt_that_gets_more_time_while_they_are_taken_in_count(
    enrolment, attempt, monkeypatch, kind
):
    def slowly(**given):
        more = {"minutes": 5, "reason": "interruption", "by": UserFactory(), "at": MONDAY + 22 * MINUTE}
        extend_attempt(enrolment=enrolment, attempt=again(attempt), **more)
        return end_if_over(**given)

    note_presence(at=MONDAY + 21 * MINUTE)
    monkeypatch.setattr(events, "end_if_over", slowly)
    sent = send_answers(attempt, RIGHT, kind=kind, at=MONDAY + 22 * MINUTE)
    assert sent["status"] == "accepted"
    assert not LateAnswers.objects.exists()
    assert kept_of(attempt) == RIGHT


def test_untimed_attempts_are_left_alone(db):
    attempt = start_quiz(enrolled())
    assert end_timed_attempts(at=MONDAY + timedelta(days=400)) == 0
    assert again(attempt).is_open
