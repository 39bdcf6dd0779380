"""The kinds of message that accounts ask for."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from maarifa.delivery.kinds import Kind, register

SIGN_IN = register(
    Kind(
        "sign-in",
        _("sign-in code"),
        asked_for=True,
        secret=True,
        # A code is good for twenty minutes.
        waits=tuple(timedelta(seconds=s) for s in (10, 30, 120, 300)),
    )
)
ACCOUNT = register(
    Kind("account", _("message about an account"), asked_for=True, secret=True, to_closed=True)
)
