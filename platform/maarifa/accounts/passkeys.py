"""A passkey as the second step, and as a proof."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import limits
from maarifa.accounts.allauth_internals import current_request, passkey_that_signed

if TYPE_CHECKING:
    # What the classes below stand before.
    _Form = forms.Form
    _StepForm = AuthenticateWebAuthnForm
else:
    _Form = _StepForm = object

LONGEST_NAME = 100


class _NotCountedForThePerson(_StepForm):
    """What a passkey signs cannot be guessed, so wrong ones count for the network alone: counted for the person, as
    allauth does, eight of somebody else's would keep out the one who holds the right passkey.
    """

    def clean_credential(self) -> Authenticator:
        if not limits.count(current_request(), "passkey"):
            raise get_account_adapter().validation_error("rate_limited")
        return passkey_that_signed(self.user, self.cleaned_data["credential"])


class PasskeyStepForm(_NotCountedForThePerson, AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(_NotCountedForThePerson, ReauthenticateWebAuthnForm):
    pass


class _Named(_Form):
    """The name that a person gives a passkey, to tell it from another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("Name of the passkey")
        name.validators.append(MaxLengthValidator(LONGEST_NAME))
        name.widget.attrs["maxlength"] = LONGEST_NAME


class AddPasskeyForm(_Named, AddWebAuthnForm):
    pass


class EditPasskeyForm(_Named, EditWebAuthnForm):
    pass
