"""Cards, and who guesses at them: hard on a guesser, lenient to a school."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember
from tests.cohorts.pages import on, signed_in, words
from tests.factories.cohorts import applied

pytestmark = pytest.mark.usefixtures("now")

ENTER = "/en/enter/"


def test_user_name_is_asked_with_the_code_always(client, card):
    page = client.post(ENTER, {"code": card.entry_code})
    assert (page.status_code, signed_in(client)) == (422, "")
    assert "Enter the user name on your card." in words(page)
    other = {"code": card.entry_code, "username": "somebody-else"}
    assert "This user name and entry code do not match a valid card" in words(client.post(ENTER, other))
    right = {"code": card.entry_code, "username": f" {card.learner.username.upper()} "}
    assert client.post(ENTER, right).status_code == 302


def test_guessing_at_scale_ends_after_eight_tries_whatever_the_devices_and_networks(card, now):
    statuses = [
        Client(REMOTE_ADDR=f"198.51.{n // 250}.{n % 250}").post(ENTER, on(card, f"{n:08}")).status_code
        for n in range(300)
    ]
    assert statuses == [422] * 8 + [429] * 292
    assert Client().post(ENTER, on(card)).status_code == 429
    now.shift(timedelta(minutes=15))
    assert Client().post(ENTER, on(card)).status_code == 302


def test_guessers_elsewhere_shut_nobody_out_of_a_browser_that_they_have_been_in_with(client, card):
    actions.accept_invitation(member=card, visitor=card.learner, consent_text="I agree.", language="en")
    client.force_login(card.learner)
    client.get("/en/account/")
    client.post(ENTER, on(actions.renew_code(member=card, by=None)))
    assert "device" in client.cookies
    # Signed out, and still the same browser.
    del client.cookies["sessionid"]
    actions.renew_code(member=card, by=None)
    for n in range(9):
        said = Client().post(ENTER, on(card, f"{n:08}"))
    assert said.status_code == 429
    assert "Try again in 15 minutes. The code on your card is still valid." in words(said)
    assert client.post(ENTER, on(card)).status_code == 302


def test_codes_that_are_tried_without_their_names_open_nothing(cohort):
    """Whoever has many codes, or tries all of them, needs the name of each."""
    applied([[f"Learner {n}", "", f"H-{n}", ""] for n in range(20)], cohort=cohort)
    people = [
        (member.entry_code, member.learner.username)
        for member in CohortMember.objects.select_related("learner")
    ]
    crossed = [
        Client().post(ENTER, {"code": code, "username": name}).status_code
        for n, (code, _own) in enumerate(people)
        for name in [people[n - 1][1]]
    ]
    assert set(crossed) == {422}


def test_class_that_shares_a_device_goes_on(client, card):
    for n in range(39):
        wrong = {"code": "00000000", "username": f"learner{n}"}
        assert client.post(ENTER, wrong).status_code == 422
    assert client.post(ENTER, on(card)).status_code == 302


def test_device_that_tries_name_after_name_waits(client, card):
    for n in range(40):
        assert client.post(ENTER, {"code": "00000000", "username": f"learner{n}"}).status_code == 422
    assert client.post(ENTER, on(card)).status_code == 429
    assert Client().post(ENTER, on(card)).status_code == 302


def test_network_of_version_six_is_one_customers(settings, card):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "card": "5/15m/ip,8/15m/key"}
    for n in range(5):
        neighbour = Client(REMOTE_ADDR=f"2001:db8:0:7::{n:x}")
        assert neighbour.post(ENTER, {"code": "00000000", "username": f"x{n}"}).status_code == 422
    assert Client(REMOTE_ADDR="2001:db8:0:7:ffff::1").post(ENTER, on(card)).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:0:8::1").post(ENTER, on(card)).status_code == 302


def test_hall_full_of_people_with_right_codes_meets_no_limit(cohort):
    applied([[f"Learner {n}", "", f"H-{n}", ""] for n in range(45)], cohort=cohort)
    cards = [on(card) for card in CohortMember.objects.select_related("learner")]
    assert {Client().post(ENTER, card).status_code for card in cards} == {302}


def test_card_on_a_shared_device_ends_with_the_browser(client, card):
    actions.accept_invitation(member=card, visitor=card.learner, consent_text="I agree.", language="en")
    actions.renew_code(member=card, by=None)
    client.post(ENTER, on(card) | {"shared": "on"})
    assert signed_in(client) == str(card.learner_id)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_card_of_somebody_with_a_second_step_asks_for_it(client, card):
    actions.accept_invitation(member=card, visitor=card.learner, consent_text="I agree.", language="en")
    TOTP.activate(card.learner, "JBSWY3DPEHPK3PXP")
    actions.renew_code(member=card, by=None)
    assert client.post(ENTER, on(card))["Location"].startswith("/en/account/second-step/authenticate/")
    assert signed_in(client) == ""
