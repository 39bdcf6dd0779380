"""What somebody learns who comes back to a closed account."""

import pytest
from django.test import Client

from maarifa.accounts import actions
from maarifa.accounts.models import AuditEntry, User
from maarifa.delivery.actions import send_delivery
from maarifa.delivery.models import Delivery
from tests.accounts.entering import SIGN_UP, address, ask_for_code, bare, sign_in, who
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

EMAIL = "lindiwe@example.org"


@pytest.fixture
def closed():
    person = UserFactory(username="lindiwe", email=EMAIL, language="fr")
    actions.close_account(user=person, by=person)
    Delivery.objects.all().delete()
    return person


def test_closing_says_first_what_follows_and_confirms_it_by_mail(client, mailoutbox):
    client.force_login(UserFactory(username="lindiwe", email=EMAIL, language="fr"))
    page = client.get(address("account-close")).content.decode()
    assert "no one can create another account with its e-mail address" in page
    assert "can reopen it" in page
    assert "You leave your groups." in page
    assert "We confirm by e-mail that the account is closed, then send you no more messages." in page
    client.post(address("account-close"), {"password": PASSWORD, "sure": "on"})
    message = Delivery.objects.get()
    assert (message.address, message.language, message.subject) == (EMAIL, "fr", "Votre compte est fermé")
    assert "help@example.org" in message.text
    send_delivery(delivery_id=message.pk)
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


@pytest.mark.parametrize("fields", [{"email": None}, {"email": EMAIL, "proven": False}])
def test_closing_writes_to_no_address_that_nobody_has_shown(client, fields):
    person = UserFactory(**fields)
    client.force_login(person)
    page = client.get(address("account-close")).content.decode()
    assert "You can no longer sign in, and we stop sending you messages." in page
    actions.close_account(user=person, by=person)
    assert Delivery.objects.count() == 0


def sign_up(client, email=EMAIL):
    return client.post(address("account_signup"), SIGN_UP | {"email": email}, follow=True)


def reset(client, email=EMAIL):
    return client.post(address("account_reset_password"), {"email": email}, follow=True)


def ask(client, email=EMAIL):
    return ask_for_code(client, email, follow=True)


@pytest.mark.parametrize("come_back", [sign_up, ask, reset])
def test_every_way_back_queues_one_message_that_says_closed_and_whom_to_ask(client, closed, come_back):
    come_back(client)
    message = Delivery.objects.get()
    assert (message.address, message.language, message.subject) == (EMAIL, "fr", "Votre compte est fermé")
    assert "help@example.org" in message.text
    for other in ("account_signup", "account_request_login_code"):
        assert address(other, "fr") not in message.text


@pytest.mark.parametrize("come_back", [ask, reset])
def test_browser_is_told_the_same_as_for_an_address_that_nobody_has(closed, come_back):
    pages = [come_back(Client(), email) for email in (EMAIL, "nobody@example.org")]
    shown = {bare(page, email) for page, email in zip(pages, (EMAIL, "nobody@example.org"), strict=True)}
    assert len(shown) == 1


def test_browser_is_told_the_same_of_a_closed_and_of_an_open_account_at_sign_up(closed):
    UserFactory(email="open@example.org")
    pages = {bare(sign_up(Client(), email), email) for email in (EMAIL, "open@example.org")}
    assert len(pages) == 1


def test_right_password_of_a_closed_account_says_closed_and_whom_to_ask(client, closed):
    page = sign_in(client, "lindiwe", follow=True)
    assert "help@example.org" in page.content.decode()
    assert who(client) is None


def test_staff_open_a_closed_account_again_and_the_audit_knows(client, closed):
    operator = UserFactory(is_staff=True, is_superuser=True)
    assert actions.reopen_account(user=closed, by=operator) is True
    assert actions.reopen_account(user=closed, by=operator) is False
    assert AuditEntry.objects.filter(action="account.reopened", actor=operator, on_user=closed).count() == 1
    sign_in(client, "lindiwe")
    assert who(client) == closed


def test_erased_stays_erased_and_leaves_the_address_free(client, closed):
    actions.erase_account(user=closed, by=None)
    assert actions.reopen_account(user=closed, by=None) is False
    sign_up(client)
    assert User.objects.filter(email=EMAIL).count() == 1
    assert "fermé" not in Delivery.objects.get(address=EMAIL).subject
