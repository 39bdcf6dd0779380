"""What happens to cohorts, their rosters and their seats."""

from maarifa.cohorts.actions.applying import apply_roster, confirm_roster, forget_lists
from maarifa.cohorts.actions.cards import cards_made_for, why_no_card
from maarifa.cohorts.actions.granting import grant_attempt
from maarifa.cohorts.actions.groups import create_cohort, reopen_cohort, retire_cohort
from maarifa.cohorts.actions.inviting import (
    accept_late_work,
    invite_again,
    mark_contacted,
    note_look,
    renew_code,
    withdraw_invitation,
)
from maarifa.cohorts.actions.joining import (
    accept_seat,
    decline_seat,
    leave_after_withdrawal,
    leave_everything,
    leave_seat,
    open_by_code,
    use_code,
    who_answers,
)
from maarifa.cohorts.actions.planning import (
    discard_roster,
    draft_roster,
    keep_roster,
    plan_again,
    plan_roster,
)
from maarifa.cohorts.actions.refusals import CohortRefusal, RosterRefusal, SeatRefusal

__all__ = [
    "CohortRefusal",
    "RosterRefusal",
    "SeatRefusal",
    "accept_late_work",
    "accept_seat",
    "apply_roster",
    "cards_made_for",
    "confirm_roster",
    "create_cohort",
    "decline_seat",
    "discard_roster",
    "draft_roster",
    "forget_lists",
    "grant_attempt",
    "invite_again",
    "keep_roster",
    "leave_after_withdrawal",
    "leave_everything",
    "leave_seat",
    "mark_contacted",
    "note_look",
    "open_by_code",
    "plan_again",
    "plan_roster",
    "renew_code",
    "reopen_cohort",
    "retire_cohort",
    "use_code",
    "who_answers",
    "why_no_card",
    "withdraw_invitation",
]
