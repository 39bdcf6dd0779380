"""Whose account a card opens: an institution's own, for as long as it is, and nobody's that has become their own."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from maarifa.accounts.actions import confirm_address, make_recovery_code, set_password_and_names
from maarifa.accounts.models import User
from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember
from maarifa.lib.errors import DomainError
from tests.cohorts.pages import ACCEPTED, invitation_path, on, signed_in, words
from tests.factories.accounts import PASSWORD
from tests.factories.cohorts import CohortFactory, accepted_member
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY

pytestmark = pytest.mark.usefixtures("now")

ENTER, GROUPS, COURSE = "/en/enter/", "/en/groups/", "/en/courses/rules-that-work/"
YES = ACCEPTED | {"name": "Coordinator", "password": "a new one of theirs"}
HOUR = timedelta(hours=1)
CODE = "12345678"


def signs_in(user):
    User.objects.filter(pk=user.pk).update(last_login=MONDAY + HOUR)


def works_there(user):
    other = InstitutionFactory(name="Elsewhere")
    MembershipFactory(user=user, unit=root(other))


def learns_elsewhere(user):
    accepted_member(cohort=CohortFactory(unit=root(InstitutionFactory(name="Elsewhere"))), learner=user)


def chooses_password(user):
    set_password_and_names(user=user, password=PASSWORD)


def adds_second_step(user):
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")


# What somebody does with the account: whether the institution may make a card for it after all, by a reset.
DONE = [
    (None, True),
    (signs_in, True),
    (chooses_password, True),
    (adds_second_step, True),
    (lambda user: make_recovery_code(user=user), True),
    (lambda user: confirm_address(user=user, address="rakoto@example.org"), False),
    (learns_elsewhere, False),
    (works_there, False),
]
NAMES = ["nothing", "signs-in", "password", "second-step", "recovery-code", "address", "elsewhere", "staff"]


@pytest.mark.parametrize(("does", "may_reset"), DONE, ids=NAMES)
def test_card_opens_only_what_nobody_has_used_or_what_was_reset(
    client, card, coordinator, does, may_reset, now
):
    person, handed_out = card.learner, card.entry_code
    if does:
        does(person)
    own = does is not None
    now.shift(HOUR)

    # The card from before.
    answer = client.post(ENTER, on(card, handed_out))
    assert (answer.status_code, signed_in(client)) == (422 if own else 302, "")
    joined = client.post(invitation_path(card, handed_out))
    assert ("Welcome" in words(joined)) is not own

    # The code of a second invitation, which needs no reset and tells nobody.
    CohortMember.objects.filter(pk=card.pk).update(state="left", left_at=MONDAY, accepted_at=MONDAY)
    again = actions.invite_again(member=CohortMember.objects.get(pk=card.pk), by=coordinator)
    assert bool(again.entry_code) is not own

    # A code that was written by whatever way opens nothing either.
    CohortMember.objects.filter(pk=card.pk).update(entry_code=CODE, entry_code_until=MONDAY + 9 * HOUR)
    assert client.post(ENTER, on(card, CODE)).status_code == (422 if own else 302)
    assert signed_in(client) == ""

    # A new card, which ends what opened it before.
    before = person.session_epoch
    try:
        renewed = actions.renew_code(member=CohortMember.objects.get(pk=card.pk), by=coordinator)
    except DomainError:
        assert not may_reset
        return
    assert may_reset
    person.refresh_from_db()
    assert (person.has_usable_password(), person.recovery_codes.unused().exists()) == (False, False)
    assert (person.session_epoch > before) is own
    answer = client.post(ENTER, on(renewed))
    assert answer.status_code == 302
    if Authenticator.objects.exists():
        assert "second-step/authenticate" in answer["Location"]
    if own:
        CohortMember.objects.filter(pk=card.pk).update(entry_code=CODE, entry_code_until=MONDAY + 9 * HOUR)
        signs_in(person)
        User.objects.filter(pk=person.pk).update(last_login=MONDAY + 3 * HOUR)
        assert Client().post(ENTER, on(renewed, CODE)).status_code == 422


def test_coordinator_enters_no_account_of_somebody_who_left(browser, coordinator, card, cohort, now):
    owner = Client()
    page = owner.post(ENTER, on(card), follow=True)
    owner.post(page.request["PATH_INFO"], YES | {"name": "Rakoto", "password": PASSWORD})
    person = card.learner
    confirm_address(user=person, address="rakoto@example.org")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    owner.post(f"{GROUPS}{card.public_id}/leave/")

    now.shift(HOUR)
    browser.force_login(coordinator)
    here = f"/en/institution/cohorts/{cohort.public_id}/"
    there = f"{here}members/{card.public_id}/"
    said = words(browser.post(there, {"action": "invite"}, follow=True))
    assert "no card was created" in said
    card.refresh_from_db()
    assert (card.state, card.entry_code) == ("invited", None)
    assert "Rakoto" not in words(browser.get(f"{here}cards/"))
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    thief = Client()
    assert "use the entry code on your access card" in words(thief.post(invitation_path(card, CODE), YES))
    assert signed_in(thief) == ""

    # The person signs in by themselves, and joins again.
    assert signed_in(owner) == str(person.pk)
    assert "invites you to join the group" in words(owner.get(GROUPS))
    assert owner.post(f"/en/join/{card.token}/", {"action": "accept", "agree": "on"})["Location"] == COURSE


def test_who_lost_the_card_after_leaving_comes_back_by_a_new_card_and_is_told(client, card, coordinator, now):
    page = client.post(ENTER, on(card), follow=True)
    client.post(page.request["PATH_INFO"], YES | {"name": "Rakoto", "password": PASSWORD})
    client.post(f"{GROUPS}{card.public_id}/leave/")
    now.shift(HOUR)
    actions.invite_again(member=CohortMember.objects.get(), by=coordinator)
    renewed = actions.renew_code(member=CohortMember.objects.get(), by=coordinator)
    assert client.get(GROUPS).status_code == 302, "every session has ended"
    page = client.post(ENTER, on(renewed), follow=True)
    assert "New cards were created for you on" in words(page)
    assert page.request["PATH_INFO"] == f"/en/join/{renewed.token}/"
    assert client.post(page.request["PATH_INFO"], {"agree": "on"})["Location"] == COURSE
    assert Client().post(ENTER, on(renewed, CODE)).status_code == 422


def test_inviting_somebody_with_a_card_wants_a_fresh_proof(browser, card, cohort, now):
    actions.withdraw_invitation(member=card, by=None)
    there = f"/en/institution/cohorts/{cohort.public_id}/members/{card.public_id}/"
    now.shift(timedelta(days=1))
    asked = browser.post(there, {"action": "invite"})
    assert asked["Location"].startswith("/en/account/reauthenticate/")
    card.refresh_from_db()
    assert (card.state, card.entry_code) == ("left", None)


def test_new_card_ends_the_recovery_code(client, card, coordinator, now):
    signs_in(card.learner)
    code = make_recovery_code(user=card.learner)
    now.shift(HOUR)
    actions.renew_code(member=CohortMember.objects.get(), by=coordinator)
    answer = client.post("/en/account/recover/", {"login": card.learner.username, "code": code})
    assert (answer.status_code, signed_in(client)) == (422, "")


@pytest.mark.parametrize(("choice", "age"), [({"shared": "on"}, ""), ({}, 60 * 60 * 24 * 90)])
def test_shared_device_is_remembered_through_joining(client, card, choice, age):
    page = client.post(ENTER, on(card) | choice, follow=True)
    client.post(page.request["PATH_INFO"], YES)
    assert signed_in(client) == str(card.learner_id)
    assert (client.cookies["sessionid"]["max-age"] == "") is ("shared" in choice)
