"""Codes by mail, for who has no password and is asked whether it is them."""

import time
from datetime import datetime
from typing import TypedDict

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.conf import settings

from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.models import User

# What the session calls it.
PROOF_CODE = "proof_code"
TRIES = 5


class ProofCode(TypedDict):
    """What the session keeps of a code: when it was made, in seconds since 1970, and how often it was tried."""

    code: str
    at: float
    tries: int


def send_proof_code(*, user: User, at: datetime | None = None) -> ProofCode:
    """Queue a code to the person's address; what the session has to keep of it. Only for somebody who has one: see
    `proof.can_prove_by_mail`.
    """
    if user.email is None:
        raise ValueError("There is no address to send a code to.")
    # As for signing in; not by our own adapter, which gives once more a code that is still live.
    code = DefaultAccountAdapter.generate_login_code(get_adapter())
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


def is_live(*, code: ProofCode | None) -> bool:
    """Whether a code that the session keeps can still be typed."""
    if code is None:
        return False
    return time.time() - code["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT and code["tries"] < TRIES
