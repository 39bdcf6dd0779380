"""The second step: an app with codes, a passkey, backup codes; and staff who have to use one."""

import json
import re
import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from maarifa.accounts.actions import sign_out_everywhere
from maarifa.accounts.models import AuditEntry
from maarifa.delivery.models import Delivery
from maarifa.institutions.actions import end_role
from maarifa.lib.personal_data import everything_about
from tests.accounts.entering import (
    SECRET,
    address,
    ask_for_code,
    code_of,
    codes,
    is_in,
    open_with_proof,
    sign_in,
    type_code,
    who,
)
from tests.browsing import accessibility_faults
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.institutions import MembershipFactory
from tests.faults.clients import Browser

pytestmark = pytest.mark.django_db
# With real commits: what follows from one happens before the answer.
commits = pytest.mark.django_db(transaction=True)
# Well formed, and of no passkey that anybody has.
NO_PASSKEY = {
    "type": "public-key",
    "id": "AAAA",
    "rawId": "AAAA",
    "response": {"clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "AAAA"},
    "clientExtensionResults": {},
}


def open_by_code(client, page, code):
    """A page that asks for a code from the app, however fresh the sign-in is."""
    return client.post(client.get(address(page)).url, {"code": code}, follow=True)


def with_app(**fields):
    person = UserFactory(**{"username": "lindiwe", "email": "lindiwe@example.org", **fields})
    TOTP.activate(person, SECRET)
    return person


@commits
def test_app_is_added_and_asked_for_at_the_next_sign_in(client):
    person = UserFactory(username="lindiwe", email="lindiwe@example.org", language="fr")
    sign_in(client, "lindiwe")
    page = open_with_proof(client, "mfa_activate_totp")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()

    wrong = client.post(address("mfa_activate_totp"), {"code": "000000"})
    assert (wrong.status_code, Authenticator.objects.count()) == (200, 0)
    kept = client.post(address("mfa_activate_totp"), {"code": code_of(secret)})
    assert kept.url == address("mfa_view_recovery_codes")
    assert len(re.findall(r"<code dir", client.get(kept.url).content.decode())) == 10
    # Told in their own language, and without the key.
    message = Delivery.objects.get()
    assert (message.language, secret in message.text) == ("fr", False)

    other = client.__class__()
    asked = sign_in(other, "lindiwe")
    assert asked.url == address("mfa_authenticate")
    assert not is_in(other)
    spaced = code_of(secret)
    other.post(address("mfa_authenticate"), {"code": f"{spaced[:3]} {spaced[3:]}"})
    assert who(other) == person


def test_code_by_mail_alone_lets_nobody_in_who_has_a_second_step(client):
    person = with_app()
    ask_for_code(client, "lindiwe@example.org")
    assert type_code(client, codes("lindiwe@example.org")[0]).url == address("mfa_authenticate")
    assert not is_in(client)
    client.post(address("mfa_authenticate"), {"code": "123456"})
    assert not is_in(client)
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert who(client) == person


def test_recovery_code_works_once(client):
    with_app()
    first = client.__class__()
    sign_in(first, "lindiwe")
    first.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    open_by_code(first, "mfa_generate_recovery_codes", code_of(SECRET, time.time() + 30))
    first.post(address("mfa_generate_recovery_codes"))
    code = re.search(
        r"<code dir=\"ltr\">(\d+)", first.get(address("mfa_view_recovery_codes")).content.decode()
    )[1]

    entered = []
    for browser in (client, client.__class__()):
        sign_in(browser, "lindiwe")
        browser.post(address("mfa_authenticate"), {"code": code})
        entered.append(is_in(browser))
    assert entered == [True, False]


def test_guessing_the_second_step_ends_after_eight_tries(client):
    with_app()
    sign_in(client, "lindiwe")
    for _ in range(8):
        client.post(address("mfa_authenticate"), {"code": "000000"})
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert not is_in(client)


def test_sign_in_that_waits_for_the_second_step_ends_with_every_session(client):
    person = with_app()
    sign_in(client, "lindiwe")
    sign_out_everywhere(user=person)
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert not is_in(client)
    sign_in(client, "lindiwe")
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert who(client) == person


def test_sign_in_that_waits_for_the_second_step_ends_with_the_password_that_began_it(client):
    person = with_app()
    sign_in(client, "lindiwe")
    person.set_password("four green doors")
    person.save()
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert not is_in(client)


def test_guesser_elsewhere_keeps_nobody_from_the_second_step_on_their_own_device(client):
    person = with_app()
    sign_in(client, "lindiwe")
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    client.post(address("account_logout"))

    guesser = client.__class__()
    sign_in(guesser, "lindiwe")
    for _ in range(8):
        guesser.post(address("mfa_authenticate"), {"code": "000000"})
    page = guesser.post(address("mfa_authenticate"), {"code": "000000"})
    assert "Try again in 15 minutes, with a new code from your authenticator app." in page.content.decode()
    assert "code by e-mail" not in page.content.decode()

    sign_in(client, "lindiwe")
    # The next one, for a code works once.
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET, time.time() + 30)})
    assert who(client) == person


# Staff --------------------------------------------------------------------------------------------------------


PAGES = ["/admin/", "/admin/accounts/user/", "/en/institution/", "/fr/institution/cohorts/new/"]


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


@commits
def test_staff_add_a_second_step_before_they_see_anybody(client, required):
    UserFactory(username="operator", email="operator@example.org", is_staff=True, is_superuser=True)
    sign_in(client, "operator")

    for page in PAGES:
        assert client.get(page).url.endswith("/account/second-step/"), page
    assert client.post("/admin/accounts/user/", {"action": "erase"}).status_code == 302
    assert client.get(address("my-learning")).status_code == 200

    secret = open_with_proof(client, "mfa_activate_totp").context["form"].secret
    client.post(address("mfa_activate_totp"), {"code": code_of(secret)})
    assert [client.get(page).status_code for page in PAGES[:2]] == [200, 200]


def test_session_that_began_without_the_second_step_is_asked_for_it(client, required):
    person = with_app(is_staff=True, is_superuser=True)
    # As a card or an invitation does: no stage of allauth's in between.
    client.force_login(person)

    asked = client.get("/admin/")
    assert asked.url == f"{address('mfa_reauthenticate')}?next=%2Fadmin%2F"
    assert client.post(asked.url, {"code": code_of(SECRET)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_second_step_of_one_person_counts_for_no_other_in_the_same_browser(client, required):
    with_app()
    UserFactory(username="operator", is_staff=True, is_superuser=True)
    sign_in(client, "lindiwe")
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    client.post(address("account_logout"))
    sign_in(client, "operator")
    assert client.get("/admin/").status_code == 302


def test_learners_and_coordinators_are_not_made_to(client, required):
    client.force_login(UserFactory())
    assert client.get("/en/institution/").status_code == 404
    assert client.get(address("my-learning")).status_code == 200


@pytest.mark.parametrize(("asked", "status"), [("all", 302), (True, 200), (False, 200)])
def test_second_step_is_asked_of_whoever_has_a_role_where_the_operator_says_all(
    client, settings, asked, status
):
    settings.STAFF_SECOND_FACTOR = asked
    membership = MembershipFactory()
    client.force_login(membership.user)
    page = client.get("/en/institution/")
    assert page.status_code == status
    if status == 302:
        assert page.url.endswith("/account/second-step/")
    end_role(membership=membership, by=None)
    assert client.get("/en/institution/").status_code == 404
    assert client.get(address("my-learning")).status_code == 200


def test_without_the_setting_nothing_is_asked(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200


def test_admin_is_entered_by_our_own_sign_in(client):
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/").url.startswith("/en/account/login/?next=")


def test_lost_second_step_is_reset_by_a_command(client):
    person = with_app()
    other = client.__class__()
    sign_in(other, "lindiwe")
    other.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    assert is_in(other)

    call_command("reset_second_factor", "Lindiwe", stdout=StringIO())

    assert not is_in(other)
    sign_in(client, "lindiwe")
    assert who(client) == person
    assert AuditEntry.objects.get().action == "account.second_step_reset"
    assert Delivery.objects.get().address == "lindiwe@example.org"


def test_key_is_in_no_copy_and_in_no_page_of_the_admin(client):
    person = with_app(is_staff=True, is_superuser=True)
    assert SECRET not in str(everything_about(person))
    assert "mfa.Authenticator" in str(everything_about(person))
    client.force_login(person)
    assert client.get("/admin/mfa/authenticator/").status_code == 404


def test_wrong_codes_of_somebody_else_keep_nobody_from_proving_themselves(client):
    """With the password alone, from elsewhere; the person is in, and is asked who they are."""
    person = with_app()
    sign_in(client, "lindiwe")
    client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    guesser = client.__class__()
    sign_in(guesser, "lindiwe")
    for _ in range(9):
        guesser.post(address("mfa_authenticate"), {"code": "000000"})
    asked = client.get(address("account_email"))
    client.post(asked.url, {"code": code_of(SECRET, time.time() + 30)})
    assert client.get(address("account_email")).status_code == 200
    assert who(client) == person


# A passkey, in a real browser ---------------------------------------------------------------------------------


def test_passkey_is_added_and_used_while_somebody_tries_another(site, open_page, settings):
    person = UserFactory(username="lindiwe")
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    # An address of digits is no name that a passkey can be bound to.
    here = site.url.replace("127.0.0.1", "localhost")

    def enter():
        page.goto(here + "/en/account/login/")
        page.fill("[name=login]", "lindiwe")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button")

    enter()
    page.goto(here + "/en/account/second-step/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/webauthn/add/")
    assert accessibility_faults(page) == []
    page.click("[data-passkey] button")
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1

    # Somebody has found the password out, and no passkey: their tries keep the one who has it from nothing, neither
    # in a browser that is not known.
    guesser = Browser(site.url)
    guesser.post("/en/account/login/", {"login": "lindiwe", "password": PASSWORD})
    for credential in ["{}", "[]", "1", "null", "x", *[json.dumps(NO_PASSKEY)] * 8]:
        answer = guesser.post("/en/account/second-step/authenticate/", {"credential": credential})
        assert (answer.status, "Too many" in answer.body) == (200, False), credential
    assert "This code is incorrect or has expired" in answer.body

    page.context.clear_cookies()
    enter()
    page.wait_for_url("**/second-step/authenticate/")
    page.click("[data-passkey] button")
    page.wait_for_url("**/learning/")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_of_the_second_step_are_whole_in_each_language(client, language):
    person = with_app()
    client.force_login(person)
    with override(language):
        names = ["mfa_index", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_list_webauthn"]
        pages = [reverse(name) for name in [*names, "mfa_generate_recovery_codes", "mfa_reauthenticate"]]
        open_by_code(client, "mfa_add_webauthn", code_of(SECRET))
    for url in pages:
        page = client.get(url)
        assert page.status_code == 200, url
        assert f'<html lang="{language}"' in page.content.decode()


def test_links_of_the_list_name_their_passkey(client):
    person = UserFactory()
    for name in ("Phone", "Laptop"):
        Authenticator.objects.create(user=person, type="webauthn", data={"name": name, "credential": {}})
    client.force_login(person)
    page = client.get(reverse("mfa_list_webauthn")).content.decode()
    for name in ("Phone", "Laptop"):
        assert f'>Change the name of <bdi dir="auto">{name}</bdi></a>' in page
        assert f'>Remove <bdi dir="auto">{name}</bdi></a>' in page


@pytest.mark.parametrize(
    ("before", "said"), [(True, "Create new codes"), (False, "Create backup codes")], ids=["some", "none"]
)
def test_backup_codes_are_new_where_there_are_some(client, before, said):
    person = with_app()
    if before:
        RecoveryCodes.activate(person)
    client.force_login(person)
    open_by_code(client, "mfa_generate_recovery_codes", code_of(SECRET))
    page = client.get(reverse("mfa_generate_recovery_codes")).content.decode()
    assert f"<h1>{said}</h1>" in page
    assert f"<button>{said}</button>" in page


def test_passkey_has_a_name_of_a_hundred_letters_at_most(client):
    person = UserFactory()
    passkey = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Phone", "credential": {}}
    )
    client.force_login(person)
    page = reverse("mfa_edit_webauthn", args=[passkey.pk])

    assert "<button>Save name</button>" in client.get(page).content.decode()
    assert "at most 100" in client.post(page, {"name": "x" * 101}).content.decode()
    client.post(page, {"name": "x" * 100})
    passkey.refresh_from_db()
    assert passkey.data["name"] == "x" * 100
