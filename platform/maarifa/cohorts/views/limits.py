"""How often a wrong code of a card may come. A code counts only together with the user name that is printed beside it,
and tries count for that name first: a guesser has eight of a hundred million in a quarter of an hour, whatever the
number of their devices and addresses, and a hall full of people behind one address meets no limit. A browser that has
been in as the person counts apart, so that no stranger shuts them out there.

The rates are those of `card`, for a name and against a flood from one network, and of `card_device`, which a class may
share.
"""

import secrets
from datetime import datetime

from django.http import HttpRequest

from maarifa.accounts import limits
from maarifa.accounts.devices import known_device
from maarifa.accounts.models import User

_DEVICE = "card_device"


def too_many_until(request: HttpRequest, username: str) -> datetime | None:
    """Until when whoever tries this user name has to wait, or everybody at this device or in this network; None
    where nobody has to.
    """
    ends = [
        limits.free_at(request, "card", key=_name(request, username)),
        limits.free_at(request, "card_device", key=request.session.get(_DEVICE)),
    ]
    return max((end for end in ends if end), default=None)


def note_wrong(request: HttpRequest, username: str) -> None:
    device = request.session.setdefault(_DEVICE, secrets.token_urlsafe(9))
    limits.count(request, "card_device", key=device)
    limits.count(request, "card", key=_name(request, username))


def _name(request: HttpRequest, username: str) -> str:
    person = User.objects.filter(username=username).first()
    number = known_device(request, person) if person else None
    return f"{username}/{number}" if number else username
