"""A lesson that somebody finished after their session had ended: noted in the browser's next session, over the sign-in.

The id that the page gave the form can be made for this person and this lesson only, so that it says by itself whose it
is: whoever signs in as somebody else finds nothing done.
"""

from uuid import UUID

from django.http import HttpRequest

DONE = "lesson_done"


def note_done(request: HttpRequest) -> bool:
    """Note what the form of a lesson says. False where it says nothing."""
    try:
        request.session[DONE] = str(UUID(request.POST.get("event", "")))
    except ValueError:
        return False
    return True


def take_done(request: HttpRequest, event_id: UUID) -> bool:
    """Whether this lesson, as this person reads it, was noted; it is so no more."""
    if request.session.get(DONE) != str(event_id):
        return False
    del request.session[DONE]
    return True
