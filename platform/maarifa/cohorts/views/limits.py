"""How often a wrong code may come: hard on one who guesses, lenient to a hall full of people behind one address."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache

WINDOW = 15 * 60
# Wrong codes from one device, for one user name; from one network, and from everywhere, before the user name on the
# card is asked for as well.
DEVICE, NAME, NETWORK, EVERYWHERE = 8, 8, 40, 400
_SESSION = "wrong_codes"


def too_many(request, username: str = "") -> bool:
    """Whether this device, or whoever tries this user name, has to wait."""
    return len(_of_device(request)) >= DEVICE or (bool(username) and _count(f"name/{username}") >= NAME)


def asks_for_name(request) -> bool:
    """Whether so many wrong codes came that a code alone is no longer enough. A code has eight digits, and there may
    be thousands of cards; a user name nobody guesses.
    """
    return _count(f"network/{_network(request)}") >= NETWORK or _count("everywhere") >= EVERYWHERE


def note_wrong(request, username: str = "") -> None:
    request.session[_SESSION] = [*_of_device(request), int(time.time())]
    for name in [f"network/{_network(request)}", "everywhere", *([f"name/{username}"] if username else [])]:
        key = f"entry/{name}"
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:
            # It ran out between the two.
            cache.set(key, 1, WINDOW)


def _of_device(request) -> list[int]:
    since = time.time() - WINDOW
    return [moment for moment in request.session.get(_SESSION, []) if moment > since]


def _network(request) -> str:
    return get_adapter().get_client_ip(request)


def _count(name) -> int:
    return cache.get(f"entry/{name}") or 0
