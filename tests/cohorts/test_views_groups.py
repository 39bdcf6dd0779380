"""The learner's side: the groups one is in."""

import re
from datetime import timedelta

import pytest

from maarifa.accounts.models import Consent
from maarifa.cohorts.models import CohortMember
from tests.cohorts.pages import ACCEPTED, heading, invitation_path, words
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member
from tests.factories.learning import MONDAY

pytestmark = pytest.mark.usefixtures("now")

COURSE, GROUPS = "/en/courses/rules-that-work/", "/en/groups/"
DAY = timedelta(days=1)
NO_LONGER_VALID = "This invitation is no longer valid. Ask the institution that invited you for a new one."


@pytest.fixture
def amina(client):
    amina = UserFactory(email="amina@example.org", proven=True, name="Amina Yusuf")
    client.force_login(amina)
    return amina


def test_groups_are_ones_own_and_name_who_sees_what(client, cohort, amina):
    accepted_member(cohort=cohort, learner=amina, email="amina@example.org")
    other = CohortFactory(unit=cohort.unit, course=cohort.course, name="Of others")
    accepted_member(cohort=other)
    CohortMemberFactory(cohort=other, email="else@example.org")
    page = words(client.get(GROUPS))
    assert "Since 23 November 2026, University of Kilele can see your progress and quiz results" in page
    assert "Autumn" in page
    assert "Of others" not in page


def test_groups_show_the_invitations_that_wait(client, cohort, amina):
    member = CohortMemberFactory(cohort=cohort, email="amina@example.org")
    page = client.get(GROUPS)
    assert "University of Kilele invites you to join the group “Autumn”." in words(page)
    assert f'href="/en/join/{member.token}/"' in page.content.decode()


def leaving(member):
    return f"{GROUPS}{member.public_id}/leave/"


def test_leaving_a_group_asks_first_and_leads_back_in(client, cohort, amina):
    member = accepted_member(cohort=cohort, learner=amina)
    page = client.get(leaving(member))
    assert heading(page) == "Leave this group?"
    assert "The institution can no longer see your progress." in words(page)
    assert "You can join again within 60 days." in words(page)
    member.refresh_from_db()
    assert member.state == "accepted"
    page = client.post(leaving(member), follow=True)
    assert "You have left the group. You keep your progress. You can join again on this page." in words(page)
    assert "You are not in a group." in words(page)
    member.refresh_from_db()
    assert member.state == "left"
    assert client.post(leaving(member)).status_code == 404
    back = re.search(r'href="([^"]+)">Join group<', page.content.decode())[1]
    assert "You left this group on 23 November 2026." in words(client.get(back))
    assert client.post(back, {"agree": "on"})["Location"] == COURSE
    member.refresh_from_db()
    assert (member.state, member.left_at, member.learner) == ("accepted", None, amina)
    assert Consent.objects.in_force(user=amina, purpose="sharing", subject=member.public_id).count() == 1


@pytest.mark.parametrize("closed", ["cohort", "institution", "course"])
def test_leaving_a_group_that_nobody_can_join_promises_no_way_back(client, cohort, amina, closed):
    member = accepted_member(cohort=cohort, learner=amina)
    row = {"cohort": cohort, "institution": cohort.institution, "course": cohort.course}[closed]
    type(row).objects.filter(pk=row.pk).update(retired_at=MONDAY)
    asked = words(client.get(leaving(member)))
    assert "You can join again" not in asked
    assert "You cannot join again, because no one can join this group now." in asked
    said = words(client.post(leaving(member), follow=True))
    assert "You have left the group. You keep your progress." in said
    assert "You can join again" not in said
    assert "Join group" not in said


def test_nobody_else_comes_back_in_the_place_of_who_left(client, cohort, amina, now):
    member = accepted_member(cohort=cohort, learner=amina)
    client.post(leaving(member))
    for visitor in (None, UserFactory()):
        client.logout()
        if visitor:
            client.force_login(visitor)
        assert NO_LONGER_VALID in words(client.post(invitation_path(member), ACCEPTED))
    client.force_login(amina)
    now.move_to(MONDAY + 61 * DAY)
    assert "Join group" not in words(client.get(GROUPS))
    assert NO_LONGER_VALID in words(client.post(invitation_path(member), ACCEPTED))
    member.refresh_from_db()
    assert member.state == "left"


def test_what_was_agreed_to_is_taken_back_and_given_again(client, cohort, amina):
    member = accepted_member(cohort=cohort, learner=amina)
    client.post(leaving(member))
    client.post(invitation_path(member), {"agree": "on"})
    consent = Consent.objects.in_force(user=amina, purpose="sharing").get()
    there = f"/en/account/consents/{consent.public_id}/withdraw/"
    assert heading(client.get(there)) == "Withdraw your consent?"
    member.refresh_from_db()
    assert member.state == "accepted"
    assert "For a limited time, you can join again under “My groups”, if the group is still open." in words(
        client.post(there, follow=True)
    )
    member.refresh_from_db()
    assert member.state == "left"
    assert "Join group" in words(client.get(GROUPS))


def test_groups_of_others_are_not_there_to_leave(client, cohort, amina):
    other = accepted_member(cohort=cohort)
    assert client.get(leaving(other)).status_code == 404
    assert client.post(leaving(other)).status_code == 404
    other.refresh_from_db()
    assert other.state == "accepted"


def test_groups_lead_somebody_not_signed_in_to_the_sign_in(client):
    assert client.get(GROUPS)["Location"] == f"/en/account/login/?next={GROUPS}"


def test_pages_of_the_learner_cost_the_same_queries_for_one_group_and_three(
    client, cohort, amina, django_assert_num_queries
):
    client.get(GROUPS)
    for count in (1, 3):
        while CohortMember.objects.of(amina).count() < count:
            accepted_member(cohort=CohortFactory(unit=cohort.unit, course=cohort.course), learner=amina)
        with django_assert_num_queries(5):
            client.get(GROUPS)
