"""Codes by mail, for who has no password and is asked whether it is them."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings

from maarifa.accounts.actions.mail import queue_mail

# What the session calls it.
PROOF_CODE = "proof_code"
TRIES = 5


def send_proof_code(*, user, at=None) -> dict:
    """Queue a code to the person's address; what the session has to keep of it. Never refuses."""
    code = get_adapter().generate_proof_code()
    queue_mail(
        message="proof_code",
        kind="sign-in",
        address=user.email,
        language=user.language,
        context={"code": code},
        recipient=user,
        at=at,
    )
    return {"code": code, "at": time.time(), "tries": 0}


def is_live(*, code: dict | None) -> bool:
    """Whether a code that the session keeps can still be typed."""
    if code is None:
        return False
    return time.time() - code["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT and code["tries"] < TRIES
