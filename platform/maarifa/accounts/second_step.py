"""How allauth's second factor behaves here. Its tables are listed in `personal_data`, its pages in `templates/mfa`."""

import io

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.allauth_internals import NamesTheSite
from maarifa.accounts.proof import must_use_second_step


class SecondStepAdapter(NamesTheSite, DefaultMFAAdapter):
    site_name = settings.SITE_NAME
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "unverified_email": _(
            "Confirm your e-mail address first. Under “My account”, open “Change e-mail address”, then press "
            "“Send a code to this address”."
        ),
        "incorrect_code": _("This code is incorrect or has expired. Check it and try again."),
        "cannot_delete_authenticator": _(
            "Your role requires a second step. Add another one before you remove this one."
        ),
        "cannot_generate_recovery_codes": _(
            "Add an authenticator app or a passkey before you create backup codes."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=4, border=4, xmldecl=False, light="#fff")
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who must have a second step keeps one: the other one is added first."""
        user = authenticator.user
        if not must_use_second_step(user):
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return others.exclude(type=authenticator.Type.RECOVERY_CODES).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}
