"""Reminders, all pieces one after another."""

from django.utils import timezone

from maarifa.reminders.actions import plan_some, plan_some_reviews, write_some, write_some_reviews


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


def plan_reviews(*, at) -> int:
    """How many are new."""
    decided, after = 0, 0
    while after is not None:
        new, after = plan_some_reviews(after=after, at=at)
        decided += new
    return decided


def write_reviews(*, at) -> int:
    """The number of new messages."""
    pending, _following = write_some_reviews(after=0, at=at)
    return pending
