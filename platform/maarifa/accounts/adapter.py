"""How allauth behaves here: mail, codes, names, and whom limits count."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import actions, limits, proof
from maarifa.accounts.allauth_internals import (
    CountsTries,
    address_of_sign_in_code,
    code_of_new_address,
    people_with,
    typed_name,
)
from maarifa.accounts.devices import bucket, known_device
from maarifa.accounts.models import User
from maarifa.accounts.requests import CODE_ASKED_FOR, FIRST_PROOF_BY_CODE

# Asking again this soon after a code was made gives the same code: the first mail stays good, however late it
# is.
SAME_CODE_SECONDS = 10 * 60
TOO_MANY_GUESSES = "too_many_guesses"
_CODE = "login_code"
_SIGN_IN = {"login_code", "email_confirmation", "email_confirmation_signup"}
_ASKED_FOR = {*_SIGN_IN, "account_already_exists", "unknown_account", "password_reset_key", "password_reset"}
_WAYS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code from your authenticator app, or a backup code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
    "mail": _("Get a code by e-mail"),
}
_OF_NO_OPEN_ACCOUNT = {"unknown_account", "account_already_exists", "password_reset"}
_WAIT = _("Too many requests. Wait a while, then try again.")
_NO_MATCH = _("This user name or e-mail address and this password do not match. Try again.")


class AccountAdapter(CountsTries, DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _NO_MATCH,
        "username_password_mismatch": _NO_MATCH,
        "too_many_login_attempts": _WAIT,
        "rate_limited": _WAIT,
        "incorrect_code": _("This is not the code in the message. Check it and try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "enter_current_password": _("This is not your current password. Try again."),
        "username_taken": actions.AccountError.MESSAGES["USERNAME_TAKEN"],
        "email_taken": actions.AccountError.MESSAGES["EMAIL_TAKEN"],
        "duplicate_email": _("This is already your e-mail address."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    }

    # Mail
    # ------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message, in the person's language, or for an address that nobody has in the page's."""
        name = template_prefix.rpartition("/")[2]
        if name == "email_changed":
            # Told by `receivers`, with a way back.
            return
        if template_prefix.startswith("mfa/"):
            context |= {"what": name}
            name = "second_step_changed"
        recipient: User | None = context.get("user") or self._person_with(email)
        if name in _ASKED_FOR and not self._may_write_to(email, recipient):
            # Whoever asked sees the same page: it tells nothing of the address.
            return
        closed = None if recipient else actions.closed_account_with(address=email)
        if closed and name in _OF_NO_OPEN_ACCOUNT:
            # One answer whatever was asked for: else two messages would send the person to each other.
            name, recipient = "account_closed", None
        reader = recipient or closed
        actions.queue_mail(
            message=name.removesuffix("_signup"),
            kind="sign-in" if name in _SIGN_IN else "account",
            address=email,
            language=reader.language if reader else get_language(),
            context={key: context[key] for key in ("code", "uid", "key", "what") if key in context},
            recipient=recipient,
        )

    def _may_write_to(self, email: str, recipient: User | None) -> bool:
        """A stranger can have so many messages sent to an address, of all kinds together; from a browser that its
        person has been in with they count apart, so that nobody keeps the person out.
        """
        key = f"address:{email.lower()}"
        if recipient is not None and known_device(self.request, recipient):
            key = bucket(self.request, recipient)
        return limits.count(self.request, "mail_to_address", key=key)

    def _person_with(self, email: str) -> User | None:
        people = people_with(email)
        return people[0] if people else None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses a guess too many before the password is looked at, with a code of its own: see `LoginForm`."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self.tries_key(request, typed_name(credentials))
            raise ValidationError(
                _("Too many sign-in attempts. Try again %(when)s, or sign in with a code by e-mail."),
                params={"when": limits.in_words(limits.free_at(request, "login_failed", key=key))},
                code=TOO_MANY_GUESSES,
            )

    # Codes
    # -----------------------------------------------------------------------------------------------------

    def generate_login_code(self) -> str:
        """A new code; or the one that this browser is waiting for, where it asks again for the same
        address.
        """
        address = CODE_ASKED_FOR.of(self.request) or address_of_sign_in_code(self.request)
        live, now = self._live_codes(address), time.time()
        if live and now - live[-1][1] <= SAME_CODE_SECONDS:
            return live[-1][0]
        code = super().generate_login_code()
        self.request.session[_CODE] = {"address": address, "codes": [*live, (code, now)]}
        return code

    def live_login_codes(self) -> list[str]:
        """The codes that open for the address that this browser waits for, each for twenty minutes of its own."""
        return [code for code, _made in self._live_codes(address_of_sign_in_code(self.request))]

    def _live_codes(self, address: str | None) -> list[tuple[str, float]]:
        code_record = self.request.session.get(_CODE) or {}
        if address is None or code_record.get("address") != address:
            return []
        since = time.time() - settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        return [(code, at) for code, at in code_record.get("codes", []) if at >= since]

    def generate_email_verification_code(self) -> str:
        """As above: sending the code once more sends the same one."""
        pending = code_of_new_address(self.request)
        match = self.request.resolver_match
        again = match and match.url_name == "account_email_verification_sent"
        if again and pending and self.request.POST.get("action") == "resend":
            return pending
        return super().generate_email_verification_code()

    # Proof
    # ----------------------------------------------------------------------------------------------------

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """How this person can show that it is them; by a second step, where they have one."""
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = _WAYS[method["id"]]
        second = [method for method in methods if method["id"].startswith("mfa_")]
        if isinstance(user, User) and proof.can_prove_by_mail(user):
            return [{"id": "mail", "description": _WAYS["mail"], "url": reverse("account-prove-by-mail")}]
        return second or methods

    # People
    # ----------------------------------------------------------------------------------------------------

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = User.normalise_username(username)
        try:
            User.check_username(username)
        except ValidationError:
            raise ValidationError(actions.AccountError.MESSAGES["USERNAME_WRONG"], code="wrong")
        if not shallow and User.objects.filter(username=username).exists():
            raise self.validation_error("username_taken")
        return username

    def get_login_stages(self) -> list[str]:
        ours = {
            "allauth.account.stages.EmailVerificationStage": "maarifa.accounts.stages.EmailVerificationStage"
        }
        return [ours.get(path, path) for path in super().get_login_stages()]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        # Not another form for a password.
        return reverse("account")

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        if isinstance(user, User) and FIRST_PROOF_BY_CODE.of(request) == user.pk:
            # Somebody else may have chosen the password while nobody had shown whose address it is.
            actions.drop_password(user=user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        # The codes have done what they were for; the session lives on, and needs no address.
        request.session.pop(_CODE, None)

    # Limits
    # ----------------------------------------------------------------------------------------------------

    def tries_key(self, request: HttpRequest, typed: str) -> str:
        """Tries count for the account, by whichever of its names they come, and from a browser that has been in
        before apart from all others; for a name nobody has, by the name.
        """
        person = User.objects.named(typed)
        return bucket(request, person) if person else f"name:{User.normalise_username(typed)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address next to us; behind a proxy, the one that the proxy saw."""
        if settings.BEHIND_PROXY:
            seen: str = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            if seen:
                return seen
        next_to_us: str = request.META.get("REMOTE_ADDR") or "unknown"
        return next_to_us


def account_adapter() -> AccountAdapter:
    """allauth's adapter, as the one that it is here."""
    adapter = get_adapter()
    if not isinstance(adapter, AccountAdapter):
        raise ImproperlyConfigured("ACCOUNT_ADAPTER must be an AccountAdapter.")
    return adapter
