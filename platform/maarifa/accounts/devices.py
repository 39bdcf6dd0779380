"""Browsers that somebody signed in with before: a cookie that says so, and names nobody.

    device=<number of the browser>.<mark of an account>.<mark of another>

A mark can be checked for an account that is given, and leads to none. So limits count a browser that has been in as
the account apart from everybody else's tries, and no guesser elsewhere can shut the owner out.
"""

import hmac
import secrets
import time

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from maarifa.accounts.models import User

COOKIE = "device"
# Browsers keep a cookie for 400 days at most.
SECONDS = 60 * 60 * 24 * 400
# A phone or a computer that many share.
MOST_ACCOUNTS = 4
# What the form of somebody at such a device says, and what the session keeps of it.
SHARED, ENDS = "shared", "ends_at"
SHARED_SECONDS = 60 * 60 * 4


def known_device(request: HttpRequest, user: User) -> str | None:
    """The number of this browser where it has been signed in as the account before; None elsewhere, and for an account
    that is closed or erased.
    """
    number, marks = _read(request)
    if user.closed_at is None and any(hmac.compare_digest(mark, _mark(number, user)) for mark in marks):
        return number
    return None


def bucket(request: HttpRequest, user: User) -> str:
    """What tries at this account count under: its own where the browser is known, else everybody's together."""
    number = known_device(request, user)
    return f"person:{user.pk}:{number}" if number else f"person:{user.pk}"


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Somebody has just signed in as this account with this browser."""
    number, marks = _read(request)
    number = number or secrets.token_urlsafe(6)
    mine = _mark(number, user)
    marks = [mine, *(mark for mark in marks if mark != mine)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        ".".join([number, *marks]),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def note_choice(request: HttpRequest) -> None:
    """Keep, until somebody is signed in, whether they said that others use this device too."""
    if request.POST.get(SHARED):
        request.session[SHARED] = True
    else:
        request.session.pop(SHARED, None)


def limit_session(request: HttpRequest, user: User) -> None:
    """Somebody has just signed in: their session ends with the browser, and after four hours at most, on a shared
    device; after STAFF_SESSION_HOURS where they are staff; and otherwise after SESSION_COOKIE_AGE.
    """
    request.session.pop(ENDS, None)
    if request.session.pop(SHARED, False) or request.POST.get(SHARED):
        request.session.set_expiry(0)
        request.session[ENDS] = int(time.time()) + SHARED_SECONDS
    elif user.is_staff:
        request.session.set_expiry(settings.STAFF_SESSION_HOURS * 60 * 60)


def has_ended(request: HttpRequest) -> bool:
    """Whether the time of this session at a shared device is over."""
    ends: float = request.session.get(ENDS, float("inf"))
    return time.time() > ends


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    number, *marks = request.COOKIES.get(COOKIE, "")[:100].split(".")
    marks = [mark for mark in marks if mark.isascii()]
    return (number, marks[:MOST_ACCOUNTS]) if number.isascii() and len(number) == 8 else ("", [])


def _mark(number: str, user: User) -> str:
    # Eight bytes' worth of letters: guessing one takes more tries than limits per network let through.
    digest = salted_hmac("maarifa.accounts.devices", f"{number}.{user.public_id}", algorithm="sha256")
    return digest.hexdigest()[:16]
