"""What higher apps know of an account: they add their questions here when they are ready.

RESPONSIBLE: whether a person can do more than learn, so that their account lets one see other people. KEEPING: a
condition, on a query over people, for which an account that nobody has entered yet is not forgotten.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, Q

if TYPE_CHECKING:
    from maarifa.accounts.models import User

RESPONSIBLE: list[Callable[["User"], bool]] = []
KEEPING: list[Callable[[], Q | Exists]] = []


def is_responsible(user: "User") -> bool:
    """True for staff, and for whoever an app says has a role over others."""
    return user.is_staff or user.is_superuser or any(ask(user) for ask in RESPONSIBLE)
