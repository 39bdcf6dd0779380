"""Killed in the middle, at once, too late: a list is applied once all the same."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from maarifa.accounts.models import User
from maarifa.cohorts import actions
from maarifa.cohorts.actions.applying import ROSTERS
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment
from maarifa.lib.jobs import requeue_now
from tests.factories.cohorts import applied, confirmed, planned
from tests.factories.learning import MONDAY

FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]
RAKOTO = ["Rakoto", "", "A-2", ""]
SECOND = timedelta(seconds=1)
CLAIM = timedelta(seconds=31)


def many(count):
    return [[f"Learner {n}", f"learner{n}@example.org", f"N-{n}", ""] for n in range(count)]


def outcomes(roster):
    return [(row.outcome, row.outcome_code) for row in roster.rows.order_by("number")]


# Killed in the middle -------------------------------------------------------------------------------------


class Killed(BaseException):
    """As SIGKILL: nothing below catches it."""


def die_after(batches):
    seen = []

    def tell():
        seen.append(1)
        if len(seen) == batches:
            raise Killed

    return tell


def test_killed_in_the_middle_and_applied_again_is_as_if_nothing_had_happened(cohort):
    roster = confirmed(many(450), cohort=cohort)
    with pytest.raises(Killed):
        actions.apply_roster(roster_id=roster.pk, at=MONDAY, tell=die_after(1))
    assert (CohortMember.objects.count(), Delivery.objects.count(), User.objects.count()) == (400, 400, 400)
    roster.refresh_from_db()
    assert (roster.stage, roster.state) == ("confirmed", "claimed")
    # Its claim still runs: nobody else takes it, and it is not put in the queue.
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY + SECOND) is False
    assert requeue_now("default", at=MONDAY + SECOND) == 0
    later = MONDAY + CLAIM + timedelta(seconds=60)
    assert requeue_now("default", at=later) == 1
    assert actions.apply_roster(roster_id=roster.pk, at=later) is True
    assert (CohortMember.objects.count(), Delivery.objects.count(), User.objects.count()) == (450, 450, 450)
    assert Enrolment.objects.count() == 450
    assert set(outcomes(roster)) == {("done", "")}


def test_error_in_the_middle_is_tried_again_later_and_given_up_in_the_end(cohort):
    roster = confirmed([FATOU], cohort=cohort)

    def fail():
        raise ImproperlyConfigured("no")

    at = MONDAY
    for tries in range(1, 9):
        assert actions.apply_roster(roster_id=roster.pk, at=at, tell=fail) is False
        roster.refresh_from_db()
        assert roster.tries == tries
        given_up = "given up after 8 tries: " if roster.state == "failed" else ""
        assert roster.error == f"{given_up}ImproperlyConfigured: no"
        if roster.state != "pending":
            break
        RosterRow.objects.update(outcome="", member=None)
        CohortMember.objects.all().delete()
        Delivery.objects.all().delete()
        at = max(roster.due_at, at) + SECOND
    assert (roster.state, roster.tries) == ("failed", 8)
    assert ROSTERS.requeue("default", at=at + timedelta(days=1)) == 0


def test_requeue_hands_over_what_the_queue_lost(cohort, django_capture_on_commit_callbacks):
    lost = confirmed([FATOU], cohort=cohort)
    planned([RAKOTO], cohort=cohort)
    with django_capture_on_commit_callbacks() as callbacks:
        assert requeue_now("default", at=MONDAY + SECOND) == 0  # on its way
        assert requeue_now("default", at=MONDAY + timedelta(minutes=2)) == 1
    assert len(callbacks) == 1
    assert actions.apply_roster(roster_id=lost.pk, at=MONDAY) is True
    assert requeue_now("default", at=MONDAY) == 0


def test_long_list_lets_others_through_and_goes_on_where_it_was(cohort, django_capture_on_commit_callbacks):
    """A certificate does not wait for ten thousand people. Each turn is a new claim, and no try."""
    roster = confirmed(many(850), cohort=cohort)
    at = MONDAY
    for members in (400, 800):
        with django_capture_on_commit_callbacks() as callbacks:
            assert actions.apply_roster(roster_id=roster.pk, at=at, turn=1e-9) is False
        roster.refresh_from_db()
        assert (CohortMember.objects.count(), roster.state, roster.tries) == (members, "pending", 0)
        assert roster.queued_at == roster.due_at
        assert callbacks
        at += timedelta(minutes=2)
    assert actions.apply_roster(roster_id=roster.pk, at=at) is True
    assert CohortMember.objects.count() == 850


def test_old_lists_are_forgotten_but_none_that_is_pending(cohort):
    old = MONDAY + timedelta(days=91)
    done = applied([FATOU], cohort=cohort)
    plan = planned([RAKOTO], cohort=cohort)
    pending = confirmed([["Ngozi", "ngozi@example.org", "", ""]], cohort=cohort)
    failed = confirmed([["Sena", "sena@example.org", "", ""]], cohort=cohort)
    RosterImport.objects.filter(pk=failed.pk).update(state="failed", finished_at=MONDAY)
    actions.forget_lists(at=MONDAY + timedelta(days=89))
    assert RosterRow.objects.count() == 4
    assert RosterImport.objects.exclude(file=b"").count() == 3
    actions.forget_lists(at=old)
    assert list(RosterImport.objects.exclude(file=b"")) == [pending]
    assert set(RosterRow.objects.values_list("roster", flat=True)) == {pending.pk}
    plan.refresh_from_db()
    assert (plan.stage, bytes(plan.file)) == ("discarded", b"")
    done.refresh_from_db()
    assert done.stage == "applied"
    assert CohortMember.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_applied_at_once_in_four_threads_happens_once(cohort, redis_gone):
    roster = confirmed(many(30), cohort=cohort)
    done = []

    def run():
        try:
            done.append(actions.apply_roster(roster_id=roster.pk, at=MONDAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert (CohortMember.objects.count(), Delivery.objects.count(), User.objects.count()) == (30, 30, 30)


@pytest.mark.django_db(transaction=True)
def test_two_lists_with_the_same_people_at_one_moment_enrol_each_once(cohort, redis_gone):
    rosters = [confirmed(many(20), cohort=cohort), confirmed(many(30)[10:], cohort=cohort)]
    done = []

    def run(roster):
        try:
            done.append(actions.apply_roster(roster_id=roster.pk, at=MONDAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[roster]) for roster in rosters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]
    assert (CohortMember.objects.count(), Delivery.objects.count()) == (30, 30)
    assert RosterRow.objects.filter(outcome="done").count() == 30
    assert RosterRow.objects.filter(outcome_code="MEMBER_MEANWHILE").count() == 10
