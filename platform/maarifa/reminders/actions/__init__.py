"""What can be done in reminders."""

from maarifa.reminders.actions.inactivity import plan_some, remind, write_some
from maarifa.reminders.actions.reviews import plan_some_reviews, remind_of_reviews, write_some_reviews

__all__ = [
    "plan_some",
    "plan_some_reviews",
    "remind",
    "remind_of_reviews",
    "write_some",
    "write_some_reviews",
]
