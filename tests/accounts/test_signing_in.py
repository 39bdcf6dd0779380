"""Signing in by a password, and out."""

import pytest

from maarifa.accounts import actions
from tests.accounts.entering import (
    address,
    sign_in,
    who,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


# By password ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "login", ["lindiwe", "LINDIWE", "ｌｉｎｄｉｗｅ", "lindiwe@example.org", "Lindiwe@Example.org "]
)
def test_password_opens_by_user_name_and_by_address(client, login):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org")

    assert sign_in(client, login).url == address("home")
    assert who(client) == person


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_sign_in_pageis_in_the_language_of_its_address(client, language):
    page = client.get(address("account_login", language))

    assert (page.status_code, page["Content-Language"]) == (200, language)
    assert "placeholder" not in page.content.decode()


@pytest.mark.parametrize("login", ["lindiwe", "lindiwe@example.org", "nobody", "nobody@example.org"])
def test_wrong_password_says_the_same_whether_there_is_an_account(client, login):
    UserFactory(username="lindiwe", email="lindiwe@example.org")

    page = sign_in(client, login, "not the password")

    assert page.context["form"].non_field_errors() == [
        "This user name or e-mail address and this password do not match. Try again."
    ]
    assert who(client) is None


def test_address_that_was_only_written_down_opens_nothing_of_its_owner(client):
    """Somebody writes another's address into their own account; the owner's password still opens the
    owner's.
    """
    UserFactory(username="squatter", email="lindiwe@example.org", proven=False)
    owner = UserFactory(username="lindiwe")
    owner.emailaddress_set.create(email="lindiwe@example.org", verified=True)

    sign_in(client, "lindiwe@example.org")

    assert who(client) == owner


def test_closed_account_is_told_so_only_with_its_password(client):
    person = UserFactory(username="lindiwe")
    actions.close_account(user=person, by=person)

    assert sign_in(client, "lindiwe").url == address("account_inactive")
    assert client.get(address("account_inactive")).status_code == 200
    assert sign_in(client, "lindiwe", "not the password").status_code == 200
    assert who(client) is None


# Signing out ------------------------------------------------------------------------------------------------


def test_signing_out_empties_the_browsers_cache(client):
    UserFactory(username="lindiwe")
    sign_in(client, "lindiwe")

    page = client.post(address("account_logout"))

    assert (page.url, page["Clear-Site-Data"]) == (address("home"), '"cache"')
    assert who(client) is None


def test_looking_at_signing_out_signs_nobody_out(client):
    person = UserFactory(username="lindiwe")
    sign_in(client, "lindiwe")

    assert client.get(address("account_logout")).status_code == 200
    assert who(client) == person
