"""A new password, another address."""

import re

import pytest
from allauth.account.models import EmailAddress

from maarifa.delivery.models import Delivery
from tests.accounts.entering import (
    address,
    bare,
    codes,
    open_address_page,
    sign_in,
    type_code,
    who,
)
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


# A new password ---------------------------------------------------------------------------------------------


def test_password_is_reset_by_the_link_in_the_message(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org", language="fr")
    other_device = client.__class__()
    sign_in(other_device, "lindiwe")

    page = client.post(address("account_reset_password"), {"email": "Lindiwe@example.org"})
    assert page.url == address("account_reset_password_done")
    message = Delivery.objects.get()
    assert (message.kind, message.language, "lindiwe" in message.text) == ("account", "fr", True)
    link = re.search(r"http\S+/password/reset/key/\S+", message.text).group()
    assert link.startswith("http://127.0.0.1:8000/fr/account/")

    form = client.get(link, follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": "four green doors"}, follow=True)

    assert done.status_code == 200
    person.refresh_from_db()
    assert person.check_password("four green doors")
    assert who(other_device) is None
    assert client.get(link, follow=True).context["token_fail"] is True
    assert [row.subject for row in Delivery.objects.order_by("id")][1:] != []


def test_password_reset_says_the_same_where_nobody_is(client):
    UserFactory(email="lindiwe@example.org")
    pages = [
        bare(client.post(address("account_reset_password"), {"email": email}, follow=True), email)
        for email in ("lindiwe@example.org", "nobody@example.org")
    ]

    assert pages[0] == pages[1]
    assert f'href="{address("account_reset_password")}">Ask for a new link</a>' in pages[0]
    assert Delivery.objects.count() == 2


def test_password_change_keeps_this_device_and_ends_the_others(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org")
    other_device = client.__class__()
    sign_in(client, "lindiwe")
    sign_in(other_device, "lindiwe")

    client.post(
        address("account_change_password"), {"oldpassword": PASSWORD, "password1": "four green doors"}
    )

    assert (who(client), who(other_device)) == (person, None)
    assert Delivery.objects.get().address == "lindiwe@example.org"


# The address ------------------------------------------------------------------------------------------------


def test_address_changes_once_the_code_is_typed(client):
    person = UserFactory(username="lindiwe", email="old@example.org")
    sign_in(client, "lindiwe")
    open_address_page(client)
    client.post(address("account_email"), {"email": "new@example.org", "action_add": ""})
    person.refresh_from_db()
    assert person.email == "old@example.org"

    type_code(client, codes("new@example.org")[0], "account_email_verification_sent")

    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    assert Delivery.objects.filter(address="old@example.org").count() == 1


def test_address_that_another_has_shown_to_be_theirs_is_not_taken(client):
    owner = UserFactory(email="owner@example.org")
    person = UserFactory(username="lindiwe", email="old@example.org")
    sign_in(client, "lindiwe")
    open_address_page(client)
    client.post(address("account_email"), {"email": "owner@example.org", "action_add": ""})
    # Only the owner can read it, and does not help a stranger; but say they did.
    type_code(client, codes("owner@example.org")[0], "account_email_verification_sent")

    person.refresh_from_db()
    owner.refresh_from_db()
    assert (person.email, owner.email) == ("old@example.org", "owner@example.org")


def test_address_that_another_only_wrote_down_is_taken(client):
    squatter = UserFactory(email="new@example.org", proven=False)
    person = UserFactory(username="lindiwe")
    sign_in(client, "lindiwe")
    open_address_page(client)
    client.post(address("account_email"), {"email": "new@example.org", "action_add": ""})
    type_code(client, codes("new@example.org")[0], "account_email_verification_sent")

    person.refresh_from_db()
    squatter.refresh_from_db()
    assert (person.email, squatter.email) == ("new@example.org", None)


def test_address_is_taken_away(client):
    person = UserFactory(username="lindiwe", email="old@example.org")
    sign_in(client, "lindiwe")
    open_address_page(client)
    client.post(address("account_email"), {"email": "old@example.org", "action_remove": ""})

    person.refresh_from_db()
    assert (person.email, EmailAddress.objects.count()) == (None, 0)
