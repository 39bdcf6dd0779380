"""A passkey as the second step, and as a proof."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm

from maarifa.accounts import limits
from maarifa.accounts.allauth_internals import current_request, passkey_that_signed


class _NotCountedForThePerson:
    """What a passkey signs cannot be guessed, so wrong ones count for the network alone: counted for the person, as
    allauth does, eight of somebody else's would keep out the one who holds the right passkey.
    """

    def clean_credential(self):
        if not limits.count(current_request(), "passkey"):
            raise get_account_adapter().validation_error("rate_limited")
        return passkey_that_signed(self.user, self.cleaned_data["credential"])


class PasskeyStepForm(_NotCountedForThePerson, AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(_NotCountedForThePerson, ReauthenticateWebAuthnForm):
    pass
