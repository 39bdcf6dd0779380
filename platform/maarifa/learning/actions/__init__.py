"""What can be done in learning."""

from maarifa.learning.actions.bulk_enrolment import enrol_many
from maarifa.learning.actions.completion import (
    accept_late_work,
    complete_eased,
    complete_if_met,
    look_for_completions,
)
from maarifa.learning.actions.enrolment import (
    EnrolmentError,
    change_language,
    easier_dates,
    end_enrolment,
    enrol,
)
from maarifa.learning.actions.event_kinds import EventError
from maarifa.learning.actions.events import record_event
from maarifa.learning.actions.granting import grant_attempt
from maarifa.learning.actions.quiz_dates import set_quiz_dates
from maarifa.learning.actions.regrading import follow_regrade
from maarifa.learning.actions.reviewing import refresh_cards, refresh_review
from maarifa.learning.actions.timing import (
    decide_late_answers,
    end_if_over,
    end_timed_attempts,
    extend_attempt,
    heed_presence,
    set_extra_time,
)

__all__ = [
    "EnrolmentError",
    "EventError",
    "accept_late_work",
    "change_language",
    "complete_eased",
    "complete_if_met",
    "decide_late_answers",
    "easier_dates",
    "end_enrolment",
    "end_if_over",
    "end_timed_attempts",
    "enrol",
    "enrol_many",
    "extend_attempt",
    "follow_regrade",
    "grant_attempt",
    "heed_presence",
    "look_for_completions",
    "record_event",
    "refresh_cards",
    "refresh_review",
    "set_extra_time",
    "set_quiz_dates",
]
