"""How long whoever has tried too often has to wait: read from what allauth's limits keep, and said as one waits."""

import time
from datetime import UTC, datetime

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

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


def free_at(request, action: str, *, key: str | None = None, user=None) -> datetime | None:
    """When the next try is let through; None where nothing keeps it back any more.

    `key` and `user` as they were given to `ratelimit.consume`. Limits that need one that is not given are left out.
    """
    ends = 0.0
    for rate in get_rates(app=_APP, action=action):
        person = user if user is not None else request.user
        if (rate.per == "key" and key is None) or (rate.per == "user" and not person.is_authenticated):
            continue
        name = get_cache_key(request, app=_APP, action=action, rate=rate, key=key, user=person)
        tries = sorted(cache.get(name) or [], reverse=True)
        if len(tries) >= rate.amount:
            ends = max(ends, tries[rate.amount - 1] + rate.duration)
    return datetime.fromtimestamp(ends, UTC) if ends > time.time() else None


def in_words(moment: datetime | None) -> str:
    """When that is, for a sentence such as "Try again in 12 minutes."."""
    now = timezone.now()
    zone = timezone.get_current_timezone()
    return dates.until(moment or now, at=now, zone=zone, language=get_language())


def too_often(request, moment: datetime | None):
    """The page for whoever has to wait, until the moment where one is known."""
    response = render(request, "429.html", {"free_at": moment}, status=429)
    if moment:
        response["Retry-After"] = max(1, -int(-(moment.timestamp() - time.time()) // 1))
    return response


def too_often_for_allauth(request):
    """As `too_often`, for a page of allauth that says only that somebody came too often."""
    address = request.POST.get("email", "").strip().lower() or None
    match = request.resolver_match
    actions = _OF_PAGES.get(match.url_name if match else "", ())
    found = [free_at(request, action, key=address) for action in actions]
    return too_often(request, max((one for one in found if one), default=None))
