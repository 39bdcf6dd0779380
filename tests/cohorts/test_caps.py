"""How many invitations an institution sends in a day; a list goes out whole or not at all."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections, transaction

from maarifa.cohorts import actions
from maarifa.cohorts.actions.caps import take_turns
from maarifa.cohorts.models import CohortMember, RosterImport
from maarifa.delivery.models import Delivery
from tests.cohorts.pages import words
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, applied, planned
from tests.factories.institutions import InstitutionFactory, root
from tests.factories.learning import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def few(settings):
    settings.MOST_INVITATIONS = 3
    settings.CONTACT_EMAIL = "help@example.org"


def people(*names):
    return [[name.title(), f"{name}@example.org", "", ""] for name in names]


def confirm(roster, at=MONDAY):
    return actions.confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=None, at=at)


def refused(action, **told):
    with pytest.raises((actions.RosterImportError, actions.CohortMemberError)) as caught:
        action(**told)
    assert "%(" not in caught.value.message
    return caught.value


def test_list_beyond_the_days_number_is_refused_whole_and_goes_out_when_there_is_room(cohort):
    applied(people("fatou", "sena"), cohort=cohort)
    CohortMember.objects.filter(email="fatou@example.org").update(invited_at=MONDAY - 20 * HOUR)
    roster = planned(people("issa", "nivo"), cohort=cohort)

    refusal = refused(confirm, roster=roster)
    assert refusal.code == "FULL_TODAY"
    assert refusal.message == (
        "People to invite by e-mail in this list: 2. University of Kilele can send 3 invitations in 24 "
        "hours. Sent so far: 2. No one was invited, and your list is saved. Apply it again in 4 hours, "
        "or contact help@example.org."
    )
    roster.refresh_from_db()
    assert roster.stage == "planned"
    assert (CohortMember.objects.count(), Delivery.objects.filter(kind="invitation").count()) == (2, 2)

    confirm(roster, at=MONDAY + 4 * HOUR)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY + 4 * HOUR)
    assert CohortMember.objects.count() == 4


def test_list_that_could_never_go_out_is_to_be_split(cohort):
    roster = planned(people("a", "b", "c", "d"), cohort=cohort)
    refusal = refused(confirm, roster=roster)
    assert refusal.code == "TOO_MANY"
    assert "in this list: 4." in refusal.message
    assert "3 invitations in 24 hours" in refusal.message
    assert CohortMember.objects.count() == 0


def test_list_that_was_confirmed_and_not_applied_yet_has_its_room(cohort):
    first, second = planned(people("a", "b"), cohort=cohort), planned(people("c", "d"), cohort=cohort)
    confirm(first)
    assert refused(confirm, roster=second).code == "FULL_TODAY"
    # The same one again is the same one.
    assert confirm(first).stage == "confirmed"
    assert actions.apply_roster(roster_id=first.pk, at=MONDAY)
    assert RosterImport.objects.get(pk=second.pk).stage == "planned"


def test_cards_and_other_institutions_do_not_count(cohort):
    other = CohortFactory(unit=root(InstitutionFactory()), course=cohort.course)
    for number in range(3):
        CohortMemberFactory(cohort=other, email=f"x{number}@example.org")
    cards = [[f"Person {number}", "", f"S-{number}", ""] for number in range(5)]
    applied([*people("a", "b", "c"), *cards], cohort=cohort)
    assert CohortMember.objects.filter(cohort=cohort).count() == 8
    applied([["Rakoto", "", "S-9", ""]], cohort=cohort)
    # Another cohort of the same institution shares its number.
    sibling = CohortFactory(unit=root(cohort.unit.institution), course=cohort.course)
    assert refused(confirm, roster=planned(people("z"), cohort=sibling)).code == "FULL_TODAY"


def test_one_person_is_not_invited_again_beyond_it(cohort):
    applied(people("fatou", "sena", "issa"), cohort=cohort)
    member = CohortMember.objects.get(email="fatou@example.org")
    refusal = refused(actions.invite_again, member=member, by=None, at=MONDAY + 2 * HOUR)
    assert refusal.code == "FULL_TODAY"
    assert "tomorrow at" in refusal.message
    assert "or contact help@example.org." in refusal.message
    assert actions.invite_again(member=member, by=None, at=MONDAY + 25 * HOUR)


@pytest.mark.django_db(transaction=True)
def test_two_who_are_invited_again_at_one_moment_take_turns_for_the_last_place(cohort, redis_gone, settings):
    settings.MOST_INVITATIONS = 1
    fatou, sena = (
        CohortMemberFactory(cohort=cohort, email=f"{name}@example.org", invited_at=MONDAY - 48 * HOUR)
        for name in ("fatou", "sena")
    )
    codes = []

    def invite():
        try:
            codes.append(refused(actions.invite_again, member=sena, by=None, at=MONDAY).code)
        finally:
            connections.close_all()

    second = threading.Thread(target=invite)
    with transaction.atomic():
        take_turns(cohort.institution)
        second.start()
        # It has come to where it waits, or has gone by already.
        second.join(timeout=1)
        actions.invite_again(member=fatou, by=None, at=MONDAY)
    second.join()
    assert codes == ["FULL_TODAY"]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("language", "said"), [("fr", "Personne n’a été invité"), ("ar", "لم يُدعَ أحد")])
def test_coordinator_reads_it_on_the_page_of_the_list(browser, cohort, coordinator, language, said):
    with time_machine.travel(MONDAY, tick=False):
        browser.force_login(coordinator)
        applied(people("fatou", "sena"), cohort=cohort)
        roster = planned(people("issa", "nivo"), cohort=cohort)
        here = f"/{language}/institution/cohorts/{cohort.public_id}/roster/{roster.public_id}/"
        answer = browser.post(here, {"action": "confirm", "plan": roster.plan_digest}, follow=True)
        assert said in words(answer)
        assert CohortMember.objects.count() == 2
