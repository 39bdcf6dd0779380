"""A new recovery code, on show to the person it was made for until they have it on paper.

The session holds it sealed, so that a page that is loaded again shows the same code. It goes with the session, after a
quarter of an hour, and when the person says that they have it.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from maarifa.accounts.models import RecoveryCode
from maarifa.accounts.requests import user_of

SHOWN = "shown_recovery_code"
SHOWN_SECONDS = 15 * 60


def show(request: HttpRequest, code: str) -> None:
    """Put on show the code that was just made for the person signed in."""
    code_id = RecoveryCode.objects.unused().filter(user=user_of(request)).values_list("pk", flat=True).first()
    request.session[SHOWN] = [code_id, _seal().encrypt(code.encode()).decode()]


def code_on_show(request: HttpRequest, current: RecoveryCode | None) -> str | None:
    """The code, where it is still `current`: one that was used, or replaced elsewhere, is shown no more."""
    code_id, sealed = request.session.get(SHOWN) or (None, "")
    if code_id is None:
        return None
    try:
        if current is not None and current.pk == code_id:
            return _seal().decrypt(sealed.encode(), ttl=SHOWN_SECONDS).decode()
    except InvalidToken:
        pass
    hide(request)
    return None


def hide(request: HttpRequest) -> None:
    request.session.pop(SHOWN, None)


def _seal() -> Fernet:
    key = salted_hmac("maarifa.accounts.shown_codes", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
