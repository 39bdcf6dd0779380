"""How often a wrong code of a card may come. A code counts only together with the user name that is printed beside it,
and tries count for that name first: a guesser has eight of a hundred million in a quarter of an hour, whatever the
number of their devices and addresses, and a hall full of people behind one address meets no limit. A browser that has
been in as the person counts apart, so that no stranger shuts them out there.
"""

import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache

from maarifa.accounts.devices import known_device
from maarifa.accounts.models import User

WINDOW = 15 * 60
# Wrong codes for one user name; from one device, which a class may share; and from one network, against a flood.
NAME, DEVICE, NETWORK = 8, 40, 600
_SESSION = "wrong_codes"


def too_many(request, username: str) -> bool:
    """Whether whoever tries this user name has to wait, or everybody at this device or in this network."""
    return (
        _count(_name(request, username)) >= NAME
        or len(_of_device(request)) >= DEVICE
        or _count(f"network/{_network(request)}") >= NETWORK
    )


def note_wrong(request, username: str) -> None:
    request.session[_SESSION] = [*_of_device(request), int(time.time())]
    for name in (_name(request, username), f"network/{_network(request)}"):
        key = f"entry/{name}"
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:
            # It ran out between the two.
            cache.set(key, 1, WINDOW)


def _name(request, username) -> str:
    person = User.objects.filter(username=username).first()
    number = known_device(request, person) if person else None
    return f"name/{username}/{number}" if number else f"name/{username}"


def _of_device(request) -> list[int]:
    since = time.time() - WINDOW
    return [moment for moment in request.session.get(_SESSION, []) if moment > since]


def _network(request) -> str:
    """The address; of IPv6 the /64, which one customer has all of."""
    return get_ip(request)


def _count(name) -> int:
    return cache.get(f"entry/{name}") or 0
