"""Making an account."""

import re

import pytest
from django.test import Client

from maarifa.accounts.models import User
from maarifa.delivery.models import Delivery
from tests.accounts.entering import (
    NOW,
    SIGN_UP,
    address,
    ask_for_code,
    bare,
    codes,
    sign_in,
    type_code,
    who,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


# Signing up -------------------------------------------------------------------------------------------------


def test_sign_up_with_user_name_enters_at_once(client):
    page = client.post(address("account_signup", "fr"), SIGN_UP | {"username": "Nene"})

    person = User.objects.get()
    assert page.url == address("home", "fr")
    assert who(client) == person
    assert (person.username, person.name, person.email, person.language) == (
        "nene",
        "Néné Diallo",
        None,
        "fr",
    )
    consent = person.consents.get()
    assert (consent.purpose, consent.language) == ("terms", "fr")
    assert consent.words != ""
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("America/Bogota", "America/Bogota"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("", ""),
        ("Mars/X", ""),
        ("../etc/passwd", ""),
        ("x" * 500, ""),
    ],
)
def test_sign_up_takes_the_zone_that_the_browser_tells_and_never_one_that_nobody_said(client, told, kept):
    client.post(address("account_signup"), SIGN_UP | {"username": "nene", "time_zone": told})
    assert User.objects.get().time_zone == kept


def test_who_has_no_zone_yet_is_asked_on_their_first_page_and_chooses_from_a_list(client):
    client.post(address("account_signup"), SIGN_UP | {"username": "nene"})
    asked = "Dates and times are shown in UTC because you have not set your time zone."
    assert asked in client.get("/en/learning/").content.decode()

    page = client.get(address("account")).content.decode()
    assert '<option value="" selected>Choose one<' in page
    assert "<option value=America/Bogota>Colombia<" in page
    without = client.post(address("account"), {"name": "Nene", "language": "en", "time_zone": ""})
    assert list(without.context["form"].errors) == ["time_zone"]
    client.post(address("account"), {"name": "Nene", "language": "en", "time_zone": "America/Bogota"})

    assert User.objects.get().time_zone == "America/Bogota"
    assert asked not in client.get("/en/learning/").content.decode()


def test_the_browser_fills_the_zone_of_its_clocks_in(site, open_page):
    page = open_page(timezone_id="America/Bogota")
    page.goto(f"{site.url}/en/account/signup/")
    assert page.locator("[data-time-zone]").input_value() == "America/Bogota"
    page = open_page(timezone_id="America/Bogota", javascript=False)
    page.goto(f"{site.url}/en/account/signup/")
    assert page.locator("[data-time-zone]").input_value() == ""


@pytest.mark.parametrize("zone", ["America/Bogota", "America/Argentina/Salta"])
def test_the_settings_propose_the_zone_of_the_browser_where_there_is_none(site, open_page, zone):
    client = Client()
    client.force_login(UserFactory(time_zone=""))
    page = open_page(timezone_id=zone)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
    page.context.add_cookies([cookie])
    page.goto(f"{site.url}/en/account/")
    assert page.locator("#id_time_zone").input_value() == zone
    page.get_by_role("button", name="Save settings").click()
    assert User.objects.get().time_zone == zone


def test_sign_up_with_address_asks_for_the_code_first(client):
    page = client.post(address("account_signup", "ar"), SIGN_UP | {"email": "Nene@Example.org"})

    assert page.url == address("account_email_verification_sent", "ar")
    assert who(client) is None
    message = Delivery.objects.get()
    assert (message.address, message.language, message.kind) == ("nene@example.org", "ar", "sign-in")
    assert client.get(page.url).status_code == 200

    assert type_code(client, codes("nene@example.org")[0], "account_email_verification_sent").url == address(
        "home"
    )

    person = User.objects.get()
    assert who(client) == person
    assert (person.email, person.language, person.has_verified_email()) == ("nene@example.org", "ar", True)


def test_sign_up_with_known_address_looks_like_one_with_a_new_one(client):
    owner = UserFactory(username="lindiwe", email="lindiwe@example.org", language="fr")
    pages = {}
    for email in ("lindiwe@example.org", "new@example.org"):
        client.cookies.clear()
        page = client.post(address("account_signup"), SIGN_UP | {"email": email})
        after = client.get(page.url)
        wrong = type_code(client, "0000-0000", "account_email_verification_sent")
        again = client.post(page.url, {"action": "resend"}, follow=True)
        pages[email] = [
            page.status_code,
            page.url,
            bare(after, email),
            bare(wrong, email),
            again.status_code,
        ]

    assert pages["lindiwe@example.org"] == pages["new@example.org"]
    assert list(User.objects.filter(email="lindiwe@example.org")) == [owner]
    message = Delivery.objects.get(address="lindiwe@example.org")
    assert (message.recipient, message.language, message.kind) == (owner, "fr", "account")
    assert re.search(r"\d{4}-\d{4}", message.text) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "email"),
        ({"username": "two words"}, "username"),
        ({"username": "nene@example.org"}, "username"),
        ({"username": "LINDIWE"}, "username"),
        ({"username": "nene", "terms": ""}, "terms"),
        ({"username": "nene", "name": ""}, "name"),
        ({"username": "nene", "password1": "short"}, "password1"),
        ({"username": "nene", "password1": "password"}, "password1"),
        ({"email": "nene.example.org"}, "email"),
    ],
)
def test_sign_up_says_what_is_missing(client, given, field):
    UserFactory(username="lindiwe")

    page = client.post(address("account_signup"), SIGN_UP | given)

    assert list(page.context["form"].errors) == [field]
    assert User.objects.count() == 1


def test_who_proves_an_address_first_is_rid_of_the_password_chosen_before(client):
    """A stranger signs up with another's address. The owner enters by a code; the stranger's password is
    gone.
    """
    stranger = client
    stranger.post(address("account_signup"), SIGN_UP | {"email": "lindiwe@example.org"})
    stranger.cookies.clear()

    ask_for_code(client, "lindiwe@example.org")
    type_code(client, codes("lindiwe@example.org")[-1])

    person = who(client)
    assert person.email == "lindiwe@example.org"
    assert not person.has_usable_password()
    client.cookies.clear()
    sign_in(client, "lindiwe@example.org")
    assert who(client) is None


def test_password_of_who_has_been_in_stays_when_the_address_is_proven(client):
    UserFactory(username="lindiwe", email="lindiwe@example.org", proven=False, last_login=NOW)

    ask_for_code(client, "lindiwe@example.org")
    type_code(client, codes("lindiwe@example.org")[0])

    assert who(client).has_usable_password()


def test_account_made_by_an_institution_enters_though_its_address_was_never_proven(client):
    """They came in by a card before; a wrong address on the roster must not lock them out."""
    person = UserFactory(username="lindiwe", email="mistyped@example.org", proven=False, last_login=NOW)

    sign_in(client, "lindiwe")

    assert who(client) == person
