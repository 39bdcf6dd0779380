"""What happens to cohorts, their rosters and their members."""

from maarifa.cohorts.actions.applying import (
    apply_roster,
    confirm_and_apply,
    confirm_roster,
    forget_lists,
)
from maarifa.cohorts.actions.cards import cards_made_for, why_no_card
from maarifa.cohorts.actions.errors import CohortError, CohortMemberError, RosterImportError
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
    accept_invitation,
    decline_invitation,
    leave_after_withdrawal,
    leave_cohort,
    leave_everything,
    open_by_code,
    use_code,
    who_answers,
)
from maarifa.cohorts.actions.planning import (
    Draft,
    discard_roster,
    draft_roster,
    keep_roster,
    plan_again,
    plan_roster,
)
from maarifa.cohorts.actions.quiz_dates import set_quiz_dates
from maarifa.cohorts.actions.timing import decide_late_answers, extend_attempt, set_extra_time

__all__ = [
    "CohortError",
    "CohortMemberError",
    "Draft",
    "RosterImportError",
    "accept_invitation",
    "accept_late_work",
    "apply_roster",
    "cards_made_for",
    "confirm_and_apply",
    "confirm_roster",
    "create_cohort",
    "decide_late_answers",
    "decline_invitation",
    "discard_roster",
    "draft_roster",
    "extend_attempt",
    "forget_lists",
    "grant_attempt",
    "invite_again",
    "keep_roster",
    "leave_after_withdrawal",
    "leave_cohort",
    "leave_everything",
    "mark_contacted",
    "note_look",
    "open_by_code",
    "plan_again",
    "plan_roster",
    "renew_code",
    "reopen_cohort",
    "retire_cohort",
    "set_extra_time",
    "set_quiz_dates",
    "use_code",
    "who_answers",
    "why_no_card",
    "withdraw_invitation",
]
