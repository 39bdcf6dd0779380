"""A fresh proof of who is there, for what cannot be undone and for what lets another person in."""

import re
import time

import pytest
import time_machine
from django.conf import settings

from maarifa.accounts import actions
from maarifa.accounts.devices import ENDS, SHARED_SECONDS
from maarifa.accounts.models import AuditEntry
from maarifa.delivery.models import Delivery
from tests.accounts.entering import (
    address,
    ask_for_code,
    codes,
    is_in,
    open_address_page,
    sign_in,
    type_code,
    who,
)
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW_STEP = ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]


def grow_old(client, minutes=11):
    session = client.session
    for proof in {"proved", "proved_for"} & {*session.keys()}:
        *what, at = session[proof]
        session[proof] = [*what, at - minutes * 60]
    session.save()


def without_password(**fields):
    person = UserFactory(username="lindiwe", **fields)
    person.set_unusable_password()
    person.save()
    return person


def test_password_is_asked_again_after_ten_minutes(client):
    page = "account-recovery-code"
    UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    grow_old(client, minutes=9)
    assert client.get(address(page)).status_code == 200
    grow_old(client, minutes=2)

    asked = client.get(address(page))
    assert asked.url.startswith(address("account_reauthenticate") + "?next=")
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    assert client.get(address(page)).status_code == 302
    assert client.post(asked.url, {"password": PASSWORD}).url == address(page)
    assert client.get(address(page)).status_code == 200


def test_address_is_not_changed_from_a_device_left_open(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    grow_old(client)
    for what in ("action_add", "action_remove"):
        client.post(address("account_email"), {"email": "lindiwe@example.org", what: ""})
    client.post(address("account_email"), {"email": "thief@example.org", "action_add": ""})
    person.refresh_from_db()
    assert (person.email, Delivery.objects.count()) == ("lindiwe@example.org", 0)


def test_to_change_the_address_wants_a_proof_of_its_own_however_fresh_the_last(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    change = {"email": "new@example.org", "action_add": ""}
    # A moment after signing in, and after a proof for something else.
    assert client.post(address("account_email"), change).url.startswith(address("account_reauthenticate"))
    client.post(f"{address('account_reauthenticate')}?next=/en/account/", {"password": "wrong"})
    grow_old(client)
    asked = client.get(address("mfa_activate_totp"))
    client.post(asked.url, {"password": PASSWORD})
    assert client.post(address("account_email"), change).status_code == 302
    assert Delivery.objects.count() == 0

    page = open_address_page(client)
    assert page.redirect_chain[-1][0] == address("account_email")
    # A mistyped address does not use the proof up.
    assert client.post(address("account_email"), change | {"email": "new"}).status_code == 200
    client.post(address("account_email"), change)
    type_code(client, codes("new@example.org")[0], "account_email_verification_sent")
    person.refresh_from_db()
    assert person.email == "new@example.org"
    # One proof, one change.
    answer = client.post(address("account_email"), change | {"email": "third@example.org"})
    assert answer.url.startswith(address("account_reauthenticate"))


def test_proof_for_the_address_is_good_for_ten_minutes(client):
    UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    open_address_page(client)
    with time_machine.travel(time.time() + 11 * 60):
        assert client.get(address("account_email")).status_code == 302


def test_who_came_by_a_code_shows_the_present_address_once_more_to_change_it(client):
    person = without_password(email="lindiwe@example.org")
    ask_for_code(client, "lindiwe@example.org")
    type_code(client, codes("lindiwe@example.org")[0])
    change = {"email": "thief@example.org", "action_add": ""}
    asked = client.post(address("account_email"), change)
    assert asked.url.startswith(address("account-prove-by-mail"))
    assert not Delivery.objects.filter(address="thief@example.org").exists()
    client.get(asked.url)
    client.post(asked.url, {"code": codes("lindiwe@example.org")[1]})
    client.post(address("account_email"), change)
    type_code(client, codes("thief@example.org")[0], "account_email_verification_sent")
    person.refresh_from_db()
    assert person.email == "thief@example.org"


# What makes a new proof -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", NEW_STEP)
def test_second_step_is_added_with_a_proof_of_its_own_however_fresh_the_last(client, page):
    UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    for method in (client.get, client.post):
        asked = method(address(page))
        assert asked.url.startswith(address("account_reauthenticate") + "?next=")
    client.post(asked.url, {"password": PASSWORD})
    # One for all of these pages, and for ten minutes: the codes are shown after the app.
    assert {client.get(address(one)).status_code for one in NEW_STEP} == {200}
    grow_old(client)
    assert client.get(address(page)).status_code == 302


@pytest.mark.parametrize("came", ["code", "card"])
def test_password_set_in_a_session_left_open_does_not_move_the_address(client, came):
    """Whoever finds a device where somebody signed in a moment ago, without a password, makes no proof of their own."""
    person = without_password(email="lindiwe@example.org")
    if came == "code":
        ask_for_code(client, "lindiwe@example.org")
        type_code(client, codes("lindiwe@example.org")[0])
    else:
        client.force_login(person)
    mine = {"password1": "four green doors"}
    assert client.get(address("account_set_password")).url.startswith(address("account-prove-by-mail"))
    assert client.post(address("account_set_password"), mine).url.startswith(address("account-prove-by-mail"))
    person.refresh_from_db()
    assert not person.has_usable_password()
    for page in NEW_STEP:
        assert client.post(address(page), {"code": "000000"}).url.startswith(address("account-prove-by-mail"))
    # Nor from another session, by what this one could have set.
    other = client.__class__()
    sign_in(other, "lindiwe", "four green doors")
    assert not is_in(other)

    # Its owner reads the mail, and one proof is one password.
    asked = client.get(address("account_set_password"))
    client.get(asked.url)
    client.post(asked.url, {"code": codes("lindiwe@example.org")[-1]})
    assert client.post(address("account_set_password"), mine).status_code == 302
    person.refresh_from_db()
    assert person.check_password("four green doors")
    assert client.get(address("account_email")).url.startswith(address("account_reauthenticate"))
    assert "proved_for" not in client.session


def test_recovery_code_made_in_a_session_left_open_does_not_move_the_address(client):
    person = without_password(email="lindiwe@example.org")
    client.force_login(person)
    client.post(address("account-recovery-code"))
    code = re.search(
        r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", client.get(address("account-recovery-code")).content.decode()
    )

    thief = client.__class__()
    thief.post(address("account-recover"), {"login": "lindiwe", "code": code[0]})
    assert who(thief) == person
    for page in ("account_set_password", "account_email", *NEW_STEP):
        assert thief.get(address(page)).url.startswith(address("account-prove-by-mail")), page


def test_recovery_code_of_long_ago_leads_to_a_password_where_the_mailbox_is_lost(client):
    person = without_password(email="lindiwe@example.org")
    with time_machine.travel(time.time() - 8 * 24 * 60 * 60):
        code = actions.make_recovery_code(user=person)
    client.post(address("account-recover"), {"login": "lindiwe", "code": code})
    assert client.get(address("account_set_password")).status_code == 200
    client.post(address("account_set_password"), {"password1": "four green doors"})
    person.refresh_from_db()
    assert person.check_password("four green doors")


def test_who_signs_in_in_order_to_set_a_password_is_asked_once(client):
    without_password(email="lindiwe@example.org")
    there = client.get(address("account_set_password")).url
    assert there.startswith(address("account_login"))
    way = {"next": address("account_set_password")}
    client.post(address("account_request_login_code"), {"email": "lindiwe@example.org", **way})
    form = {"code": codes("lindiwe@example.org")[0], "action": "verify", **way}
    answer = client.post(address("account_confirm_login_code"), form)
    assert answer.url == address("account_set_password")
    assert client.get(answer.url).status_code == 200
    # Not for the address.
    assert client.get(address("account_email")).status_code == 302


def test_who_has_no_password_gets_a_code_by_mail(client):
    person = without_password(email="lindiwe@example.org", language="fr")
    client.force_login(person)
    grow_old(client)

    asked = client.get(address("account_set_password"))
    assert asked.url.startswith(address("account-prove-by-mail"))
    page = client.get(asked.url)
    assert page.status_code == 200
    client.get(asked.url)
    message = Delivery.objects.get()
    assert (message.address, message.language, message.kind) == ("lindiwe@example.org", "fr", "sign-in")
    code = re.search(r"\d{4}-\d{4}", message.text).group()

    for _ in range(2):
        assert client.post(asked.url, {"code": "1111-1111"}).status_code == 200
    assert client.post(asked.url, {"code": code}).url == address("account_set_password")
    assert client.get(address("account_set_password")).status_code == 200
    # It worked once.
    grow_old(client)
    assert client.post(asked.url, {"code": code}).status_code == 200
    assert client.get(address("account_set_password")).status_code == 302


def test_code_by_mail_is_dead_after_five_tries_or_twenty_minutes(client):
    client.force_login(without_password(email="lindiwe@example.org"))
    grow_old(client)
    page = address("account-prove-by-mail")
    client.get(page)
    for _ in range(5):
        client.post(page, {"code": "1111-1111"})
    client.post(page, {"code": codes("lindiwe@example.org")[0]})
    assert client.get(address("account_set_password")).status_code == 302

    client.get(page)
    session = client.session
    session["proof_code"] = {**session["proof_code"], "at": time.time() - 21 * 60}
    session.save()
    client.post(page, {"code": codes("lindiwe@example.org")[1]})
    assert client.get(address("account_set_password")).status_code == 302


def test_new_code_is_sent_by_a_button_where_the_one_before_no_longer_works(client):
    client.force_login(without_password(email="lindiwe@example.org"))
    grow_old(client)
    asked = client.get(address("account_set_password")).url
    client.get(asked)
    for _ in range(6):
        page = client.post(asked, {"code": "1111-1111"}).content.decode()
    assert "This code no longer works. Ask for a new one." in page
    assert 'value="resend">Send a new code</button>' in page

    answer = client.post(asked, {"action": "resend"})
    assert answer.url == asked
    client.get(asked)
    assert len(codes("lindiwe@example.org")) == 2
    done = client.post(asked, {"code": codes("lindiwe@example.org")[1]})
    assert done.url == address("account_set_password")


def test_code_stays_good_where_too_many_were_asked_for(client):
    client.force_login(without_password(email="lindiwe@example.org"))
    page = address("account-prove-by-mail")
    client.get(page)
    sent = [client.post(page, {"action": "resend"}).status_code for _ in range(5)]
    assert sent == [302] * 4 + [429]
    grow_old(client)
    client.post(page, {"code": codes("lindiwe@example.org")[-1]})
    assert client.get(address("account-recovery-code")).status_code == 200


def test_codes_by_mail_come_five_times_in_a_quarter_of_an_hour(client):
    client.force_login(without_password(email="lindiwe@example.org"))
    page = address("account-prove-by-mail")
    for _ in range(5):
        assert client.get(page).status_code == 200
        for _ in range(5):
            client.post(page, {"code": "1111-1111"})
    assert client.get(page).status_code == 429
    assert len(codes("lindiwe@example.org")) == 5


def test_who_came_with_a_card_and_has_nothing_else_is_not_locked_out(client):
    client.force_login(without_password())
    grow_old(client)
    assert client.get(address("account_set_password")).status_code == 200
    assert client.get(address("account_email")).status_code == 200


def test_address_that_nobody_has_proven_is_no_proof(client):
    client.force_login(without_password(email="lindiwe@example.org", proven=False))
    grow_old(client)
    assert client.get(address("account_set_password")).status_code == 200
    assert client.get(address("account-prove-by-mail")).status_code == 403


def test_closing_without_a_password_wants_a_proof(client):
    person = without_password(email="lindiwe@example.org")
    client.force_login(person)
    grow_old(client)
    client.post(address("account-close"), {"sure": "on"})
    person.refresh_from_db()
    assert person.closed_at is None


@pytest.mark.parametrize("action", ["close", "erase"])
def test_staff_prove_themselves_before_they_close_or_erase(client, action):
    victim = UserFactory(username="amina")
    UserFactory(username="operator", is_staff=True, is_superuser=True)
    sign_in(client, "operator")
    grow_old(client)
    asked = client.post("/admin/accounts/user/", {"action": action, "_selected_action": [victim.pk]})
    assert asked.url == f"{address('account_reauthenticate')}?next=%2Fadmin%2Faccounts%2Fuser%2F"
    victim.refresh_from_db()
    assert victim.closed_at is None
    assert not AuditEntry.objects.filter(action__startswith="account.").exists()
    client.post(asked.url, {"password": PASSWORD})
    assert (
        client.post("/admin/accounts/user/", {"action": action, "_selected_action": [victim.pk]}).status_code
        < 400
    )


# How long somebody stays signed in ----------------------------------------------------------------------------


def test_session_on_a_shared_device_ends_with_the_browser_and_after_four_hours(client):
    person = UserFactory(username="lindiwe")
    sign_in(client, "lindiwe", follow=False)
    assert client.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE

    shared = client.__class__()
    shared.post(address("account_login"), {"login": "lindiwe", "password": PASSWORD, "shared": "on"})
    assert who(shared) == person
    assert shared.cookies["sessionid"]["max-age"] == ""
    session = shared.session
    assert 0 < session[ENDS] - time.time() <= SHARED_SECONDS
    session[ENDS] = time.time() - 1
    session.save()
    assert not is_in(shared)


def test_shared_device_is_remembered_until_the_code_is_typed(client):
    UserFactory(username="lindiwe", email="lindiwe@example.org")
    client.post(address("account_request_login_code"), {"email": "lindiwe@example.org", "shared": "on"})
    type_code(client, codes("lindiwe@example.org")[0])
    assert ENDS in client.session

    # Who asks again without the tick has changed their mind.
    other = client.__class__()
    other.post(address("account_request_login_code"), {"email": "lindiwe@example.org", "shared": "on"})
    ask_for_code(other, "lindiwe@example.org")
    type_code(other, codes("lindiwe@example.org")[-1])
    assert is_in(other)
    assert ENDS not in other.session


def test_staff_stay_for_twelve_hours(client):
    UserFactory(username="operator", is_staff=True)
    sign_in(client, "operator")
    assert client.cookies["sessionid"]["max-age"] == 12 * 60 * 60
