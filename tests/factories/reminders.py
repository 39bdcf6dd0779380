"""Reminders, all pieces one after another."""

from django.utils import timezone

from maarifa.reminders.actions import plan_some, write_some


def plan_reminders(*, at=None) -> int:
    """How many are new."""
    at = at or timezone.now()
    decided, after = 0, 0
    while after is not None:
        new, after = plan_some(after=after, at=at)
        decided += new
    return decided


def write_reminders(*, at=None) -> int:
    """The number of new messages."""
    pending, _following = write_some(after=0, at=at or timezone.now())
    return pending
