"""How long a card opens, and what its person is told of it."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from maarifa.accounts.actions import confirm_address
from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember
from maarifa.lib.errors import DomainError
from tests.cohorts.pages import ACCEPTED, on, words
from tests.factories.cohorts import CohortFactory, accepted_member, applied
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY

DAY = timedelta(days=1)
USUAL = settings.INVITATION_DAYS * DAY


@pytest.mark.parametrize(("due", "until"), [(None, USUAL), (USUAL - DAY, USUAL), (2 * USUAL, 2 * USUAL)])
def test_card_is_good_at_least_to_the_deadline(cohort, client, due, until):
    if due:
        cohort.due_at, cohort.due_zone, cohort.due_local = MONDAY + due, "UTC", "2027-03-23T08:00:00"
        cohort.save()
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    member = CohortMember.objects.get()
    # Applying counts on from the moment given.
    assert abs(member.entry_code_until - MONDAY - until) < timedelta(minutes=1)
    for at, status in ((MONDAY + until - DAY, 200), (MONDAY + until + DAY, 422)):
        with time_machine.travel(at, tick=False):
            answer = client.post("/en/enter/", on(member), follow=True)
            assert answer.status_code == status
    member = actions.renew_code(member=member, by=None, at=MONDAY + DAY)
    assert member.entry_code_until == max(MONDAY + DAY + USUAL, MONDAY + (due or DAY))


def test_who_comes_back_by_a_new_card_is_told_of_each_that_was_made(cohort, client, coordinator):
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    member = CohortMember.objects.get()
    with time_machine.travel(MONDAY, tick=False) as clock:
        page = client.post("/en/enter/", on(member), follow=True)
        page = client.post(page.request["PATH_INFO"], ACCEPTED | {"name": "Rakoto"}, follow=True)
        assert "New cards were created for you" not in words(page)
        for days in (3, 10):
            clock.move_to(MONDAY + days * DAY)
            member = actions.renew_code(member=CohortMember.objects.get(), by=coordinator)
        client.logout()
        page = client.post("/en/enter/", on(member), follow=True)
    said = "New cards were created for you on: 3 December 2026; 26 November 2026."
    assert said in words(page)
    assert "tell University of Kilele" in words(page)


def test_institution_is_not_told_what_else_a_person_does(cohort):
    applied([["Rakoto", "", "A-2", ""], ["Nivo", "", "A-3", ""], ["Hery", "", "A-4", ""]], cohort=cohort)
    elsewhere, addressed, staff = CohortMember.objects.order_by("staff_number")
    other = InstitutionFactory(name="Elsewhere")
    accepted_member(cohort=CohortFactory(unit=root(other)), learner=elsewhere.learner)
    confirm_address(user=addressed.learner, address="nivo@example.org")
    MembershipFactory(user=staff.learner, unit=root(other))
    said = set()
    for member in (elsewhere, addressed, staff):
        with pytest.raises(DomainError) as refused:
            actions.renew_code(member=member, by=None)
        said.add(refused.value.message)
    assert len(said) == 1
