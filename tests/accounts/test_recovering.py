"""A code on paper for who has no e-mail, and a warning before a sign-out that nobody comes back from."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, transaction
from django.test import Client

from maarifa.accounts import actions
from maarifa.accounts.models import AuditEntry, RecoveryCode, User
from maarifa.delivery.models import Delivery
from tests.accounts.entering import NOW, SECRET, SIGN_UP, address, code_of, sign_in, who
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(username="lindiwe", email=None)


def shown(page) -> str | None:
    """The code on a page."""
    found = re.search(r">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<", page.content.decode())
    return found and found[1]


def recover(client, code, login="lindiwe", follow=True, **more):
    return client.post(address("account-recover"), {"login": login, "code": code}, follow=follow, **more)


def make(client):
    return client.post(address("account-recovery-code"), follow=True)


def text(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# Making


def test_code_is_made_shown_once_and_only_its_digest_is_kept(client, person):
    client.force_login(person)
    page = client.get(address("account-recovery-code"))
    assert shown(page) is None
    assert RecoveryCode.objects.count() == 0

    page = make(client)
    code = shown(page)
    assert "If you have copied or printed the code, continue. We do not show it again. Continue" in text(page)

    row = RecoveryCode.objects.get()
    assert code.replace("-", "") not in row.digest
    assert code not in str(dict(client.session))
    client.post(address("account-recovery-code"), {"have": "learning"})
    page = client.get(address("account-recovery-code"))
    assert (shown(page), "You have a recovery code, created on" in text(page)) == (None, True)


def test_page_with_the_code_can_be_loaded_again_and_pressed_twice(client, person):
    client.force_login(person)
    code = shown(make(client))
    assert [shown(client.get(address("account-recovery-code"))), shown(make(client))] == [code, code]
    assert RecoveryCode.objects.count() == 1
    assert shown(recover(Client(), code))


@pytest.mark.parametrize("end", ["", "said", "late", "used", "replaced", "signed out"])
def test_code_is_not_shown_for_ever(client, person, end):
    client.force_login(person)
    code = shown(make(client))
    if end == "said":
        answer = client.post(address("account-recovery-code"), {"have": "learning"})
        assert answer.url == address("my-learning")
    elif end == "used":
        found = actions.find_recovery_code(typed_name="lindiwe", code=code)
        person = actions.use_recovery_code(code_id=found.pk)
    elif end == "replaced":
        actions.make_recovery_code(user=person)
    elif end == "signed out":
        client.post(address("account_logout"))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16 if end == "late" else 14)):
        # The same session, with a proof that is fresh.
        client.force_login(person)
        assert shown(client.get(address("account-recovery-code"))) == (None if end else code)
    assert ("shown_recovery_code" in client.session) == (not end)


def test_code_that_was_used_leads_to_a_page_that_can_be_loaded_again():
    UserFactory(username="lindiwe", email=None)
    strict = Client(enforce_csrf_checks=True)
    code = actions.make_recovery_code(user=User.objects.get())
    strict.get(address("account-recover"))
    form = {"login": "lindiwe", "code": code, "csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    answer = strict.post(address("account-recover"), form)
    assert answer.url == address("account-recovery-code")
    new = shown(strict.get(answer.url))
    assert new not in (None, code)
    # The browser sends the first form once more; its token is of before the sign-in.
    answer = strict.post(address("account-recover"), form)
    assert answer.url == address("account-recovery-code")
    assert shown(strict.get(answer.url)) == new
    token = {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    answer = strict.post(answer.url, {"have": "password", **token})
    assert answer.url == address("account_set_password")


def test_new_code_takes_the_place_of_the_old_one(client, person):
    old = actions.make_recovery_code(user=person, at=NOW)
    new = actions.make_recovery_code(user=person, at=NOW)
    assert "do not match. Check both and try again." in recover(client, old).content.decode()
    assert shown(recover(client, new))
    assert who(client) == person


def test_only_one_unused_code_stands(person):
    actions.make_recovery_code(user=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryCode.objects.create(user=person, digest="x")
    for wrong in ({"digest": ""}, {"digest": "x", "used_at": NOW, "replaced_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryCode.objects.create(user=person, **wrong)


def test_outsider_is_sent_to_sign_in(client):
    for answer in (
        client.get(address("account-recovery-code")),
        client.post(address("account-recovery-code")),
    ):
        assert answer.url.split("?")[0] == address("account_login")


# Using


@pytest.mark.parametrize("write", ["{0}", " {0} ", "lower", "bare"])
def test_code_opens_once_shows_a_new_one_and_leads_to_a_password(client, person, write):
    other = Client()
    other.force_login(person)
    code = actions.make_recovery_code(user=person)
    typed = {"lower": code.lower(), "bare": code.replace("-", "")}.get(write) or write.format(code)

    page = recover(client, typed, login="LINDIWE")

    new = shown(page)
    assert new not in (None, code)
    assert 'value="password"' in page.content.decode()
    assert (who(client), who(other)) == (person, None)
    person.refresh_from_db()
    assert not is_password_usable(person.password)
    client.post(address("account_set_password"), {"password1": "four green doors"})
    person.refresh_from_db()
    assert person.check_password("four green doors")
    assert AuditEntry.objects.filter(action="account.recovered", on_user=person).count() == 1
    assert shown(recover(Client(), new))


def test_used_code_says_so_to_who_types_the_name_too_and_to_nobody_else(person):
    UserFactory(username="joao", email=None)
    code = actions.make_recovery_code(user=person)
    recover(Client(), code)
    page = recover(Client(), code)
    assert (page.status_code, "has already been used" in text(page)) == (422, True)
    strangers = [recover(Client(), code, login=name) for name in ("joao", "nobody")]
    strangers.append(recover(Client(), "AAAA-BBBB-CCCC"))
    assert {"has already been used" in text(page) for page in strangers} == {False}
    assert len({re.sub(r"value=\"[^\"]*\"", "", page.content.decode()) for page in strangers}) == 1


def test_code_does_not_open_a_closed_account(client, person):
    code = actions.make_recovery_code(user=person)
    actions.close_account(user=person, by=person)
    assert recover(client, code).status_code == 422
    assert who(client) is None


def test_guessing_is_limited_for_each_network_and_keeps_nobody_out_elsewhere(client, person):
    code = actions.make_recovery_code(user=person)
    known = Client()
    sign_in(known, "lindiwe")
    known.post(address("account_logout"), {"anyway": "1"})
    for _ in range(8):
        assert recover(client, "AAAA-BBBB-CCCC", REMOTE_ADDR="192.0.2.1").status_code == 422
    assert recover(client, code, REMOTE_ADDR="192.0.2.1").status_code == 429
    # Behind the same address the owner's own device is free, and elsewhere any device is.
    code = shown(recover(known, code, REMOTE_ADDR="192.0.2.1"))
    assert shown(recover(Client(), code, REMOTE_ADDR="198.51.100.1"))


@pytest.fixture
def with_app(person):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def test_code_is_used_up_by_the_second_step_and_not_before(client, with_app):
    """Whoever stops in between, for want of the phone, say, still has a code and a password."""
    code = actions.make_recovery_code(user=with_app)
    for browser in (Client(), client):
        answer = recover(browser, code, follow=False)
        assert (answer.url, shown(answer), who(browser)) == (address("mfa_authenticate"), None, None)
    with_app.refresh_from_db()
    assert with_app.check_password(PASSWORD)
    other = Client()
    other.force_login(with_app)

    page = client.post(address("mfa_authenticate"), {"code": code_of(SECRET)}, follow=True)
    assert page.redirect_chain[-1][0] == address("account-recovery-code")
    assert (who(client), who(other)) == (with_app, None)
    with_app.refresh_from_db()
    assert not with_app.has_usable_password()
    assert "has already been used" in text(recover(Client(), code))
    assert AuditEntry.objects.filter(action="account.recovered", on_user=with_app).count() == 1


def test_of_two_who_wait_for_the_second_step_with_one_code_one_gets_in(with_app):
    code = actions.make_recovery_code(user=with_app)
    browsers = [Client(), Client()]
    for browser in browsers:
        recover(browser, code)
    for number, browser in enumerate(browsers):
        browser.post(address("mfa_authenticate"), {"code": code_of(SECRET, time.time() + 30 * number)})
    assert [who(browser) for browser in browsers] == [with_app, None]


def test_who_has_an_address_is_told_that_the_code_was_used(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org")
    recover(client, actions.make_recovery_code(user=person))
    assert Delivery.objects.filter(address="lindiwe@example.org", kind="account").count() == 1


def test_erasing_deletes_the_codes(person):
    actions.make_recovery_code(user=person)
    actions.erase_account(user=person, by=None)
    assert RecoveryCode.objects.count() == 0


# Offering


def test_who_signs_up_with_a_user_name_alone_is_offered_a_code_until_there_is_one(client):
    client.post(address("account_signup"), SIGN_UP | {"username": "nene"})
    assert who(client) == User.objects.get(username="nene")
    page = client.get("/en/learning/")
    assert address("account-recovery-code") in page.content.decode()
    client.post(address("account-recovery-code"))
    assert address("account-recovery-code") not in client.get("/en/learning/").content.decode()


def test_who_has_an_address_is_offered_none(client):
    UserFactory(username="lindiwe", email="lindiwe@example.org")
    sign_in(client, "lindiwe")
    assert address("account-recovery-code") not in client.get("/en/learning/").content.decode()


def test_pages_of_signing_in_lead_to_the_code(client):
    for page in ("account_login", "account_reset_password"):
        assert address("account-recover") in client.get(address(page)).content.decode()
    assert "help@example.org" in text(client.get(address("account_reset_password")))


# Signing out


@pytest.fixture
def shut_out(client, person):
    """In by a card: no password, no address, no code."""
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    return person


def test_who_could_not_come_back_is_told_first_and_can_sign_out_all_the_same(client, shut_out):
    # The button of the menu posts at once.
    page = client.post(address("account_logout"))
    assert page.status_code == 200
    assert "If you sign out now, you cannot sign in again without a new access card" in text(page)
    assert "help@example.org" in text(page)
    for way in ("account_set_password", "account-recovery-code"):
        assert address(way) in page.content.decode()
    assert who(client) == shut_out
    assert "you cannot sign in again" in text(client.get(address("account_logout")))
    assert client.post(address("account_logout"), {"anyway": "1"}).status_code == 302
    assert who(client) is None


@pytest.mark.parametrize("way", ["password", "address", "code"])
def test_who_can_come_back_is_not_asked(client, shut_out, way):
    if way == "password":
        shut_out.set_password(PASSWORD)
        shut_out.save()
        client.force_login(shut_out)
    elif way == "address":
        actions.confirm_address(user=shut_out, address="lindiwe@example.org")
    else:
        actions.make_recovery_code(user=shut_out)
    assert client.post(address("account_logout")).status_code == 302
    assert who(client) is None
