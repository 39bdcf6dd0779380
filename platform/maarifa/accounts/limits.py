"""How often something may be done: how this site counts. And how long whoever came too often waits.

The rates are in the settings, `ACCOUNT_RATE_LIMITS`, by the name of what is done. `8/15m/key` is eight times in any
quarter of an hour for whatever `key` names; `user` counts for an account, `ip` for a network: an address, or of IPv6
the /64 that one customer has all of. Where Redis is away each process counts for itself: see `lib.caches`.
"""

import time
from datetime import UTC, datetime

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from maarifa.accounts.models import User
from maarifa.lib import dates

_APP = "allauth.account"
# Which limits allauth's own pages keep, by the name of their address.
_OF_PAGES = {
    "account_login": ("login",),
    "account_signup": ("signup", "confirm_email"),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
    "account_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate_webauthn": ("reauthenticate",),
    "account-prove-by-mail": ("reauthenticate",),
}


def count(request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None) -> bool:
    """Count this once; False where it has been done too often."""
    # Where a page that is only loaded is counted, it sends something.
    return bool(ratelimit.consume(request, action=action, key=key, user=user, limit_get=True, app=_APP))


def forget(request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None) -> None:
    """What was counted counts no more."""
    ratelimit.clear(request, action=action, key=key, user=user, app=_APP)


def free_at(
    request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None
) -> datetime | None:
    """When the next try is let through; None where nothing keeps it back any more.

    `key` and `user` as they were given to `count`. Limits that need one that is not given are left out.
    """
    ends = 0.0
    for rate in ratelimit.get_rates(action=action, app=_APP):
        person = user if user is not None else request.user
        if (rate.per == "key" and key is None) or (rate.per == "user" and not person.is_authenticated):
            continue
        name = ratelimit.get_cache_key(request, action=action, rate=rate, key=key, user=person, app=_APP)
        tries = sorted(cache.get(name) or [], reverse=True)
        if len(tries) >= rate.amount:
            ends = max(ends, tries[rate.amount - 1] + rate.duration)
    return datetime.fromtimestamp(ends, UTC) if ends > time.time() else None


def network(request: HttpRequest) -> str:
    """Where a request comes from, as `ip` counts it."""
    return ratelimit.get_ip(request)


def in_words(moment: datetime | None) -> str:
    """When that is, for a sentence such as "Try again in 12 minutes."."""
    now = timezone.now()
    zone = timezone.get_current_timezone()
    return dates.until(moment or now, at=now, zone=zone, language=get_language())


def too_often(request: HttpRequest, moment: datetime | None) -> HttpResponse:
    """The page for whoever has to wait, until the moment where one is known."""
    response = render(request, "429.html", {"free_at": moment}, status=429)
    if moment:
        response["Retry-After"] = max(1, -int(-(moment.timestamp() - time.time()) // 1))
    return response


def too_often_for_allauth(request: HttpRequest) -> HttpResponse:
    """As `too_often`, for a page of allauth that says only that somebody came too often."""
    address = request.POST.get("email", "").strip().lower() or None
    match = request.resolver_match
    actions = _OF_PAGES.get((match and match.url_name) or "", ())
    moments = [free_at(request, action, key=address) for action in actions]
    return too_often(request, max((one for one in moments if one), default=None))
