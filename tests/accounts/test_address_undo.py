"""A changed address is told to the old one, with a link that puts it back."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from maarifa.accounts import actions
from maarifa.accounts.models import AddressChange, AuditEntry
from maarifa.delivery.models import Delivery
from tests.accounts.entering import (
    SECRET,
    address,
    ask_for_code,
    codes,
    open_address_page,
    sign_in,
    type_code,
    who,
)
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def change_address(client, new="thief@example.org"):
    open_address_page(client)
    client.post(address("account_email"), {"email": new, "action_add": ""})
    type_code(client, codes(new)[-1], "account_email_verification_sent")


def link(to="lindiwe@example.org"):
    text = Delivery.objects.filter(address=to, kind="account").latest("pk").text
    return re.search(r"http://\S+(/\w\w/account/address/undo/\S+)", text)[1]


@pytest.fixture
def person():
    return UserFactory(username="lindiwe", email="lindiwe@example.org", language="fr")


@pytest.fixture
def thief(client, person):
    browser = client.__class__()
    sign_in(browser, "lindiwe")
    change_address(browser)
    person.refresh_from_db()
    assert person.email == "thief@example.org"
    return browser


def test_link_puts_the_address_back_and_everybody_else_out(client, person, thief):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    assert link().startswith("/fr/")
    page = client.get(link())
    assert (page.status_code, "lindiwe@example.org" in page.content.decode()) == (200, True)
    assert "thief@example.org" in page.content.decode()
    # Mail programs open links by themselves: nothing has happened yet.
    person.refresh_from_db()
    assert person.email == "thief@example.org"

    done = client.post(link())
    assert done.url.split("?")[0] == address("account_request_login_code", "fr")
    person.refresh_from_db()
    assert person.email == "lindiwe@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("lindiwe@example.org", True)]
    assert who(thief) is None
    assert not Authenticator.objects.exists()
    sign_in(thief, "lindiwe", PASSWORD)
    sign_in(thief, "thief@example.org", PASSWORD)
    assert who(thief) is None
    assert AuditEntry.objects.get(action="account.address_restored").on_user == person

    # The way on is the new password that the page speaks of.
    there = client.get(done.url).context["redirect_field_value"]
    page = client.post(done.url, {"email": "lindiwe@example.org", "next": there}, follow=True)
    form = {"code": codes("lindiwe@example.org")[-1], "action": "verify"}
    form["next"] = page.context["redirect_field_value"]
    then = client.post(page.redirect_chain[-1][0], form).url
    assert then == address("account_set_password", "fr")
    assert client.get(then).status_code == 200
    assert who(client) == person


@pytest.mark.parametrize(("days", "stays"), [(0, False), (6, False), (8, True)])
def test_second_step_that_was_added_shortly_before_the_change_goes_with_it(client, person, days, stays):
    """Else whoever took the address after adding an app would keep its owner out."""
    TOTP.activate(person, SECRET)
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=days))
    actions.note_address_change(user=person, old="lindiwe@example.org", new="thief@example.org")
    client.post(link())
    assert Authenticator.objects.exists() == stays
    ask_for_code(client, "lindiwe@example.org")
    type_code(client, codes("lindiwe@example.org")[-1])
    assert (who(client) == person) != stays


def test_recovery_code_of_the_thief_ends_with_the_change(client, person, thief):
    code = actions.make_recovery_code(user=person)
    client.post(link())
    entered = client.__class__()
    entered.post(address("account-recover"), {"login": "lindiwe", "code": code})
    assert who(entered) is None


def test_code_that_a_thief_waits_for_ends_with_the_change(client, person, thief):
    waiting = client.__class__()
    ask_for_code(waiting, "thief@example.org")
    code = codes("thief@example.org")[-1]
    client.post(link())
    type_code(waiting, code)
    assert who(waiting) is None
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["lindiwe@example.org"]


def test_link_works_once(client, person, thief):
    used = link()
    client.post(used)
    assert (client.get(used).status_code, client.post(used).status_code) == (410, 410)
    page = client.get(used.replace("/fr/", "/en/")).content.decode()
    assert "<h1>Your old e-mail address cannot be restored</h1>" in page


def test_link_works_for_seven_days(client, person, thief):
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert client.get(link()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.post(link()).status_code == 410
    person.refresh_from_db()
    assert person.email == "thief@example.org"


def test_first_link_undoes_what_came_after_it(client, person, thief):
    change_address(thief, "second@example.org")
    client.post(link())
    person.refresh_from_db()
    assert person.email == "lindiwe@example.org"
    assert client.post(link("thief@example.org")).status_code == 410


def test_address_taken_away_comes_back_too(client, person):
    sign_in(client, "lindiwe")
    open_address_page(client)
    client.post(address("account_email"), {"email": "lindiwe@example.org", "action_remove": ""})
    client.post(link())
    person.refresh_from_db()
    assert person.email == "lindiwe@example.org"


def test_address_that_another_has_proven_meanwhile_stays_theirs(client, person, thief):
    UserFactory(email="lindiwe@example.org")
    assert client.post(link()).status_code == 410
    person.refresh_from_db()
    assert person.email == "thief@example.org"


@pytest.mark.parametrize("token", ["x", "a:b:c", "0" * 32])
def test_link_that_is_not_ours_does_nothing(client, token):
    page = client.get(f"/en/account/address/undo/{token}/")
    assert page.status_code == 410


def test_erased_person_gets_nothing_back(client, person, thief):
    dead = link()
    actions.erase_account(user=person, by=None)
    assert client.get(dead).status_code == 410
    assert not AddressChange.objects.exists()


def test_address_that_was_never_proven_gets_no_link(client):
    client.force_login(UserFactory(email="typo@example.org", proven=False))
    change_address(client, "lindiwe@example.org")
    assert not Delivery.objects.filter(address="typo@example.org").exists()


def test_changes_are_forgotten_after_a_week(person, thief):
    assert actions.forget_address_changes() == 0
    assert actions.forget_address_changes(at=timezone.now() + timedelta(days=8)) == 1


def test_sign_in_under_way_is_of_its_person_whatever_their_number(db):
    """allauth keeps the number in base 36: 17 is “h”."""
    people = [UserFactory() for _ in range(40)]
    for person in (people[8], people[20], people[-1]):
        browser = Client()
        address = f"{person.username}@example.org"
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        browser.post("/en/account/login/code/", {"email": address})
        assert browser.get("/en/account/login/code/confirm/").status_code == 200
