"""Who can do more than learn: whose account lets one see other people. What gives such rights stands in higher apps,
which add a question about a person to RESPONSIBLE when they are ready.
"""

from collections.abc import Callable

RESPONSIBLE: list[Callable] = []


def is_responsible(user) -> bool:
    """True for staff, and for whoever an app says has a role over others."""
    return user.is_staff or user.is_superuser or any(ask(user) for ask in RESPONSIBLE)
