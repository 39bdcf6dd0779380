"""Limits count a browser that has been in before apart from whoever guesses elsewhere."""

import pytest
from django.test import Client

from maarifa.accounts import actions
from tests.accounts.entering import ask_for_code, codes, is_in, sign_in, type_code, who
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(username="lindiwe", email="lindiwe@example.org")


@pytest.fixture
def owners(person):
    """The owner's browser, signed out again."""
    browser = Client()
    sign_in(browser, "lindiwe")
    leave(browser)
    return browser


def leave(browser):
    """Sign out, which ends the session and nothing else."""
    browser.post("/en/account/logout/")
    assert not is_in(browser)


def guess_elsewhere(times=9):
    for n in range(times):
        sign_in(Client(), "lindiwe", f"guess {n}", REMOTE_ADDR=f"192.0.2.{n}")


def test_guesser_elsewhere_does_not_shut_the_owner_out(person, owners):
    guess_elsewhere()

    sign_in(Client(), "lindiwe")
    sign_in(owners, "lindiwe")

    assert who(owners) == person


def test_guesser_elsewhere_shuts_strangers_out_still(person, owners):
    guess_elsewhere()
    stranger = Client()

    sign_in(stranger, "lindiwe")

    assert who(stranger) is None


def test_known_browser_is_guessed_with_eight_times_too(person, owners):
    for n in range(8):
        sign_in(owners, "lindiwe", f"guess {n}")

    sign_in(owners, "lindiwe")

    assert who(owners) is None


def test_codes_asked_for_elsewhere_do_not_stop_the_owners(person, owners):
    for _ in range(8):
        ask_for_code(Client(), "lindiwe@example.org")

    ask_for_code(owners, "lindiwe@example.org")
    type_code(owners, codes("lindiwe@example.org")[-1])

    assert len(codes("lindiwe@example.org")) == 7
    assert who(owners) == person


def test_known_browser_asks_for_six_codes_too(person, owners):
    for _ in range(8):
        ask_for_code(owners, "lindiwe@example.org")

    assert len(codes("lindiwe@example.org")) == 6


def test_cookie_is_small_names_nobody_and_is_kept_from_scripts(person, owners):
    cookie = owners.cookies["device"]

    assert len(f"device={cookie.value}") <= 40
    assert not [name for name in ("lindiwe", str(person.public_id), person.name) if name in cookie.value]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) > 60 * 60 * 24 * 365


def test_cookie_is_of_the_browser_and_four_accounts(person, owners):
    number = owners.cookies["device"].value.partition(".")[0]
    others = [UserFactory(username=f"other{n}") for n in range(3)]
    for other in others:
        sign_in(owners, other.username)
        leave(owners)
    guess_elsewhere()
    sign_in(owners, "lindiwe")
    assert who(owners) == person
    leave(owners)
    sign_in(owners, UserFactory(username="fourth").username)

    found, *marks = owners.cookies["device"].value.split(".")
    assert (found, len(marks), len(set(marks))) == (number, 4, 4)


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "é" * 8 + ".é", "12345678", "12345678." + "0" * 16])
def test_cookie_that_was_made_up_opens_no_bucket(person, value):
    guess_elsewhere()
    browser = Client()
    browser.cookies["device"] = value

    sign_in(browser, "lindiwe")

    assert who(browser) is None


def test_cookie_of_another_account_opens_no_bucket(person):
    UserFactory(username="mallory")
    browser = Client()
    sign_in(browser, "mallory")
    leave(browser)
    guess_elsewhere()

    sign_in(browser, "lindiwe")

    assert who(browser) is None


@pytest.mark.parametrize("go", [actions.close_account, actions.erase_account])
def test_cookie_of_an_account_that_is_gone_is_worth_nothing(person, owners, go):
    from django.test import RequestFactory

    from maarifa.accounts.devices import known_device

    request = RequestFactory().get("/")
    request.COOKIES["device"] = owners.cookies["device"].value
    assert known_device(request, person)

    go(user=person, by=None)

    assert known_device(request, person) is None
