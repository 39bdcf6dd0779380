"""Signing in by a code that comes by mail."""

import re
from datetime import timedelta

import pytest
import time_machine

from maarifa.accounts import actions
from maarifa.delivery.models import Delivery
from tests.accounts.entering import (
    NOW,
    SIGN_UP,
    address,
    ask_for_code,
    bare,
    codes,
    type_code,
    who,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


# By code ----------------------------------------------------------------------------------------------------


def test_code_opens(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org", language="ar")

    page = ask_for_code(client, "Lindiwe@example.org")

    assert page.url == address("account_confirm_login_code")
    message = Delivery.objects.get()
    assert (message.recipient, message.kind, message.language) == (person, "sign-in", "ar")
    assert client.get(page.url).status_code == 200
    assert type_code(client, codes("lindiwe@example.org")[0]).url == address("home")
    assert who(client) == person


@pytest.mark.parametrize("write", ["{0}{1}", "{0} {1}", " {0}-{1} ", "{0}–{1}"])
def test_code_is_read_however_it_is_written(client, write):
    person = UserFactory(email="lindiwe@example.org")
    ask_for_code(client, "lindiwe@example.org")

    type_code(client, write.format(*codes("lindiwe@example.org")[0].split("-")))

    assert who(client) == person


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯"])
def test_code_is_read_in_digits_of_the_persons_script(client, digits):
    person = UserFactory(email="lindiwe@example.org")
    ask_for_code(client, "lindiwe@example.org")

    type_code(client, codes("lindiwe@example.org")[0].translate(str.maketrans("0123456789", digits)))

    assert who(client) == person


def test_code_of_the_first_message_opens_after_a_resend(client):
    person = UserFactory(email="lindiwe@example.org")
    page = ask_for_code(client, "lindiwe@example.org")
    client.post(page.url, {"action": "resend"})
    client.post(page.url, {"action": "resend"})
    ask_for_code(client, "lindiwe@example.org")

    sent = codes("lindiwe@example.org")

    assert (len(sent), len(set(sent))) == (4, 1)
    type_code(client, sent[0])
    assert who(client) == person


@pytest.mark.parametrize("way", ["back in the browser", "another address"])
def test_mistyped_address_is_given_again(client, way):
    person = UserFactory(email="lindiwe@example.org")
    page = ask_for_code(client, "lindwie@example.org")
    if way == "another address":
        assert client.get(address("account_request_login_code")).url == page.url
        again = client.post(
            address("account_logout"), {"next": address("account_request_login_code")}, follow=True
        )
        assert again.redirect_chain[-1][0] == address("account_request_login_code")
        assert again.status_code == 200

    ask_for_code(client, "lindiwe@example.org")
    type_code(client, codes("lindiwe@example.org")[0])

    assert who(client) == person


def test_mistyped_address_of_a_new_account_is_given_again(client):
    client.post(address("account_signup"), SIGN_UP | {"email": "nnee@example.org"})
    client.post(address("account_signup"), SIGN_UP | {"email": "nene@example.org"})

    type_code(client, codes("nene@example.org")[0], "account_email_verification_sent")

    assert who(client).email == "nene@example.org"


def test_code_for_ones_own_address_does_not_open_anothers(client):
    UserFactory(username="mine", email="mine@example.org")
    UserFactory(username="theirs", email="theirs@example.org")
    ask_for_code(client, "mine@example.org")
    page = ask_for_code(client, "theirs@example.org")
    client.post(page.url, {"action": "resend"})

    assert set(codes("mine@example.org")).isdisjoint(codes("theirs@example.org"))
    assert len(set(codes("theirs@example.org"))) == 1
    type_code(client, codes("mine@example.org")[0])
    assert who(client) is None


def test_code_for_ones_own_address_opens_nothing_where_nobody_is(client):
    UserFactory(email="mine@example.org")
    ask_for_code(client, "mine@example.org")
    page = ask_for_code(client, "nobody@example.org")
    client.post(page.url, {"action": "resend"})

    assert type_code(client, codes("mine@example.org")[0]).status_code == 200
    assert who(client) is None


@pytest.mark.parametrize(("minutes", "opens"), [(19, True), (21, False)])
def test_code_lives_twenty_minutes(client, minutes, opens):
    UserFactory(email="lindiwe@example.org")
    with time_machine.travel(NOW, tick=False) as clock:
        ask_for_code(client, "lindiwe@example.org")
        clock.shift(timedelta(minutes=minutes))
        type_code(client, codes("lindiwe@example.org")[0])

        assert (who(client) is not None) is opens


def test_code_that_is_asked_for_late_is_a_new_one(client):
    UserFactory(email="lindiwe@example.org")
    with time_machine.travel(NOW, tick=False) as clock:
        ask_for_code(client, "lindiwe@example.org")
        clock.shift(timedelta(minutes=11))
        ask_for_code(client, "lindiwe@example.org")

    assert len(set(codes("lindiwe@example.org"))) == 2


@pytest.mark.parametrize("again", ["ask", "resend"])
@pytest.mark.parametrize(
    ("which", "minutes", "opens"),
    [(0, 19, True), (0, 21, False), (1, 19, True), (1, 30, True), (1, 32, False)],
)
def test_each_code_lives_its_own_twenty_minutes(client, again, which, minutes, opens):
    person = UserFactory(email="lindiwe@example.org")
    with time_machine.travel(NOW, tick=False) as clock:
        page = ask_for_code(client, "lindiwe@example.org")
        clock.shift(timedelta(minutes=11))
        if again == "ask":
            ask_for_code(client, "lindiwe@example.org")
        else:
            client.post(page.url, {"action": "resend"})
        clock.shift(timedelta(minutes=minutes - 11))
        first, second = codes("lindiwe@example.org")
        assert first != second
        type_code(client, (first, second)[which])

        assert (who(client) == person) is opens


def test_code_is_guessed_five_times_at_most(client):
    UserFactory(email="lindiwe@example.org")
    ask_for_code(client, "lindiwe@example.org")
    for _ in range(5):
        type_code(client, "0000-0000")

    type_code(client, codes("lindiwe@example.org")[0])

    assert who(client) is None


def test_code_page_looks_the_same_for_an_address_that_nobody_has(client):
    UserFactory(email="lindiwe@example.org")
    pages = {}
    for email in ("lindiwe@example.org", "nobody@example.org"):
        client.cookies.clear()
        page = ask_for_code(client, email, "fr")
        shown = client.get(page.url)
        wrong = client.post(page.url, {"code": "0000-0000"})
        again = client.post(page.url, {"action": "resend"})
        pages[email] = [page.url, bare(shown, email), bare(wrong, email), again.status_code, again.url]

    assert pages["lindiwe@example.org"] == pages["nobody@example.org"]
    message = Delivery.objects.get(address="nobody@example.org")
    assert (message.recipient, message.language, message.kind) == (None, "fr", "account")


def test_code_is_not_sent_to_a_closed_account(client):
    person = UserFactory(email="lindiwe@example.org")
    actions.close_account(user=person, by=person, tell=False)

    ask_for_code(client, "lindiwe@example.org")

    assert not re.search(r"\d{4}-\d{4}", Delivery.objects.get().text)


def test_code_stands_in_no_subject_and_waits_in_its_row_alone(client):
    UserFactory(email="lindiwe@example.org")
    ask_for_code(client, "lindiwe@example.org")

    row = Delivery.objects.get()
    assert codes("lindiwe@example.org")[0] not in row.subject
    assert row.is_secret


def test_address_typed_for_a_password_stands_in_the_form_for_a_code(client):
    page = client.get(address("account_login")).content.decode()
    assert f'formaction="{address("account_request_login_code")}"' in page
    # Enter presses the first button of a form.
    assert page.index('<button class="arrow">Sign in') < page.index("formaction")
    typed = {"login": "lindiwe@example.org", "password": "x", "next": "/en/groups/", "shared": "on"}
    page = client.post(address("account_request_login_code"), typed)
    assert page.status_code == 200
    for kept in ('value="lindiwe@example.org"', 'name="next" value="/en/groups/"', "checked"):
        assert kept in page.content.decode()
    assert Delivery.objects.count() == 0
    page = client.post(address("account_request_login_code"), {"login": "lindiwe", "password": ""})
    assert "lindiwe" not in page.content.decode().partition("<main")[2]
    assert "errorlist" not in page.content.decode()
