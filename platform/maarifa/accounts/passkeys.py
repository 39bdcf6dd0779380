"""A passkey as the second step, and as a proof."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth


class _NotCountedForThePerson:
    """What a passkey signs cannot be guessed, so wrong ones count for the network alone: counted for the person, as
    allauth does, eight of somebody else's would keep out the one who holds the right passkey.
    """

    def clean_credential(self):
        if not ratelimit.consume(context.request, action="passkey"):
            raise get_account_adapter().validation_error("rate_limited")
        credential = self.cleaned_data["credential"]
        # Unreadable ones are refused in words; what follows would fail on them.
        auth.parse_authentication_response(credential)
        return auth.complete_authentication(self.user, credential)


class PasskeyStepForm(_NotCountedForThePerson, AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(_NotCountedForThePerson, ReauthenticateWebAuthnForm):
    pass
