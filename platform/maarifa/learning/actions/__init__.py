"""What can be done in learning."""

from maarifa.learning.actions.bulk_enrolment import enrol_many
from maarifa.learning.actions.completion import (
    accept_late_work,
    complete_eased,
    complete_if_met,
    look_for_completions,
)
from maarifa.learning.actions.enrolment import EnrolmentError, change_language, end_enrolment, enrol
from maarifa.learning.actions.events import EventError, record_event
from maarifa.learning.actions.granting import grant_attempt
from maarifa.learning.actions.regrading import follow_regrade

__all__ = [
    "EnrolmentError",
    "EventError",
    "accept_late_work",
    "change_language",
    "complete_eased",
    "complete_if_met",
    "end_enrolment",
    "enrol",
    "enrol_many",
    "follow_regrade",
    "grant_attempt",
    "look_for_completions",
    "record_event",
]
