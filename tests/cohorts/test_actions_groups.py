"""Making cohorts, and closing them."""

from datetime import UTC, date, datetime

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts import actions
from maarifa.cohorts.models import Cohort
from tests.factories.curriculum import draft_course
from tests.factories.learning import MONDAY


@pytest.fixture
def make(cohort, coordinator):
    """Makes a cohort beside the one that is there."""

    def make(**fields):
        told = {"unit": cohort.unit, "course": cohort.course, "name": "Spring", "language": "en"}
        return actions.create_cohort(by=coordinator, at=MONDAY, **told | fields)

    return make


def refusal(make, **fields):
    with pytest.raises(actions.CohortError) as refused:
        make(**fields)
    assert "%(" not in refused.value.message
    return refused.value.code


def test_create_cohort_reads_days_on_the_clocks_of_the_institution(make, coordinator):
    made = make(name="  Spring \n 2027 ", opens_on=date(2027, 2, 1), due_on=date(2027, 3, 31))
    assert made.name == "Spring 2027"
    assert made.opens_at == datetime(2027, 1, 31, 21, 0, tzinfo=UTC)
    assert made.due_at == datetime(2027, 3, 31, 20, 59, tzinfo=UTC)
    assert (made.due_zone, made.due_local) == ("Africa/Nairobi", "2027-03-31T23:59:00")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == (coordinator, "cohort.created")


def test_create_cohort_ends_at_the_later_of_two_equal_wall_times(make, cohort):
    institution = cohort.unit.institution
    institution.time_zone = "Africa/Cairo"
    institution.save()
    made = make(opens_on=date(2027, 4, 30), due_on=date(2027, 10, 28))
    assert made.opens_at == datetime(2027, 4, 29, 22, 0, tzinfo=UTC)
    assert made.due_at == datetime(2027, 10, 28, 21, 59, tzinfo=UTC)
    assert made.due_local == "2027-10-28T23:59:00"


def test_create_cohort_of_one_day_and_of_none(make):
    assert make(opens_on=date(2027, 2, 1), due_on=date(2027, 2, 1)).due_at
    made = make(name="Endless")
    assert (made.opens_at, made.due_at, made.due_zone, made.due_local) == (None, None, "", "")


def test_create_cohort_refuses(make, cohort, changed):
    assert refusal(make, name=" \n ") == "NAME_MISSING"
    assert refusal(make, name=cohort.name) == "NAME_TAKEN"
    assert refusal(make, language="fr") == "NOT_A_LANGUAGE"
    assert refusal(make, opens_on=date(2027, 2, 2), due_on=date(2027, 2, 1)) == "OPENS_AFTER_DUE"
    before = changed()
    assert refusal(make, course=draft_course().course) == "NOT_PUBLISHED"
    cohort.course.retired_at = MONDAY
    assert refusal(make) == "NOT_PUBLISHED"
    cohort.unit.institution.retired_at = MONDAY
    assert refusal(make) == "INSTITUTION_RETIRED"
    assert before == {}
    assert Cohort.objects.count() == 1


def test_retire_cohort_closes_it_once(cohort, coordinator):
    assert actions.retire_cohort(cohort=cohort, by=coordinator, at=MONDAY) is True
    assert cohort.retired_at == MONDAY
    assert actions.retire_cohort(cohort=cohort, by=coordinator) is False
    assert AuditEntry.objects.get().action == "cohort.closed"
