"""The job that grades again: it happens once, whatever is killed or run twice."""

from datetime import timedelta

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.lib.jobs import PermanentError
from maarifa.quizzes import actions
from maarifa.quizzes.actions import regrading as module
from maarifa.quizzes.models import (
    AttemptGrant,
    Regrade,
    RegradedAnswer,
)
from maarifa.quizzes.signals import results_corrected
from tests.factories.quizzes import (
    MONDAY,
)
from tests.factories.regrading import correction_of, regraded
from tests.quizzes.regrading import ALSO_A, DAY, answered, asked, failed_twice, points

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As SIGKILL: nothing below catches it."""


@pytest.mark.parametrize("batches", range(1, 9))
def test_killed_after_any_batch_and_run_again_is_as_if_nothing_had_happened(
    version, author, batches, monkeypatch
):
    monkeypatch.setattr(module, "ANSWERS", 1)
    monkeypatch.setattr(module, "LEARNERS", 1)
    attempts = [answered(version, single=["a"], name=f"learner-{number}") for number in range(3)]
    failed_twice(version, single=["c"], name="joao")
    at = MONDAY + 2 * DAY
    correction = correction_of(asked(version), "accept", **ALSO_A)
    row = actions.regrade_question(correction=correction, note="Wrong.", by=author, at=at)
    done = []

    def die():
        done.append(1)
        if len(done) == batches:
            raise Killed

    with pytest.raises(Killed):
        actions.apply_regrade(regrade_id=row.pk, at=at, tell=die, turn=0)
    # Its claim still runs.
    assert actions.apply_regrade(regrade_id=row.pk, at=at) is False
    assert actions.apply_regrade(regrade_id=row.pk, at=at + timedelta(minutes=3), turn=0) is True
    assert actions.apply_regrade(regrade_id=row.pk, at=at + timedelta(minutes=9)) is False
    row.refresh_from_db()
    assert (row.state, row.graded, row.raised, row.newly_passed, row.attempts_back) == ("done", 5, 3, 3, 1)
    assert [points(attempt) for attempt in attempts] == [(2, 2, True)] * 3
    assert (RegradedAnswer.objects.count(), AttemptGrant.objects.count()) == (3, 1)


def test_long_work_goes_to_the_end_of_the_queue_and_on(version, author, monkeypatch):
    monkeypatch.setattr(module, "ANSWERS", 1)
    for number in range(2):
        answered(version, single=["a"], name=f"learner-{number}")
    row = actions.regrade_question(correction=correction_of(asked(version)), note="No.", by=author, at=MONDAY)
    for minute in range(6):  # two attempts, two learners, and twice to find that nobody is left
        done = actions.apply_regrade(regrade_id=row.pk, at=MONDAY + timedelta(minutes=minute), turn=1e-9)
        row.refresh_from_db()
        assert row.state == ("done" if done else "pending")
        if done:
            break
    assert (done, minute) == (True, 3)
    row.refresh_from_db()
    assert (row.graded, row.raised) == (2, 2)


def test_failed_correction_is_tried_again_where_it_stopped(version, author, monkeypatch):
    answered(version, single=["a"])
    row = actions.regrade_question(correction=correction_of(asked(version)), note="No.", by=author, at=MONDAY)
    Regrade.objects.update(state="failed", finished_at=MONDAY, error="no")
    assert actions.apply_regrade(regrade_id=row.pk, at=MONDAY) is False
    assert actions.try_regrade_again(regrade=row, by=author, at=MONDAY)
    assert not actions.try_regrade_again(regrade=row, by=author, at=MONDAY)
    assert actions.apply_regrade(regrade_id=row.pk, at=MONDAY, turn=0)
    assert AuditEntry.objects.filter(action="question.regrade-tried-again").count() == 1


def test_learners_of_a_failed_correction_are_told_though_a_later_one_has_its_rules(
    version, author, monkeypatch
):
    """The first graded and then failed; the later one finds nothing to change."""
    attempt, told = answered(version, single=["a"]), []

    def tell(**news):
        if news["regrade"] == first and not told:
            told.append("failed")
            raise ValueError
        told.append((news["regrade"].pk, news["learners"]))

    monkeypatch.setattr(module.Regrades, "unexpected", lambda self, error: PermanentError(str(error)))
    results_corrected.connect(tell)
    try:
        correction = correction_of(asked(version))
        first = actions.regrade_question(correction=correction, note="No.", by=author, at=MONDAY)
        actions.apply_regrade(regrade_id=first.pk, at=MONDAY, turn=0)
        first.refresh_from_db()
        assert (first.state, first.raised) == ("failed", 1)
        later = regraded(asked(version), by=author, at=MONDAY + DAY)
        assert (later.graded, later.raised) == (1, 0)
        actions.try_regrade_again(regrade=first, by=author, at=MONDAY + 2 * DAY)
        assert actions.apply_regrade(regrade_id=first.pk, at=MONDAY + 2 * DAY, turn=0)
    finally:
        results_corrected.disconnect(tell)
    learners = [attempt.learner_id]
    assert told == ["failed", (later.pk, learners), (first.pk, learners)]


@pytest.mark.parametrize(("reached", "waits"), [(0, 1), (1, 0)])
def test_job_waits_for_submissions_before_its_first_batch_alone(version, author, monkeypatch, reached, waits):
    answered(version, single=["a"])
    waited = []
    monkeypatch.setattr(module, "_wait_for_submissions", waited.append)
    row = actions.regrade_question(correction=correction_of(asked(version)), note="No.", by=author, at=MONDAY)
    Regrade.objects.filter(pk=row.pk).update(graded_up_to=reached)
    assert actions.apply_regrade(regrade_id=row.pk, at=MONDAY, turn=0)
    assert len(waited) == waits


def test_two_corrections_in_one_attempt_add_up(version, author):
    attempt = answered(version, single=False, truefalse=False)
    regraded(asked(version), by=author)
    regraded(asked(version, "truefalse"), by=author)
    assert points(attempt) == (2, 2, True)
    assert sum(row.score for row in attempt.questions.all()) == attempt.score


@pytest.mark.parametrize("count", [1, 10])
def test_batch_takes_as_many_queries_for_one_attempt_as_for_ten(
    version, author, count, django_assert_num_queries
):
    for number in range(count):
        answered(version, single=["a"], name=f"learner-{number}")
    row = actions.regrade_question(correction=correction_of(asked(version)), note="No.", by=author, at=MONDAY)
    with django_assert_num_queries(35):
        actions.apply_regrade(regrade_id=row.pk, at=MONDAY, turn=0)
