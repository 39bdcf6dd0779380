"""How often something may be done: the one way in which this site counts.

The rates are in the settings, `ACCOUNT_RATE_LIMITS`, by the name of what is done. `8/15m/key` is eight times in any
quarter of an hour for whatever `key` names; `user` counts for an account, `ip` for a network: an address, or of IPv6
the /64 that one customer has all of. Where Redis is away each process counts for itself: see `lib.caches`.
"""

from allauth.core.internal import ratelimit

_OURS = {"app": "allauth.account"}


def count(request, action: str, *, key: str | None = None, user=None) -> bool:
    """Count this once; False where it has been done too often."""
    # Where a page that is only loaded is counted, it sends something.
    return bool(ratelimit.consume(request, action=action, key=key, user=user, limit_get=True, **_OURS))


def may(request, action: str, *, key: str | None = None, user=None) -> bool:
    """As `count`, but only asking."""
    return bool(
        ratelimit.consume(request, action=action, key=key, user=user, limit_get=True, dry_run=True, **_OURS)
    )


def forget(request, action: str, *, key: str | None = None, user=None) -> None:
    """What was counted counts no more."""
    ratelimit.clear(request, action=action, key=key, user=user, **_OURS)


def too_often(request):
    """The page that says so."""
    return ratelimit.respond_429(request)
