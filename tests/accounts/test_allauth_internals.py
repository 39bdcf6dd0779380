"""What `accounts/allauth_internals.py` lives on is still as this version of allauth has it.

Each failure is a sentence: what has changed, and what here depends on it.
"""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import RequestFactory

from maarifa.accounts import actions, limits
from maarifa.accounts import allauth_internals as internals
from maarifa.accounts.backends import Backend
from tests.accounts.entering import NOW, SECRET, SIGN_UP, address, ask_for_code, code_of, codes
from tests.factories.accounts import PASSWORD, UserFactory
from tests.internals import what_changed

ADDRESS = "amina@example.org"


KNOWN = [
    ("allauth.account.internal.flows.login:perform_login", "request login", "sign_in"),
    (
        "allauth.account.models:Login",
        "user email_verification redirect_url signal_kwargs signup email state initiated_at phone",
        "sign_in",
    ),
    (
        "allauth.account.internal.flows.login:record_authentication",
        "request user method extra_data",
        "note_reauthentication",
    ),
    (
        "allauth.account.internal.flows.signup:prevent_enumeration",
        "request email phone",
        "answer_as_for_a_known_address",
    ),
    ("allauth.account.internal.stagekit:clear_login", "request", "end_sign_in_under_way"),
    (
        "allauth.account.internal.userkit:filter_users_by_email",
        "email is_active prefer_verified for_login",
        "people_with",
    ),
    ("allauth.account.utils:url_str_to_user_pk", "pk_str", "key_of_who_is_signing_in"),
    ("allauth.core.internal.cryptokit:compare_user_code", "actual expected", "is_same_code"),
    (
        "allauth.core.internal.ratelimit:consume",
        "request app action config key user dry_run limit_get raise_exception",
        "limits.count",
    ),
    ("allauth.core.internal.ratelimit:clear", "request app action config key user", "limits.forget"),
    ("allauth.core.internal.ratelimit:get_rates", "app action config", "limits.free_at"),
    ("allauth.core.internal.ratelimit:Rate", "amount duration per", "limits.free_at"),
    ("allauth.core.internal.ratelimit:get_cache_key", "request app action rate key user", "limits.free_at"),
    ("allauth.core.internal.ratelimit:get_ip", "request", "limits.network"),
    ("allauth.core.internal.ratelimit:respond_429", "request", "limits.too_often_for_allauth"),
    (
        "allauth.mfa.webauthn.internal.auth:parse_authentication_response",
        "response",
        "passkey_that_signed",
    ),
    (
        "allauth.mfa.webauthn.internal.auth:complete_authentication",
        "user response",
        "passkey_that_signed",
    ),
    (
        "allauth.mfa.webauthn.forms:AuthenticateWebAuthnForm.clean_credential",
        "self",
        "passkeys.PasskeyStepForm",
    ),
    (
        "allauth.mfa.webauthn.forms:ReauthenticateWebAuthnForm.clean_credential",
        "self",
        "passkeys.ReauthenticateByPasskeyForm",
    ),
    (
        "allauth.account.adapter:DefaultAccountAdapter._get_login_attempts_cache_key",
        "self request credentials",
        "CountsTries",
    ),
    (
        "allauth.account.auth_backends:AuthenticationBackend._authenticate",
        "self request credentials",
        "ChecksPasswords",
    ),
    (
        "allauth.account.auth_backends:AuthenticationBackend._check_password",
        "self user password",
        "ChecksPasswords",
    ),
    ("allauth.account.forms:LoginForm._clean_with_password", "self credentials", "SaysWhatIsWrong"),
    ("allauth.account.views:ConfirmLoginCodeView._resend_form_valid", "self form", "WaitsForTheCodeSentLast"),
    ("allauth.mfa.models:Authenticator.wrap", "self", "forms.StepForm"),
    ("allauth.mfa.adapter:DefaultMFAAdapter._get_site_name", "self", "NamesTheSite"),
]


@pytest.mark.parametrize(("path", "parameters", "used_by"), KNOWN, ids=[path for path, *_ in KNOWN])
def test_member_of_allauth_is_as_we_know_it(path, parameters, used_by):
    where = f"{used_by} in maarifa.accounts"
    assert what_changed(path, parameters, library="django-allauth", used_by=where) == ""


@pytest.fixture
def request_of(rf: RequestFactory):
    """A request with the session of a client."""

    def with_session(client):
        request = rf.post("/")
        request.session = client.session
        return request

    return with_session


def test_sign_in_under_way_is_read_off_the_session_as_allauth_wrote_it(db, client, request_of):
    person = UserFactory(email=ADDRESS)
    assert not internals.is_signing_in(request_of(client))
    assert internals.key_of_who_is_signing_in(request_of(client)) == 0

    ask_for_code(client, ADDRESS)

    request = request_of(client)
    assert internals.is_signing_in(request), "a sign-in that waits for a code is under another key"
    assert internals.waits_for_sign_in_code(request), "the stage that waits for a code has another name"
    assert internals.address_of_sign_in_code(request) == ADDRESS
    assert internals.key_of_who_is_signing_in(request) == person.pk
    internals.end_sign_in_under_way(request)
    assert not internals.is_signing_in(request)


def test_code_of_a_new_address_is_read_off_the_session_as_allauth_wrote_it(db, client, request_of):
    assert internals.code_of_new_address(request_of(client)) is None
    client.post(address("account_signup"), SIGN_UP | {"email": ADDRESS})
    code = internals.code_of_new_address(request_of(client))
    assert code, "the code for an address that waits to be proved is under another key"
    assert codes(ADDRESS) == [code]


def test_how_long_to_wait_is_read_off_the_cache_as_allauth_wrote_it(db, rf):
    request = rf.get("/")
    given = {"key": "a mailbox", "user": UserFactory()}
    with time_machine.travel(NOW, tick=False) as clock:
        for _n in range(4):
            assert limits.count(request, "reset_password", **given)
            clock.shift(timedelta(minutes=1))
        assert limits.free_at(request, "reset_password", **given) is None
        assert limits.count(request, "reset_password", **given)
        assert not limits.count(request, "reset_password", **given)
        ends = NOW + timedelta(minutes=15)
        assert limits.free_at(request, "reset_password", **given) == ends, "tries are kept in another way"
        clock.move_to(ends)
        assert limits.free_at(request, "reset_password", **given) is None
        assert limits.count(request, "reset_password", **given)
        limits.forget(request, "reset_password", **given)
        assert limits.free_at(request, "reset_password", **given) is None


def test_page_of_ours_answers_where_allauth_says_that_somebody_came_too_often(db, client):
    pages = [client.post(address("account_reset_password"), {"email": ADDRESS}) for _n in range(6)]
    assert "Retry-After" in pages[-1], "allauth looks for `handler429` of the addresses no more"


def test_what_a_sign_in_tells_outlives_the_second_step_that_it_waits_for(db, client):
    person = UserFactory(username="lindiwe")
    TOTP.activate(person, SECRET)
    told = {}

    def note(**kwargs):
        told.update(kwargs)

    user_logged_in.connect(note)
    try:
        code = actions.make_recovery_code(user=person)
        client.post(address("account-recover"), {"login": "lindiwe", "code": code})
        assert told == {}
        client.post(address("mfa_authenticate"), {"code": code_of(SECRET)})
    finally:
        user_logged_in.disconnect(note)
    assert told.get("recovery_code"), "the signal of allauth has no more what `sign_in` was told"


def test_what_allauth_asks_of_our_classes_reaches_our_methods(db, rf):
    """That the members are there is half of it: allauth calls them."""
    person = UserFactory(email=ADDRESS)
    request = rf.post("/")
    assert Backend().authenticate(request, email=ADDRESS, password=PASSWORD) == person
    assert Backend().authenticate(request, email=ADDRESS, password=f"{PASSWORD}!") is None
    cache.clear()
    adapter = get_adapter(request)
    key = adapter.tries_key(request, ADDRESS)
    assert adapter._get_login_attempts_cache_key(request, email=ADDRESS) == key == f"person:{person.pk}"
    ours = "maarifa.accounts.stages.EmailVerificationStage"
    assert ours in adapter.get_login_stages(), (
        "the stage that asks for a proof of the address has another path"
    )
    assert "issuer=Maarifa" in get_mfa_adapter().build_totp_url(person, "JBSWY3DPEHPK3PXP")
