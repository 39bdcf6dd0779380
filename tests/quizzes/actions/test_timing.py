"""Timed attempts: when they end, what the server gives back, what arrives too late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes import actions
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, Downtime, LateAnswers, TimeExtension
from maarifa.quizzes.stored import time_allowed
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import (
    MONDAY,
    kept,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    save,
    submit,
    wrong_responses,
)

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
REASON = TimeExtension.Reason.INTERRUPTION


@pytest.fixture
def version():
    return make_version(make_quiz(time_limit=20))


@pytest.fixture
def attempt(version):
    return make_attempt(learner=UserFactory(), quiz_version=version)


def refusal(call, *args, **more) -> str:
    with pytest.raises(QuizError) as caught:
        call(*args, **more)
    return caught.value.code


def test_time_is_the_limit_and_what_comes_on_top_for_the_learner(version):
    usual = make_attempt(learner=UserFactory(), quiz_version=version)
    longer = make_attempt(learner=UserFactory(), quiz_version=version, extra_percent=25)
    assert (usual.ends_at, longer.ends_at) == (MONDAY + 20 * MINUTE, MONDAY + 25 * MINUTE)
    assert longer.rules["time_limit"] == 20
    assert longer.rules["extra_percent"] == 25


def test_attempt_ends_when_the_quiz_closes_where_that_is_earlier(version):
    closing = MONDAY + 12 * MINUTE
    attempt = make_attempt(learner=UserFactory(), quiz_version=version, closes_at=closing)
    assert attempt.ends_at == closing
    code = refusal(make_attempt, learner=UserFactory(), quiz_version=version, closes_at=MONDAY)
    assert code == "QUIZ_CLOSED"
    untimed = make_version(make_quiz())
    assert make_attempt(learner=UserFactory(), quiz_version=untimed).ends_at is None
    closes = make_attempt(learner=UserFactory(), quiz_version=untimed, closes_at=closing)
    assert closes.ends_at == closing


@given(limit=st.integers(1, 1440), extra=st.integers(0, 300))
def test_nobody_gets_less_than_the_limit_or_a_minute_too_much(limit, extra):
    allowed = time_allowed(limit, extra)
    assert limit <= allowed
    assert 0 <= 100 * allowed - limit * (100 + extra) < 100


def test_later_edition_of_the_quiz_does_not_change_a_running_attempt(attempt, version):
    quiz = version.quiz
    quiz.time_limit = 5
    quiz.save()
    actions.version_quiz(quiz=quiz, at=MONDAY + MINUTE)
    attempt.refresh_from_db()
    assert attempt.ends_at == MONDAY + 20 * MINUTE


def test_answers_count_until_the_end_and_as_long_as_a_slow_line_takes(attempt):
    save(attempt, {"1": right_responses(attempt)["1"]}, at=MONDAY + 20 * MINUTE + 60 * SECOND)
    assert attempt.questions.get(position=1).answered_at == MONDAY + 20 * MINUTE
    late = MONDAY + 20 * MINUTE + 61 * SECOND
    assert refusal(save, attempt, {"2": right_responses(attempt)["2"]}, at=late) == "TIME_OVER"
    assert refusal(submit, attempt, right_responses(attempt), at=late) == "TIME_OVER"
    assert kept(attempt)["2"] is None
    attempt.refresh_from_db()
    assert attempt.is_open


def test_submission_that_arrives_within_the_minute_is_one_of_the_end(attempt):
    done = submit(attempt, right_responses(attempt), at=MONDAY + 20 * MINUTE + 30 * SECOND)
    assert (done.submitted_at, done.passed, done.timed_out) == (MONDAY + 20 * MINUTE, True, False)


def test_server_ends_an_attempt_once_with_what_is_saved(attempt):
    save(attempt, right_responses(attempt), at=MONDAY + MINUTE)
    over = MONDAY + 21 * MINUTE + SECOND
    assert actions.attempts_to_end(at=over - SECOND) == []
    assert not actions.end_attempt(attempt=attempt, at=over - SECOND)
    assert actions.attempts_to_end(at=over) == [attempt.pk]
    twin = Attempt.objects.get(pk=attempt.pk)
    assert actions.end_attempt(attempt=attempt, at=over)
    assert not actions.end_attempt(attempt=twin, at=over)
    for one in (attempt, twin):
        assert (one.timed_out, one.passed, one.submitted_at) == (True, True, MONDAY + 20 * MINUTE)
        assert (one.score, one.late) == (one.maximum, "")
    assert actions.attempts_to_end(at=over) == []


@pytest.mark.parametrize("send", [save, submit])
def test_answers_that_lose_to_the_server_are_refused_as_too_late(attempt, send):
    stale = Attempt.objects.get(pk=attempt.pk)
    actions.end_attempt(attempt=attempt, at=MONDAY + 22 * MINUTE)
    assert refusal(send, stale, right_responses(attempt), at=MONDAY + 20 * MINUTE) == "TIME_OVER"
    assert stale.timed_out


def test_answers_that_lose_to_a_submission_are_refused_as_closed(attempt):
    stale = Attempt.objects.get(pk=attempt.pk)
    submit(attempt, right_responses(attempt), at=MONDAY)
    assert refusal(save, stale, wrong_responses(attempt), at=MONDAY) == "CLOSED"


def test_attempt_that_was_extended_meanwhile_is_not_ended(attempt):
    stale = Attempt.objects.get(pk=attempt.pk)
    actions.extend_attempt(attempt=attempt, minutes=10, reason=REASON, by=UserFactory(), at=MONDAY)
    assert not actions.end_attempt(attempt=stale, at=MONDAY + 22 * MINUTE)
    assert stale.is_open


def test_extension_counts_from_now_where_the_time_is_over_already(attempt):
    by = UserFactory()
    actions.extend_attempt(attempt=attempt, minutes=5, reason=REASON, by=by, at=MONDAY + MINUTE)
    assert attempt.ends_at == MONDAY + 25 * MINUTE
    actions.extend_attempt(attempt=attempt, minutes=5, reason=REASON, by=by, at=MONDAY + 30 * MINUTE)
    assert Attempt.objects.get(pk=attempt.pk).ends_at == attempt.ends_at == MONDAY + 35 * MINUTE
    assert list(TimeExtension.objects.values_list("seconds", "added_by")) == [(300, by.pk), (300, by.pk)]


def test_extension_is_refused_where_another_end_stands_than_was_seen(attempt):
    more = {"minutes": 5, "reason": REASON, "by": UserFactory(), "seen": attempt.ends_at, "at": MONDAY}
    actions.extend_attempt(attempt=Attempt.objects.get(pk=attempt.pk), **more)
    assert refusal(actions.extend_attempt, attempt=attempt, **more) == "CHANGED"
    assert TimeExtension.objects.count() == 1


def test_extension_is_refused_where_there_is_nothing_to_extend(attempt):
    by = UserFactory()

    def extend(one, minutes=5):
        return refusal(actions.extend_attempt, attempt=one, minutes=minutes, reason=REASON, by=by, at=MONDAY)

    assert [extend(attempt, minutes) for minutes in (0, -1, 1441)] == ["BAD_MINUTES"] * 3
    untimed = make_attempt(learner=UserFactory(), quiz_version=make_version(make_quiz()))
    assert extend(untimed) == "NOT_TIMED"
    submit(attempt, right_responses(attempt), at=MONDAY)
    assert extend(attempt) == "CLOSED"
    assert not TimeExtension.objects.exists()


def test_server_that_was_away_gives_back_what_each_attempt_lost(version):
    actions.note_presence(at=MONDAY)
    before = make_attempt(learner=UserFactory(), quiz_version=version, at=MONDAY - 15 * MINUTE)
    begun_in_between = make_attempt(learner=UserFactory(), quiz_version=version, at=MONDAY + 2 * MINUTE)
    over = make_attempt(learner=UserFactory(), quiz_version=version, at=MONDAY - 25 * MINUTE)
    untimed = make_attempt(learner=UserFactory(), quiz_version=make_version(make_quiz()), at=MONDAY)
    submitted = make_attempt(learner=UserFactory(), quiz_version=version, at=MONDAY)
    submit(submitted, right_responses(submitted), at=MONDAY)
    back = MONDAY + 10 * MINUTE
    downtime = actions.note_presence(at=back)
    assert (downtime.began_at, downtime.ended_at) == (MONDAY, back)
    ends = {one: Attempt.objects.get(pk=one.pk).ends_at for one in (before, begun_in_between, over, untimed)}
    assert ends == {
        before: MONDAY + 15 * MINUTE,
        begun_in_between: MONDAY + 30 * MINUTE,
        over: MONDAY - 5 * MINUTE,
        untimed: None,
    }
    assert set(downtime.extensions.values_list("attempt", "seconds")) == {
        (before.pk, 600),
        (begun_in_between.pk, 480),
    }


def test_giving_time_back_takes_no_query_more_for_more_attempts(version):
    def queries(downtime):
        with CaptureQueriesContext(connection) as context:
            assert actions.note_presence(at=MONDAY + downtime * 2 * MINUTE)
        return len(context)

    actions.note_presence(at=MONDAY)
    make_attempt(learner=UserFactory(), quiz_version=version)
    one = queries(1)
    for _learner in range(5):
        make_attempt(learner=UserFactory(), quiz_version=version)
    assert queries(2) == one
    assert TimeExtension.objects.count() == 7
    assert set(Attempt.objects.values_list("ends_at", flat=True)) == {
        MONDAY + 24 * MINUTE,
        MONDAY + 22 * MINUTE,
    }


def test_server_that_is_there_gives_nothing_back(attempt):
    for seconds in (0, 60, 60, 45, 105, 0):
        assert actions.note_presence(at=MONDAY + seconds * SECOND) is None
    assert not Downtime.objects.exists()
    assert actions.note_presence(at=MONDAY + 166 * SECOND) is not None
    assert actions.note_presence(at=MONDAY + 166 * SECOND) is None
    assert Downtime.objects.count() == TimeExtension.objects.count() == 1


def late(attempt, responses, *, minute=22):
    rows = list(attempt.questions.select_related("question_version"))
    at = MONDAY + minute * MINUTE
    return actions.keep_late_answers(
        attempt=attempt, responses=responses, happened_at=at + MINUTE, rows=rows, at=at
    )


def test_late_answers_are_kept_as_far_as_they_say_something_new(attempt):
    save(attempt, {"1": right_responses(attempt)["1"]}, at=MONDAY)
    sent = {**right_responses(attempt), "99": ["a"], "2": {"no": "answer"}}
    answers = late(attempt, sent)
    assert set(answers.responses) == set(right_responses(attempt)) - {"1", "2"}
    assert answers.happened_at == answers.arrived_at == MONDAY + 22 * MINUTE
    assert late(attempt, {"1": right_responses(attempt)["1"]}) is None


def test_late_answers_of_one_batch_wait_together(attempt):
    right, at = right_responses(attempt), MONDAY + 30 * MINUTE
    rows = list(attempt.questions.select_related("question_version"))

    def arrives(responses, *, given, at=at):
        happened_at = MONDAY + given * MINUTE
        return actions.keep_late_answers(
            attempt=attempt, responses=responses, happened_at=happened_at, rows=rows, at=at
        )

    for minute, position in enumerate(("1", "2", "3"), start=15):
        arrives({position: right[position]}, given=minute)
    # Given earlier, and sent later in the batch.
    arrives({"1": wrong_responses(attempt)["1"]}, given=12)
    together = LateAnswers.objects.get()
    assert together.responses == {position: right[position] for position in ("1", "2", "3")}
    assert (together.happened_at, together.arrived_at) == (MONDAY + 17 * MINUTE, at)
    arrives({"2": wrong_responses(attempt)["2"]}, given=18)
    together.refresh_from_db()
    assert together.responses["2"] == wrong_responses(attempt)["2"]
    assert arrives({"4": right["4"]}, given=18, at=at + SECOND) != together
    assert LateAnswers.objects.count() == 2


def test_accepting_late_answers_counts_what_their_batch_has_brought_meanwhile(attempt):
    right = right_responses(attempt)
    actions.end_attempt(attempt=attempt, at=MONDAY + 22 * MINUTE)
    first = late(attempt, {"1": right["1"]})
    late(attempt, right)
    actions.decide_late_answers(late_answers=first, accept=True, by=UserFactory(), at=MONDAY)
    attempt.refresh_from_db()
    assert attempt.score == attempt.maximum


def test_late_answers_that_wait_already_are_not_kept_twice(attempt):
    right = right_responses(attempt)
    assert late(attempt, right)
    assert late(attempt, right, minute=23) is None
    assert late(attempt, {"1": right["1"]}, minute=24) is None
    # Something else in between: the same again is new.
    assert late(attempt, wrong_responses(attempt), minute=25)
    again = late(attempt, right, minute=26)
    assert again.responses == right
    # And so it is after a decision.
    for row in LateAnswers.objects.all():
        actions.decide_late_answers(late_answers=row, accept=False, by=UserFactory(), at=MONDAY)
    assert late(attempt, right, minute=27)


def test_accepted_late_answers_are_graded_and_refused_ones_are_not(attempt):
    actions.end_attempt(attempt=attempt, at=MONDAY + 22 * MINUTE)
    assert (attempt.score, attempt.passed) == (0, False)
    by = UserFactory()
    first = late(attempt, right_responses(attempt))
    second = late(attempt, wrong_responses(attempt), minute=23)
    assert actions.decide_late_answers(late_answers=second, accept=False, by=by, at=MONDAY)
    assert actions.decide_late_answers(late_answers=first, accept=True, by=by, at=MONDAY)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed, attempt.timed_out) == (attempt.maximum, True, True)
    assert not actions.decide_late_answers(late_answers=second, accept=True, by=by, at=MONDAY)
    attempt.refresh_from_db()
    assert attempt.score == attempt.maximum
    assert sorted(LateAnswers.objects.values_list("decision", flat=True)) == ["accepted", "refused"]


def test_accepted_late_answers_take_nobody_s_pass(attempt):
    save(attempt, right_responses(attempt), at=MONDAY)
    actions.end_attempt(attempt=attempt, at=MONDAY + 22 * MINUTE)
    worse = late(attempt, wrong_responses(attempt))
    actions.decide_late_answers(late_answers=worse, accept=True, by=UserFactory(), at=MONDAY)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed) == (0, True)
