"""Who joins a group is told its institution's contact from the next page on."""

from maarifa.cohorts.models import CohortMember
from maarifa.institutions.models import Institution
from tests.cohorts.pages import ACCEPTED, invitation_path
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import applied

HELP = "/en/help/"


def is_named(client, page=HELP) -> bool:
    return "Desk of Kilele" in client.get(page).content.decode()


def accept(client, member, code="", password=""):
    return client.post(invitation_path(member, code), ACCEPTED | {"password": password})


def test_members_are_told_whom_to_ask_from_the_first_page(client, cohort):
    Institution.objects.update(contact="Desk of Kilele", contact_phone="+254 700 000 000")
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    card = CohortMember.objects.get(staff_number="A-2")
    assert not is_named(client)
    client.post("/en/enter/", {"code": card.entry_code, "username": card.learner.username})
    accept(client, card, card.entry_code, PASSWORD)
    assert is_named(client)


def test_who_is_signed_in_already_is_told_too_and_no_more_after_leaving(client, cohort):
    Institution.objects.update(contact="Desk of Kilele")
    client.force_login(UserFactory(email="amina@example.org"))
    assert not is_named(client)
    applied([["Amina", "amina@example.org", "A-3", "en"]], cohort=cohort)
    member = CohortMember.objects.get(email="amina@example.org")
    accept(client, member)
    assert is_named(client)
    Institution.objects.update(contact="")
    client.post(f"/en/groups/{member.public_id}/leave/")
    assert not is_named(client)
