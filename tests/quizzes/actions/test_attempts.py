"""One learner's way through an attempt."""

from datetime import timedelta

import pytest
import time_machine

from maarifa.quizzes import actions
from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.kinds import KINDS, POINT
from maarifa.quizzes.models import Attempt, Question
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

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def position_of(kind, attempt):
    return str(attempt.questions.get(question_version__kind=kind).position)


# Starting


def test_start_draws_questions_and_freezes_the_terms(amina):
    version = make_version(make_quiz(draw=2))
    due = MONDAY + 24 * HOUR
    attempt = actions.start_attempt(
        learner=amina, quiz_version=version, language="ar", deadline=due, at=MONDAY
    )
    assert (attempt.number, attempt.language, attempt.started_at) == (1, "ar", MONDAY)
    assert attempt.maximum == 2 * POINT
    assert attempt.rules == {
        "pass_percent": 70,
        "attempts": 3,
        "wait_minutes": 60,
        "review": "all",
        "deadline": "2026-11-24T08:00:00+00:00",
    }
    assert [row.position for row in attempt.questions.order_by("position")] == [1, 2]
    assert kept(attempt) == {"1": None, "2": None}


def test_start_shuffles_choices_by_the_seed_but_not_true_and_false(amina):
    attempt = make_attempt(learner=amina)
    orders = {
        row.question_version.kind: row.choice_order
        for row in attempt.questions.select_related("question_version")
    }
    assert sorted(orders["single"]) == ["a", "b", "c"]
    assert sorted(orders["multiple"]) == ["a", "b", "c", "d"]
    assert orders["truefalse"] == ["true", "false"]
    assert orders["numeric"] == []


def test_start_returns_the_open_attempt_even_after_a_new_version(amina):
    version = make_version()
    attempt = make_attempt(learner=amina, quiz_version=version)
    Question.objects.filter(key="single-1").update(points=3)
    newer = actions.version_quiz(quiz=version.quiz)
    again = make_attempt(learner=amina, quiz_version=newer, language="ar")
    assert (again.pk, again.quiz_version_id) == (attempt.pk, version.pk)
    assert Attempt.objects.count() == 1


def test_start_waits_between_attempts(amina):
    version = make_version()
    submit(make_attempt(learner=amina, quiz_version=version), {}, at=MONDAY)
    with pytest.raises(QuizError) as caught:
        make_attempt(learner=amina, quiz_version=version, at=MONDAY + 59 * MINUTE)
    assert (caught.value.code, caught.value.params) == ("WAIT", {"until": MONDAY + HOUR})
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        assert str(caught.value) == "You can try again in 59 minutes."
    assert make_attempt(learner=amina, quiz_version=version, at=MONDAY + HOUR).number == 2


def test_start_refuses_when_all_attempts_are_used(amina, joao):
    version = make_version(attempts=2, wait_minutes=0)
    for _number in range(2):
        submit(make_attempt(learner=amina, quiz_version=version), {})
    with pytest.raises(QuizError) as caught:
        make_attempt(learner=amina, quiz_version=version)
    assert (caught.value.code, caught.value.params) == ("ATTEMPTS_USED", {"attempts": 2})
    assert make_attempt(learner=joao, quiz_version=version).number == 1


def test_start_refuses_who_has_passed(amina):
    version = make_version(wait_minutes=0)
    attempt = make_attempt(learner=amina, quiz_version=version)
    submit(attempt, right_responses(attempt))
    with pytest.raises(QuizError) as caught:
        make_attempt(learner=amina, quiz_version=version)
    assert (caught.value.code, caught.value.params) == ("ALREADY_PASSED", {})


# Saving


def test_save_keeps_answers_and_takes_them_back(amina):
    attempt = make_attempt(learner=amina)
    right = right_responses(attempt)
    assert save(attempt, right) == ["1", "2", "3", "4"]
    assert kept(attempt) == right
    assert save(attempt, right) == []
    assert save(attempt, {"2": None}) == ["2"]
    assert kept(attempt) == {**right, "2": None}
    assert Attempt.objects.get().saved_at == MONDAY


def test_save_of_nothing_is_nothing_to_the_database_too(amina):
    attempt = make_attempt(learner=amina)
    save(attempt, right_responses(attempt))
    save(attempt, dict.fromkeys("1234"))
    assert attempt.questions.filter(response__isnull=True).count() == 4


def test_save_keeps_the_answer_that_happened_last_whatever_arrives_last(amina):
    attempt = make_attempt(learner=amina)
    single = position_of("single", attempt)
    later, arrival = MONDAY + 5 * MINUTE, MONDAY + HOUR
    actions.save_answers(attempt=attempt, responses={single: ["b"]}, happened_at=later, at=arrival)
    actions.save_answers(
        attempt=attempt, responses={single: ["a"]}, happened_at=later - MINUTE, at=arrival + MINUTE
    )
    assert kept(attempt)[single] == ["b"]
    actions.save_answers(attempt=attempt, responses={single: None}, happened_at=later - MINUTE, at=arrival)
    assert kept(attempt)[single] == ["b"]


def test_save_keeps_an_answer_that_was_given_once_more_against_one_from_between(amina):
    attempt = make_attempt(learner=amina)
    single = position_of("single", attempt)
    for choice, minute in (("a", 1), ("a", 9), ("b", 5)):
        actions.save_answers(
            attempt=attempt,
            responses={single: [choice]},
            happened_at=MONDAY + minute * MINUTE,
            at=MONDAY + HOUR,
        )
    assert kept(attempt)[single] == ["a"]


def test_save_does_not_believe_a_clock_that_is_ahead_or_behind(amina):
    attempt = make_attempt(learner=amina)
    actions.save_answers(
        attempt=attempt, responses={"1": right_responses(attempt)["1"]}, happened_at=MONDAY - HOUR, at=MONDAY
    )
    actions.save_answers(
        attempt=attempt,
        responses={"2": right_responses(attempt)["2"]},
        happened_at=MONDAY + 9 * HOUR,
        at=MONDAY + HOUR,
    )
    assert attempt.questions.get(position=1).answered_at == MONDAY
    assert attempt.questions.get(position=2).answered_at == MONDAY + HOUR


def test_save_refuses_the_whole_batch_and_names_every_answer(amina):
    attempt = make_attempt(learner=amina)
    single, numeric = position_of("single", attempt), position_of("numeric", attempt)
    true_false = position_of("truefalse", attempt)
    with pytest.raises(AnswerError) as caught:
        save(attempt, {true_false: ["true"], single: ["z"], numeric: "many", "9": ["a"]})
    assert [refusal.as_data() for refusal in caught.value.all] == [
        {"code": "UNKNOWN_CHOICE", "position": single, "value": "z"},
        {"code": "NOT_A_NUMBER", "position": numeric, "value": "many"},
        {"code": "UNKNOWN_POSITION", "position": "9", "value": "9"},
    ]
    assert kept(attempt) == dict.fromkeys("1234")


def test_save_does_not_touch_the_answers_of_somebody_else(amina, joao):
    version = make_version()
    attempt = make_attempt(learner=amina, quiz_version=version)
    other = make_attempt(learner=joao, quiz_version=version)
    save(other, wrong_responses(other))
    save(attempt, right_responses(attempt))
    assert kept(other) == wrong_responses(other)


def test_save_is_refused_after_submission_also_to_who_does_not_know_of_it(amina):
    attempt = make_attempt(learner=amina)
    stale = Attempt.objects.get()
    submit(attempt, right_responses(attempt))
    for one in (attempt, stale):
        with pytest.raises(QuizError) as caught:
            save(one, wrong_responses(one))
        assert caught.value.code == "CLOSED"
    assert kept(attempt) == right_responses(attempt)


# Submitting


def test_submit_grades_answers_kept_and_sent(amina):
    attempt = make_attempt(learner=amina)
    right = right_responses(attempt)
    save(attempt, {key: right[key] for key in "12"})
    graded = submit(attempt, {"3": right["3"]}, at=MONDAY + MINUTE)
    assert (graded.score, graded.maximum, graded.passed) == (3 * POINT, 4 * POINT, True)
    assert (graded.submitted_at, graded.late) == (MONDAY + MINUTE, "")
    assert [row.score for row in attempt.questions.order_by("position")] == [POINT, POINT, POINT, 0]


def test_submit_without_a_single_answer_is_a_failed_attempt(amina):
    graded = submit(make_attempt(learner=amina), {})
    assert (graded.score, graded.passed) == (0, False)


def test_submit_again_changes_nothing_and_gives_the_first_result(amina):
    attempt = make_attempt(learner=amina)
    stale = Attempt.objects.get()
    submit(attempt, wrong_responses(attempt))
    for one in (attempt, stale):
        again = submit(one, right_responses(one), at=MONDAY + HOUR)
        assert (again.score, again.passed, again.submitted_at) == (0, False, MONDAY)
    assert kept(attempt) == wrong_responses(attempt)


def test_submit_with_an_answer_that_cannot_be_read_submits_nothing(amina):
    attempt = make_attempt(learner=amina)
    with pytest.raises(AnswerError):
        submit(attempt, {**right_responses(attempt), position_of("numeric", attempt): "a dozen"})
    assert Attempt.objects.get().is_open
    assert kept(attempt) == dict.fromkeys("1234")


def test_late_submission_awaits_a_decision(amina):
    version = make_version(wait_minutes=0)
    attempt = make_attempt(learner=amina, quiz_version=version)
    graded = submit(attempt, right_responses(attempt), late=True)
    assert (graded.late, graded.passed, graded.counts_as_passed) == ("awaiting", True, False)
    assert Attempt.objects.passed().count() == 0
    assert actions.decide_late(attempt=graded, accept=True) is True
    assert actions.decide_late(attempt=graded, accept=False) is False
    assert (graded.late, graded.counts_as_passed) == ("accepted", True)
    assert Attempt.objects.passed().get() == graded


def test_late_submission_that_is_refused_does_not_count(amina):
    version = make_version(wait_minutes=0)
    attempt = make_attempt(learner=amina, quiz_version=version)
    submit(attempt, right_responses(attempt), late=True)
    actions.decide_late(attempt=attempt, accept=False)
    assert Attempt.objects.passed().count() == 0
    assert make_attempt(learner=amina, quiz_version=version).number == 2


# What was asked stays as it was asked


def test_editing_a_question_does_not_touch_an_open_attempt(amina):
    version = make_version()
    attempt = make_attempt(learner=amina, quiz_version=version)
    right = right_responses(attempt)
    for question in Question.objects.all():
        question.structure = {"choices": ["x", "y"], "correct": ["x"]}
        question.kind, question.points = "single", 50
        question.save()
        question.texts.all().delete()
        question.texts.create(
            language="fr",
            texts={"stem": "Quoi ?", "choices": {"x": {"text": "X"}, "y": {"text": "Y"}}},
        )
    newer = actions.version_quiz(quiz=version.quiz)
    graded = submit(attempt, right)
    assert newer.number == 2
    assert (graded.score, graded.maximum) == (4 * POINT, 4 * POINT)


# Budgets


@pytest.mark.parametrize("count", [3, 10])
def test_whole_attempt_takes_fifteen_queries_whatever_its_length(amina, count, django_assert_num_queries):
    kinds = [list(KINDS)[number % 4] for number in range(count)]
    version = make_version(make_quiz(kinds))
    with django_assert_num_queries(6):
        attempt = make_attempt(learner=amina, quiz_version=version)
    right, wrong = right_responses(attempt), wrong_responses(attempt)
    with django_assert_num_queries(3):
        save(attempt, {"1": right["1"]})
    with django_assert_num_queries(3):
        save(attempt, wrong)
    with django_assert_num_queries(6):
        graded = submit(attempt, right)
    assert graded.score == graded.maximum == count * POINT
