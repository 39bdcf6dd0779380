"""Publishing a quiz, and one learner's way through an attempt."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from maarifa.accounts.models import User
from maarifa.lib.digests import short_digest
from maarifa.quizzes import actions
from maarifa.quizzes.enums import QuestionKind
from maarifa.quizzes.models import POINT, Attempt, PoolEntry, Question, QuestionVersion, QuizVersion
from maarifa.quizzes.refusals import AnswerRefusal, QuizRefusal
from maarifa.quizzes.signals import attempt_graded
from tests.factories.quizzes import (
    MONDAY,
    make_attempt,
    make_question,
    make_quiz,
    make_version,
    right_responses,
    words_of,
    wrong_responses,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def amina():
    return User.objects.create_user("amina", name="Amina Diallo")


@pytest.fixture
def joao():
    return User.objects.create_user("joao", name="João Machava")


@pytest.fixture
def heard():
    """What the rooms above hear."""
    attempts = []

    def hear(sender, attempt, **kwargs):
        attempts.append((attempt.pk, attempt.score, attempt.passed, attempt.late, connection.in_atomic_block))

    attempt_graded.connect(hear)
    yield attempts
    attempt_graded.disconnect(hear)


@pytest.fixture
def alone():
    """This room without those above, which count what they ask for themselves."""
    receivers, attempt_graded.receivers = attempt_graded.receivers, []
    attempt_graded.sender_receivers_cache.clear()
    yield
    attempt_graded.receivers = receivers
    attempt_graded.sender_receivers_cache.clear()


def submit(attempt, responses, at=MONDAY, **more):
    return actions.submit_attempt(attempt=attempt, responses=responses, happened_at=at, at=at, **more)


def save(attempt, responses, at=MONDAY, **more):
    return actions.save_answers(attempt=attempt, responses=responses, happened_at=at, at=at, **more)


def kept(attempt):
    return {str(row.position): row.response for row in attempt.questions.order_by("position")}


def position_of(kind, attempt):
    return str(attempt.questions.get(question_version__kind=kind).position)


# Publishing


def test_version_quiz_keeps_rules_questions_and_words():
    quiz = make_quiz(draw=2, attempts=5, wait_minutes=30, pass_percent=60)
    version = actions.version_quiz(quiz=quiz, at=MONDAY)
    assert (version.number, version.made_at) == (1, MONDAY)
    assert version.rules == {"draw": 2, "pass_percent": 60, "attempts": 5, "wait_minutes": 30, "minutes": 10}
    asked = [entry.question_version for entry in version.entries.select_related("question_version__question")]
    assert [one.question.key for one in asked] == ["single-1", "multiple-2", "truefalse-3", "numeric-4"]
    first = asked[0]
    assert first.structure == {"choices": ["a", "b", "c"], "correct": ["b"]}
    assert first.words == {
        language: words_of("single", first.structure, "single-1", language) for language in ("en", "ar")
    }
    assert (first.source_language, first.states) == ("en", {"en": "source", "ar": "machine"})


def test_version_quiz_gives_the_same_version_where_nothing_changed():
    quiz = make_quiz()
    first = actions.version_quiz(quiz=quiz)
    assert actions.version_quiz(quiz=quiz) == first
    assert (QuizVersion.objects.count(), QuestionVersion.objects.count(), PoolEntry.objects.count()) == (
        1,
        4,
        4,
    )


def test_version_quiz_makes_anew_only_what_changed():
    quiz = make_quiz()
    first = actions.version_quiz(quiz=quiz)
    question = Question.objects.get(key="single-1")
    question.structure = {**question.structure, "correct": ["c"]}
    question.save()
    second = actions.version_quiz(quiz=quiz)
    assert (first.number, second.number) == (1, 2)
    assert [version.number for version in question.versions.all()] == [1, 2]
    assert QuestionVersion.objects.count() == 5
    question.structure = {**question.structure, "correct": ["b"]}
    question.save()
    assert actions.version_quiz(quiz=quiz) == first


def test_version_quiz_makes_a_new_version_for_new_rules():
    quiz = make_quiz()
    actions.version_quiz(quiz=quiz)
    quiz.pass_percent = 80
    quiz.save()
    second = actions.version_quiz(quiz=quiz)
    assert (second.number, second.rules["pass_percent"], second.entries.count()) == (2, 80, 4)
    assert QuestionVersion.objects.count() == 4


def test_version_quiz_leaves_out_what_is_retired():
    quiz = make_quiz(draw=3)
    Question.objects.filter(key="numeric-4").update(retired_at=MONDAY)
    version = actions.version_quiz(quiz=quiz)
    assert [entry.question_version.kind for entry in version.entries.all()] == [
        "single",
        "multiple",
        "truefalse",
    ]


def test_version_quiz_refuses_questions_that_are_not_complete():
    quiz = make_quiz()
    text = Question.objects.get(key="numeric-4").texts.get(language="en")
    text.words = {"stem": ""}
    text.save()
    Question.objects.get(key="single-1").texts.all().delete()
    with pytest.raises(QuizRefusal) as caught:
        actions.version_quiz(quiz=quiz)
    assert caught.value.code == "INVALID_QUESTIONS"
    assert caught.value.params == {"questions": ["single-1", "numeric-4"]}
    assert str(caught.value) == "Some questions of this quiz are not complete: single-1, numeric-4."
    assert QuestionVersion.objects.count() == 0


def test_version_quiz_refuses_to_draw_more_than_there_is():
    quiz = make_quiz(draw=5)
    with pytest.raises(QuizRefusal) as caught:
        actions.version_quiz(quiz=quiz)
    assert (caught.value.code, caught.value.params) == ("TOO_FEW_QUESTIONS", {"draw": 5, "found": 4})


def test_version_quiz_leaves_out_a_translation_with_holes_and_marks_a_stale_one():
    quiz = make_quiz([QuestionKind.SINGLE, QuestionKind.TRUEFALSE])
    hole = Question.objects.get(key="single-1").texts.get(language="ar")
    del hole.words["choices"]["b"]
    hole.save()
    source = Question.objects.get(key="truefalse-2").texts.get(language="en")
    source.words = {**source.words, "stem": "Was it so?"}
    source.save()
    version = actions.version_quiz(quiz=quiz)
    first, second = [entry.question_version for entry in version.entries.all()]
    assert (list(first.words), first.states) == (["en"], {"en": "source"})
    assert second.states == {"en": "source", "ar": "stale"}


@pytest.mark.parametrize("count", [3, 10])
def test_version_quiz_asks_the_database_as_often_for_ten_questions_as_for_three(
    count, django_assert_num_queries
):
    quiz = make_quiz([QuestionKind.SINGLE] * count)
    with django_assert_num_queries(9):
        actions.version_quiz(quiz=quiz)


# Starting


def test_start_draws_questions_and_freezes_the_terms(amina):
    version = make_version(make_quiz(draw=2))
    due = MONDAY + 24 * HOUR
    attempt = actions.start_attempt(
        learner=amina, quiz_version=version, language="ar", deadline=due, at=MONDAY
    )
    assert (attempt.number, attempt.language, attempt.started_at) == (1, "ar", MONDAY)
    assert attempt.maximum == 2 * POINT
    assert attempt.terms == {
        "pass_percent": 70,
        "attempts": 3,
        "wait_minutes": 60,
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
    with pytest.raises(QuizRefusal) as caught:
        make_attempt(learner=amina, quiz_version=version, at=MONDAY + 59 * MINUTE)
    assert (caught.value.code, caught.value.params) == ("WAIT", {"until": MONDAY + HOUR})
    assert str(caught.value) == "You can try again from 23 November 2026, 09:00 (UTC)."
    assert make_attempt(learner=amina, quiz_version=version, at=MONDAY + HOUR).number == 2


def test_start_refuses_when_all_attempts_are_used(amina, joao):
    version = make_version(attempts=2, wait_minutes=0)
    for _number in range(2):
        submit(make_attempt(learner=amina, quiz_version=version), {})
    with pytest.raises(QuizRefusal) as caught:
        make_attempt(learner=amina, quiz_version=version)
    assert (caught.value.code, caught.value.params) == ("ATTEMPTS_USED", {"attempts": 2})
    assert make_attempt(learner=joao, quiz_version=version).number == 1


def test_start_refuses_who_has_passed(amina):
    version = make_version(wait_minutes=0)
    attempt = make_attempt(learner=amina, quiz_version=version)
    submit(attempt, right_responses(attempt))
    with pytest.raises(QuizRefusal) as caught:
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
    with pytest.raises(AnswerRefusal) as caught:
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
        with pytest.raises(QuizRefusal) as caught:
            save(one, wrong_responses(one))
        assert caught.value.code == "CLOSED"
    assert kept(attempt) == right_responses(attempt)


# Submitting


def test_submit_grades_answers_kept_and_sent(amina, heard):
    attempt = make_attempt(learner=amina)
    right = right_responses(attempt)
    save(attempt, {key: right[key] for key in "12"})
    graded = submit(attempt, {"3": right["3"]}, at=MONDAY + MINUTE)
    assert (graded.score, graded.maximum, graded.passed) == (3 * POINT, 4 * POINT, True)
    assert (graded.submitted_at, graded.late) == (MONDAY + MINUTE, "")
    assert [row.score for row in attempt.questions.order_by("position")] == [POINT, POINT, POINT, 0]
    assert heard == [(attempt.pk, 3 * POINT, True, "", True)]


def test_submit_without_a_single_answer_is_a_failed_attempt(amina, heard):
    graded = submit(make_attempt(learner=amina), {})
    assert (graded.score, graded.passed) == (0, False)
    assert heard == [(graded.pk, 0, False, "", True)]


def test_submit_again_changes_nothing_and_gives_the_first_result(amina, heard):
    attempt = make_attempt(learner=amina)
    stale = Attempt.objects.get()
    submit(attempt, wrong_responses(attempt))
    for one in (attempt, stale):
        again = submit(one, right_responses(one), at=MONDAY + HOUR)
        assert (again.score, again.passed, again.submitted_at) == (0, False, MONDAY)
    assert kept(attempt) == wrong_responses(attempt)
    assert len(heard) == 1


def test_submit_with_an_answer_that_cannot_be_read_submits_nothing(amina, heard):
    attempt = make_attempt(learner=amina)
    with pytest.raises(AnswerRefusal):
        submit(attempt, {position_of("numeric", attempt): "a dozen"})
    assert Attempt.objects.get().is_open
    assert heard == []


def test_submit_that_a_room_above_fails_on_is_not_submitted(amina):
    attempt = make_attempt(learner=amina)

    def fail(**kwargs):
        raise RuntimeError("no completion today")

    attempt_graded.connect(fail)
    try:
        with pytest.raises(RuntimeError), actions.transaction.atomic():
            submit(attempt, right_responses(attempt))
    finally:
        attempt_graded.disconnect(fail)
    assert Attempt.objects.get().is_open
    assert kept(attempt) == dict.fromkeys("1234")


def test_late_submission_awaits_a_decision_and_is_heard_again_with_it(amina, heard):
    version = make_version(wait_minutes=0)
    attempt = make_attempt(learner=amina, quiz_version=version)
    graded = submit(attempt, right_responses(attempt), late=True)
    assert (graded.late, graded.passed, graded.counts_as_passed) == ("awaiting", True, False)
    assert Attempt.objects.passed().count() == 0
    assert actions.decide_late(attempt=graded, accept=True) is True
    assert actions.decide_late(attempt=graded, accept=False) is False
    assert (graded.late, graded.counts_as_passed) == ("accepted", True)
    assert Attempt.objects.passed().get() == graded
    assert [late for *_rest, late, _atomic in heard] == ["awaiting", "accepted"]


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
            words={"stem": "Quoi ?", "choices": {"x": {"text": "X"}, "y": {"text": "Y"}}},
        )
    newer = actions.version_quiz(quiz=version.quiz)
    graded = submit(attempt, right)
    assert newer.number == 2
    assert (graded.score, graded.maximum) == (4 * POINT, 4 * POINT)


# Budgets


@pytest.mark.parametrize("count", [3, 10])
def test_whole_attempt_takes_fifteen_queries_whatever_its_length(
    amina, count, alone, django_assert_num_queries
):
    kinds = [list(QuestionKind)[number % 4] for number in range(count)]
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


# Twenty at once


def at_once(count, do):
    """Run it in so many threads, each with its own connection, all let go at one moment."""
    gate, results, lock = threading.Barrier(count), [], threading.Lock()

    def run(number):
        try:
            connection.ensure_connection()
            gate.wait(20)
            result = do(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            result = error
        finally:
            connections.close_all()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_twenty_submissions_at_once_give_one_result(heard):
    amina = User.objects.create_user("amina")
    attempt = make_attempt(learner=amina)
    right, wrong = right_responses(attempt), wrong_responses(attempt)

    def do(number):
        mine = Attempt.objects.get(pk=attempt.pk)
        graded = submit(mine, right if number % 2 else wrong, at=MONDAY + number * MINUTE)
        return graded.score, graded.passed, graded.submitted_at

    results = at_once(20, do)
    graded = Attempt.objects.get()
    assert results == [(graded.score, graded.passed, graded.submitted_at)] * 20
    assert kept(graded) in (right, wrong)
    assert graded.score == (4 * POINT if kept(graded) == right else 0)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_starts_at_once_give_one_attempt():
    amina = User.objects.create_user("amina")
    version = make_version()

    def do(number):
        return make_attempt(learner=amina, quiz_version=QuizVersion.objects.get(pk=version.pk)).pk

    results = at_once(20, do)
    assert results == [Attempt.objects.get().pk] * 20
    assert Attempt.objects.get().questions.count() == 4


@pytest.mark.django_db(transaction=True)
def test_saves_that_meet_a_submission_are_either_graded_or_refused():
    amina = User.objects.create_user("amina")
    attempt = make_attempt(learner=amina)
    right = right_responses(attempt)

    def do(number):
        mine = Attempt.objects.get(pk=attempt.pk)
        if number == 4:
            return submit(mine, {}).score
        try:
            return save(mine, {str(number + 1): right[str(number + 1)]})
        except QuizRefusal as refusal:
            return refusal.code

    results = at_once(5, do)
    graded = Attempt.objects.get()
    saved = [result for result in results if isinstance(result, list) and result]
    assert graded.score == len(saved) * POINT
    assert sum(response is not None for response in kept(graded).values()) == len(saved)
    assert results.count("CLOSED") == 4 - len(saved)


@pytest.mark.django_db(transaction=True)
def test_five_publish_at_once_and_all_get_the_same_version():
    quiz = make_quiz()
    results = at_once(5, lambda number: actions.version_quiz(quiz=quiz).pk)
    assert results == [QuizVersion.objects.get().pk] * 5
    assert (QuestionVersion.objects.count(), PoolEntry.objects.count()) == (4, 4)


def test_make_question_marks_the_translation_as_made_from_the_source():
    question = make_question()
    source, translation = question.texts.order_by("-language")
    assert translation.source_digest == short_digest(source.words) == source.digest()
