"""How often a wrong code of a card may come. A code counts only together with the user name that is printed beside it,
and tries count for that name first: a guesser has eight of a hundred million in a quarter of an hour, whatever the
number of their devices and addresses, and a hall full of people behind one address meets no limit. A browser that has
been in as the person counts apart, so that no stranger shuts them out there.
"""

import time
from datetime import UTC, datetime

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache

from maarifa.accounts.devices import known_device
from maarifa.accounts.models import User

WINDOW = 15 * 60
# Wrong codes for one user name; from one device, which a class may share; and from one network, against a flood.
NAME, DEVICE, NETWORK = 8, 40, 600
_SESSION = "wrong_codes"


def too_many_until(request, username: str) -> datetime | None:
    """Until when whoever tries this user name has to wait, or everybody at this device or in this network; None
    where nobody has to.
    """
    ends = []
    for name, most in ((_name(request, username), NAME), (f"network/{_network(request)}", NETWORK)):
        if (cache.get(f"entry/{name}") or 0) >= most:
            ends.append(cache.get(f"entry-ends/{name}") or time.time() + WINDOW)
    of_device = _of_device(request)
    if len(of_device) >= DEVICE:
        ends.append(of_device[-DEVICE] + WINDOW)
    return datetime.fromtimestamp(max(ends), UTC) if ends else None


def note_wrong(request, username: str) -> None:
    request.session[_SESSION] = [*_of_device(request), int(time.time())]
    for name in (_name(request, username), f"network/{_network(request)}"):
        key = f"entry/{name}"
        if cache.add(key, 0, WINDOW):
            cache.set(f"entry-ends/{name}", int(time.time()) + WINDOW, WINDOW)
        try:
            cache.incr(key)
        except ValueError:
            # It ran out between the two.
            cache.set(key, 1, WINDOW)
            cache.set(f"entry-ends/{name}", int(time.time()) + WINDOW, WINDOW)


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
