"""What `accounts/allauth_internals.py` lives on is still as this version of allauth has it.

Each failure is a sentence: what has changed, and what here depends on it.
"""

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.core.cache import cache
from django.test import RequestFactory

from maarifa.accounts import allauth_internals as internals
from maarifa.accounts.backends import Backend
from tests.accounts.entering import SIGN_UP, address, ask_for_code, codes
from tests.factories.accounts import PASSWORD, UserFactory
from tests.internals import what_changed

ADDRESS = "amina@example.org"


KNOWN = [
    ("allauth.account.internal.flows.login:perform_login", "request login", "sign_in"),
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
    ("allauth.core.internal.ratelimit:respond_429", "request", "limits.too_often"),
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
