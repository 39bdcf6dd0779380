"""What happens when many do the same at the same moment, with real threads and connections."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, PoolEntry, QuestionVersion, QuizVersion
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
def test_twenty_submissions_at_once_give_one_result():
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
        except QuizError as refusal:
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


@pytest.mark.django_db(transaction=True)
def test_ten_windows_that_saw_the_same_answer_at_once_overwrite_it_once():
    """Each has read the rows before any of them writes: whoever comes second sees what the first has written."""
    amina = User.objects.create_user("amina")
    attempt = make_attempt(learner=amina)
    numeric = str(attempt.questions.get(question_version__kind="numeric").position)

    def do(number):
        mine = Attempt.objects.get(pk=attempt.pk)
        rows = list(mine.questions.select_related("question_version"))
        read.wait(20)
        answer = {"responses": {numeric: str(number)}, "bases": {numeric: None}, "rows": rows}
        return actions.save_answers(attempt=mine, happened_at=MONDAY, at=MONDAY, **answer)

    read = threading.Barrier(10)
    results = at_once(10, do)
    (stands,) = [kept(attempt)[numeric]]
    assert [saved.changed for saved in results].count([numeric]) == 1
    assert [saved.conflicts for saved in results].count({numeric: stands}) == 9


@pytest.mark.django_db(transaction=True)
def test_submission_that_meets_another_answer_at_once_is_not_graded():
    amina = User.objects.create_user("amina")
    attempt = make_attempt(learner=amina)
    right = right_responses(attempt)
    mine = Attempt.objects.get(pk=attempt.pk)
    rows = list(mine.questions.select_related("question_version"))
    save(attempt, wrong_responses(attempt))
    with pytest.raises(QuizError) as refused:
        submit(mine, right, rows=rows, bases=dict.fromkeys(right))
    assert refused.value.params["conflicts"] == wrong_responses(attempt)
    assert Attempt.objects.get().is_open
    assert kept(attempt) == wrong_responses(attempt)
