"""What this code lives on that allauth does not document: its `internal` modules, its private members, and what it
keeps in a session. All of it is here, but for limits, and nothing else imports it (TID251 in pyproject.toml).
`tests/accounts/test_allauth_internals.py` says in a sentence what another version of allauth has changed.

The classes go before allauth's own, and turn a private member into a method with a name of ours.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import Login
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import complete_authentication, parse_authentication_response
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from maarifa.accounts.models import User
from maarifa.accounts.requests import user_of

if TYPE_CHECKING:
    # What the classes below stand before.
    from allauth.account.adapter import DefaultAccountAdapter as _Adapter
    from allauth.account.auth_backends import AuthenticationBackend as _Backend
    from allauth.account.forms import LoginForm as _LoginForm
    from allauth.account.forms import RequestLoginCodeForm as _RequestLoginCodeForm
    from allauth.account.views import ConfirmLoginCodeView as _ConfirmLoginCodeView
    from allauth.mfa.adapter import DefaultMFAAdapter as _MFAAdapter
else:
    _Adapter = _Backend = _LoginForm = _RequestLoginCodeForm = _ConfirmLoginCodeView = _MFAAdapter = object

TOO_MANY_CODES = "too_many_login_attempts"

# Signing in
# ----------------------------------------------------------------------------------------------------------


def sign_in(
    request: HttpRequest, person: User, *, then: str | None = None, told: dict[str, int] | None = None
) -> HttpResponse:
    """Sign this person in, by way of their second step where they have one. The response that leads on, to `then`.

    When they are in, allauth's signal `user_logged_in` has `told` among its arguments.
    """
    return perform_login(request, Login(user=person, redirect_url=then, signal_kwargs=told))


def note_reauthentication(request: HttpRequest, *, method: str) -> None:
    """The person signed in has just shown once more who they are; signals say so."""
    record_authentication(request, user_of(request), method=method, reauthenticated=True)


def answer_as_for_a_known_address(request: HttpRequest, address: str) -> HttpResponse:
    """The response that somebody gets who signs up with an address that has an account."""
    return prevent_enumeration(request, email=address)


def people_with(address: str, *, for_sign_in: bool = False) -> list[User]:
    """The people with an open account and this address; only who has proved it, where somebody has."""
    return filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=for_sign_in)


def is_same_code(typed: str, expected: str) -> bool:
    """In constant time, without regard to hyphens and to capital or small letters. Never for an empty code."""
    return compare_user_code(actual=typed, expected=expected)


def passkey_that_signed(person: AbstractBaseUser, credential: dict[str, Any]) -> Authenticator:
    """The passkey of this person that answered what their browser was asked; a ValidationError where none did."""
    # Unreadable answers are refused in words; what follows would fail on them.
    parse_authentication_response(credential)
    return complete_authentication(person, credential)


def current_request() -> HttpRequest:
    """The request that is being answered."""
    request: HttpRequest = context.request
    return request


# A sign-in under way, which waits for a code or a second step
# ----------------------------------------------------------------------------------------------------------


def is_signing_in(request: HttpRequest) -> bool:
    return LOGIN_SESSION_KEY in request.session


def end_sign_in_under_way(request: HttpRequest) -> None:
    clear_login(request)


def key_of_who_is_signing_in(request: HttpRequest) -> int:
    """The primary key; 0 for a name that nobody has."""
    # allauth keeps the key as it stands in addresses, in base 36.
    key: int = url_str_to_user_pk(_sign_in_under_way(request).get("user_pk") or "0")
    return key


def waits_for_sign_in_code(request: HttpRequest) -> bool:
    return _stages(request).get("current") == "login_by_code"


def address_of_sign_in_code(request: HttpRequest) -> str | None:
    """The address whose code this browser waits for."""
    address: str | None = _stages(request).get("login_by_code", {}).get("data", {}).get("email")
    return address


def code_of_new_address(request: HttpRequest) -> str | None:
    """The code that was sent to an address which waits to be proved."""
    code: str | None = (request.session.get("account_email_verification_code") or {}).get("code")
    return code


def _sign_in_under_way(request: HttpRequest) -> dict[str, Any]:
    return request.session.get(LOGIN_SESSION_KEY) or {}


def _stages(request: HttpRequest) -> dict[str, Any]:
    stages: dict[str, Any] = _sign_in_under_way(request).get("state", {}).get("stages", {})
    return stages


# Private members
# ----------------------------------------------------------------------------------------------------------


def typed_name(credentials: dict[str, Any]) -> str:
    """What was typed into the field for the user name or the address."""
    typed: str = credentials.get("email") or credentials.get("username") or ""
    return typed


class CountsTries(_Adapter):
    """Adapter: `tries_key(request, typed)` says what the tries at a password count under."""

    tries_key: Callable[[HttpRequest, str], str]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return self.tries_key(request, typed_name(credentials))


class ChecksPasswords(_Backend):
    """Backend: `person_with(typed, password)` says who signs in, of whom `if_right` looks at the password."""

    person_with: Callable[[str, str], User | None]

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        return self.person_with(typed_name(credentials), credentials.get("password") or "")

    def if_right(self, person: User | None, password: str) -> User | None:
        """The person, where this is their password and they may sign in; takes as long for None."""
        return person if self._check_password(person, password) else None


class SaysWhatIsWrong(_LoginForm):
    """Form for signing in: `instead_of(error)` says what is shown of an error that comes after the password."""

    instead_of: Callable[[ValidationError], ValidationError]

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super()._clean_with_password(credentials)
            return cleaned
        except ValidationError as error:
            raise self.instead_of(error)


class SendsCodeTo(_RequestLoginCodeForm):
    """Form for asking for a code: `send_to(person)` in `clean_email`; None sends what is sent to a stranger."""

    def send_to(self, person: User | None) -> None:
        self._user = person


class WaitsForTheCodeSentLast(_ConfirmLoginCodeView):
    """Page for a code: it waits for as long as the code that is sent now, also where that is not the first."""

    def _resend_form_valid(self, form: forms.Form) -> HttpResponse:
        self._process.state["at"] = self.stage.login.initiated_at = time.time()
        return super()._resend_form_valid(form)


class NamesTheSite(_MFAAdapter):
    """Adapter of the second step: `site_name` is the name that stands in an app or a passkey."""

    site_name: str

    def _get_site_name(self) -> str:
        return self.site_name
