"""Whose dates of quizzes hold for whom: of one cohort, of several, before and after people join."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from maarifa.cohorts import actions
from maarifa.cohorts.actions import joining
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.learning.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, applied
from tests.factories.learning import MONDAY, enrolled

HOUR = timedelta(hours=1)
EARLY, MIDDLE, LATE = (f"2026-12-2{day}T06:00:00+00:00" for day in (1, 2, 3))


def quiz(*, opens=None, closes=None):
    return {"basics-quiz": {"opens_at": opens, "closes_at": closes, "zone": "UTC"}}


def set_dates(cohort, dates, *, before=None):
    return actions.set_quiz_dates(
        cohort=cohort, quiz_dates=dates, before=before or {}, by=UserFactory(), at=MONDAY
    )


def dates_of(member):
    return Enrolment.objects.get(pk=CohortMember.objects.get(pk=member.pk).enrolment_id).quiz_dates


def accept(member, visitor=None, *, at=MONDAY):
    actions.accept_invitation(
        member=member, visitor=visitor or member.learner, consent_text="I agree.", language="en", at=at
    )


@pytest.fixture
def another(course):
    return CohortFactory(course=course.course)


@pytest.fixture
def amina(db):
    return UserFactory(email="amina@example.org", proven=True)


def joins(cohort, person, *, at=MONDAY):
    member = CohortMemberFactory(cohort=cohort, email=person.email)
    accept(member, person, at=at)
    return member


def test_dates_set_between_list_and_acceptance_hold(cohort):
    applied([["Awa", "", "A-3", ""]], cohort=cohort)
    member = CohortMember.objects.get(staff_number="A-3")
    set_dates(cohort, quiz(opens=EARLY, closes=LATE))
    accept(member)
    assert dates_of(member) == quiz(opens=EARLY, closes=LATE)


def test_dates_changed_between_list_and_acceptance_hold_as_they_are_now(cohort):
    set_dates(cohort, quiz(closes=LATE))
    applied([["Awa", "", "A-3", ""]], cohort=cohort)
    member = CohortMember.objects.get(staff_number="A-3")
    set_dates(cohort, quiz(closes=EARLY), before=quiz(closes=LATE))
    accept(member)
    assert dates_of(member) == quiz(closes=EARLY)


def test_who_takes_the_course_alone_gets_the_dates_of_the_cohort(cohort, course, amina):
    enrolled(course=course, learner=amina)
    set_dates(cohort, quiz(closes=LATE))
    assert dates_of(joins(cohort, amina)) == quiz(closes=LATE)


def test_who_is_in_two_cohorts_has_the_easier_dates_whichever_is_saved_last(cohort, another, amina):
    set_dates(cohort, quiz(opens=MIDDLE, closes=LATE))
    member = joins(cohort, amina)
    set_dates(another, quiz(opens=EARLY, closes=MIDDLE))
    joins(another, amina, at=MONDAY + HOUR)
    alone = accepted_member(cohort=another)
    assert dates_of(member) == quiz(opens=EARLY, closes=LATE)
    set_dates(another, quiz(opens=LATE), before=another.quiz_dates)
    assert dates_of(member) == quiz(opens=MIDDLE)
    assert dates_of(alone) == quiz(opens=LATE)
    set_dates(cohort, {}, before=cohort.quiz_dates)
    assert dates_of(member) == {}


def test_cohort_that_was_left_keeps_no_date_from_the_other(cohort, another, amina):
    set_dates(cohort, quiz(closes=LATE))
    left = joins(cohort, amina)
    set_dates(another, quiz(closes=EARLY))
    joins(another, amina)
    actions.leave_cohort(member=left, by=amina, at=MONDAY)
    # Leaving takes no time from anybody.
    assert dates_of(left) == quiz(closes=LATE)
    set_dates(another, quiz(closes=MIDDLE), before=another.quiz_dates)
    assert dates_of(left) == quiz(closes=MIDDLE)


def test_who_has_left_the_only_cohort_keeps_the_dates(cohort, amina):
    set_dates(cohort, quiz(closes=LATE))
    left = joins(cohort, amina)
    actions.leave_cohort(member=left, by=amina, at=MONDAY)
    set_dates(cohort, quiz(closes=EARLY), before=cohort.quiz_dates)
    assert dates_of(left) == quiz(closes=LATE)


def test_dates_that_stand_there_are_written_once_more(cohort):
    """The process died after the cohort's own dates were written."""
    member = accepted_member(cohort=cohort)
    Cohort.objects.filter(pk=cohort.pk).update(quiz_dates=quiz(closes=LATE))
    assert not set_dates(cohort, quiz(closes=LATE))
    assert dates_of(member) == quiz(closes=LATE)


def in_thread(do):
    """Runs it with a connection of its own; a list that gets what came of it."""
    results = []

    def run():
        try:
            results.append(do())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_the_same_dates_at_once_one_is_refused(cohort, monkeypatch):
    by, gate, mine, read = UserFactory(), threading.Barrier(2), threading.local(), Cohort.refresh_from_db

    def read_together(self, *args, **more):
        read(self, *args, **more)
        if not getattr(mine, "waited", False):
            mine.waited = True
            gate.wait(20)

    def change(dates):
        one = Cohort.objects.get(pk=cohort.pk)
        return lambda: actions.set_quiz_dates(cohort=one, quiz_dates=dates, before={}, by=by, at=MONDAY)

    changes = [change(quiz(closes=closes)) for closes in (EARLY, LATE)]
    monkeypatch.setattr(Cohort, "refresh_from_db", read_together)
    threads = [in_thread(one) for one in changes]
    for thread, _results in threads:
        thread.join()
    results = [getattr(result, "code", result) for _thread, (result,) in threads]
    assert sorted(map(str, results)) == ["CHANGED", "True"]
    stands = Cohort.objects.get(pk=cohort.pk).quiz_dates
    assert stands == quiz(closes=(EARLY, LATE)[results.index(True)])


@pytest.mark.django_db(transaction=True)
def test_who_accepts_while_dates_are_set_gets_them(cohort, monkeypatch):
    applied([["Awa", "", "A-3", ""]], cohort=cohort)
    member, by = CohortMember.objects.get(staff_number="A-3"), UserFactory()
    has_read, write = threading.Event(), joining.write_quiz_dates

    def write_slowly(enrolments):
        write(enrolments)
        has_read.set()
        # The other one either waits for us, or has long been through.
        setting[0].join(1)

    def set_meanwhile():
        assert has_read.wait(20)
        one = Cohort.objects.get(pk=cohort.pk)
        dates = quiz(closes=LATE)
        return actions.set_quiz_dates(cohort=one, quiz_dates=dates, before={}, by=by, at=MONDAY)

    monkeypatch.setattr(joining, "write_quiz_dates", write_slowly)
    setting = in_thread(set_meanwhile)
    accept(member)
    setting[0].join()
    assert setting[1] == [True]
    assert dates_of(member) == quiz(closes=LATE)
