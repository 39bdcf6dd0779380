"""What people fill in to sign in and to sign up, about their password and their second step."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as ActivateTOTP
from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import actions, limits
from maarifa.accounts.adapter import account_adapter
from maarifa.accounts.allauth_internals import (
    TOO_MANY_CODES,
    SaysWhatIsWrong,
    SendsCodeTo,
    answer_as_for_a_known_address,
    current_request,
    is_same_code,
    people_with,
)
from maarifa.accounts.devices import bucket, known_device
from maarifa.accounts.models import User
from maarifa.accounts.requests import CODE_ASKED_FOR
from maarifa.accounts.terms import TERMS, TERMS_REQUIRED
from maarifa.lib.codes import normalise_code
from maarifa.lib.fields import ZoneGuess
from maarifa.lib.names import NameField

if TYPE_CHECKING:
    # What the classes below stand before.
    from allauth.mfa.base.forms import BaseAuthenticateForm as _AuthenticateForm
    from django_stubs_ext import StrOrPromise

    _Form = forms.Form
    _ConfirmCodeForm = allauth_forms.BaseConfirmCodeForm
else:
    _Form = _ConfirmCodeForm = _AuthenticateForm = object

SHARED_DEVICE = _("Other people also use this device")
SHARED_HELP = _("If you tick this box, you are signed out when you close the browser, or after 4 hours.")
PASSWORD_HELP = _("At least 8 characters. Several words together are easy to remember and hard to guess.")


class _Plain(_Form):
    """allauth's forms in our words: LABELS and HELP by field; the labels stand above, not inside the
    fields.
    """

    LABELS: ClassVar[dict[str, "StrOrPromise"]] = {}
    HELP: ClassVar[dict[str, "StrOrPromise"]] = {}
    LEFT_OUT: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.LEFT_OUT:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, "")
            if field.widget.input_type in ("text", "email"):
                field.widget.attrs.setdefault("autocapitalize", "none")
                field.widget.attrs.setdefault("spellcheck", "false")


class _AtDevice(forms.Form):
    """With a choice for who signs in at a device that others use too: see `devices.limit_session`."""

    shared = forms.BooleanField(label=SHARED_DEVICE, required=False)


class LoginForm(SaysWhatIsWrong, _Plain, _AtDevice, allauth_forms.LoginForm):
    LABELS = {"login": _("User name or e-mail address"), "password": _("Password"), "shared": SHARED_DEVICE}
    HELP = {"shared": SHARED_HELP}
    field_order = ["login", "password", "shared"]

    def instead_of(self, error: ValidationError) -> ValidationError:
        # The password is right, and the address unproven: a code left for it a moment ago. Past the limit of guesses
        # the adapter gives another code, and nothing tells whether the password is right.
        if error.code == TOO_MANY_CODES:
            return ValidationError(_("We just sent you a code. Wait 10 seconds, then sign in again."))
        return error

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(_Plain, allauth_forms.SignupForm):
    LABELS = {
        "name": _("Your name"),
        "email": _("E-mail address"),
        "username": _("User name"),
        "password1": _("Password"),
        "terms": TERMS,
    }
    HELP = {
        "name": _("Write it as you usually do, in any script. One name is enough."),
        "email": _(
            "Enter an e-mail address or a user name. We send a code to the address to check that it is yours."
        ),
        "username": _(
            "With a user name, you can sign in without e-mail. Use letters and digits, without spaces."
        ),
        "password1": PASSWORD_HELP,
    }
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}))
    terms = forms.BooleanField(error_messages={"required": TERMS_REQUIRED})
    time_zone = ZoneGuess()
    field_order = ["name", "email", "username", "password1", "terms", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is required: see clean().
        self.fields["email"].required = False
        self.fields["name"].widget.attrs["autocapitalize"] = "words"
        for name in ("email", "username"):
            self.fields[name].widget.is_required = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if "email" in given and "username" in given and not (given["email"] or given["username"]):
            self.add_error(
                "email", _("Enter an e-mail address or a user name. You need one of them to sign in.")
            )
        refusal = actions.why_no_sign_up()
        if refusal:
            self.add_error(None, refusal.message)
        return given

    def save(self, request: HttpRequest) -> User:
        return actions.sign_up(**self._given())

    def _given(self) -> actions.SignUp:
        return {
            "username": self.cleaned_data.get("username") or None,
            "name": self.cleaned_data["name"],
            "email": self.cleaned_data.get("email") or None,
            "password": self.cleaned_data["password1"],
            "language": get_language(),
            "words": str(TERMS),
            "time_zone": self.cleaned_data["time_zone"],
        }

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # The same work as for an address that nobody has: how long it takes must not tell who has an account.
            actions.pretend_sign_up(**self._given())
        try:
            result: tuple[User | None, HttpResponse | None] = super().try_save(request)
            return result
        except actions.AccountError as refusal:
            # Two taps at once: the other one was first, and this one sees what it would have seen a moment
            # later.
            if refusal.code == refusal.EMAIL_TAKEN:
                return None, answer_as_for_a_known_address(request, self.cleaned_data["email"])
            return None, redirect("account_login")


class RequestLoginCodeForm(SendsCodeTo, _Plain, _AtDevice, allauth_forms.RequestLoginCodeForm):
    LABELS = {"email": _("E-mail address"), "shared": SHARED_DEVICE}
    HELP = {"shared": SHARED_HELP}
    field_order = ["email", "shared"]

    def clean_email(self) -> str:
        """As allauth's, but a browser that has been in before has its own number of codes to ask for."""
        address: str = self.cleaned_data["email"]
        request = current_request()
        person = next(iter(people_with(address, for_sign_in=True)), None)
        self.send_to(person)
        key = address.lower()
        if person is not None and known_device(request, person):
            key = bucket(request, person)
        if not limits.count(request, "request_login_code", key=key):
            raise ValidationError(
                _("Too many codes were requested for this address. Try again %(when)s."),
                params={"when": limits.in_words(limits.free_at(request, "request_login_code", key=key))},
            )
        # The adapter makes the code, and is told nothing of the address.
        CODE_ASKED_FOR.note(request, address)
        return address


class _CodeForm(_Plain, _ConfirmCodeForm):
    LABELS = {"code": _("Code from the message")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "pin", "dir": "ltr"}

    def clean_code(self) -> str:
        # Digits of any script, with or without spaces.
        code = self.cleaned_data["code"]
        self.cleaned_data["code"] = normalise_code(code) or code
        return super().clean_code()


class ConfirmLoginCodeForm(_CodeForm, allauth_forms.ConfirmLoginCodeForm):
    def clean_code(self) -> str:
        # allauth knows the last code only; the messages before it may be read first.
        code = self.cleaned_data["code"]
        code = normalise_code(code) or code
        live = account_adapter().live_login_codes()
        self.expected_code = next((one for one in live if is_same_code(code, one)), live[-1] if live else "")
        return super().clean_code()


class ConfirmEmailVerificationCodeForm(_CodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if self.user and is_same_code(normalise_code(code) or code, self.expected_code):
            actions.release_unproven_claims(address=self.email, user=self.user)
        return super().clean_code()


class ProveByMailForm(forms.Form):
    """The code that was sent, five tries for each."""

    code = forms.CharField(
        label=_("Code from the message"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "pin", "dir": "ltr", "autocomplete": "one-time-code"}
        ),
    )

    def __init__(self, *args: Any, session: SessionBase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_code(self) -> str:
        code: actions.ProofCode | None = self.session.get(actions.PROOF_CODE)
        if code is None or not actions.is_live(code=code):
            raise ValidationError(_("This code no longer works. Ask for a new one."))
        self.session[actions.PROOF_CODE] = {**code, "tries": code["tries"] + 1}
        typed = normalise_code(self.cleaned_data["code"]) or ""
        if not is_same_code(typed, code["code"]):
            raise get_adapter().validation_error("incorrect_code")
        return typed


class _StepForm(_Form):
    """allauth's forms of the second step, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"class": "pin", "dir": "ltr", "inputmode": "numeric", "autofocus": True}


class ActivateTOTPForm(_StepForm, ActivateTOTP):
    def clean_code(self) -> str:
        # Digits of any script, with or without spaces.
        code = self.cleaned_data["code"]
        self.cleaned_data["code"] = normalise_code(code) or code
        return super().clean_code()


class _CountedStepForm(_StepForm, _AuthenticateForm):
    """Wrong codes count from a browser that has been in as the person apart from all others."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        code = normalise_code(code) or code
        request = current_request()
        key = bucket(request, self.user)
        if not limits.count(request, "second_step", key=key):
            raise ValidationError(
                _(
                    "Too many incorrect codes. Try again %(when)s, with a new code from your authenticator "
                    "app."
                ),
                params={"when": limits.in_words(limits.free_at(request, "second_step", key=key))},
            )
        # WebAuthn knows no codes.
        known = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        for authenticator in known:
            if authenticator.wrap().validate_code(code):
                limits.forget(request, "second_step", key=key)
                authenticator.user = self.user
                self.authenticator = authenticator
                return code
        raise get_mfa_adapter().validation_error("incorrect_code")


class StepForm(_CountedStepForm, AuthenticateForm):
    pass


class ReauthenticateByStepForm(_CountedStepForm, ReauthenticateForm):
    pass


class ReauthenticateByPasswordForm(_Plain, allauth_forms.ReauthenticateForm):
    LABELS = {"password": _("Your password")}


class RecoverForm(forms.Form):
    """A user name and the code on paper."""

    login = forms.CharField(
        label=_("User name"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=60,
        help_text=_("12 letters and digits. You can use small letters and leave out the hyphens."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )


class ResetPasswordForm(_Plain, allauth_forms.ResetPasswordForm):
    LABELS = {"email": _("E-mail address")}


class _NewPasswordForm(_Plain):
    # Typed blind twice is typed wrong twice as often; the way back is a new link.
    LEFT_OUT = ("password2",)
    LABELS = {"oldpassword": _("Current password"), "password1": _("New password")}
    HELP = {"password1": PASSWORD_HELP}


class ResetPasswordKeyForm(_NewPasswordForm, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_NewPasswordForm, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_NewPasswordForm, allauth_forms.SetPasswordForm):
    pass


class AddEmailForm(_Plain, allauth_forms.AddEmailForm):
    LABELS = {"email": _("New e-mail address")}
