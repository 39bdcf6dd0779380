"""Whom to ask, for sessions that do not say."""

from django.http import HttpRequest

from maarifa.lib.contact import SESSION_KEY
from maarifa.pages.asking import note_contact


def contact(request: HttpRequest) -> dict[str, object]:
    """Gives the template nothing. Notes them in a session that is old, or whose person has joined or left a group."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    if session is not None and user is not None and user.is_authenticated and SESSION_KEY not in session:
        note_contact(request, user)
    return {}
