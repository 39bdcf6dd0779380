"""When an institution may make a code that opens somebody's account: the one rule for every access card."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings

from maarifa.accounts.actions import has_been_used
from maarifa.accounts.models import AuditEntry, User
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.institutions.actions import InstitutionError, credential_was_reset, why_not_reset
from maarifa.institutions.models import Institution
from maarifa.lib.codes import new_pin


class EntryCode(TypedDict):
    """The fields of a member that hold a code."""

    entry_code: str | None
    entry_code_until: datetime | None


NO_CODE: EntryCode = {"entry_code": None, "entry_code_until": None}


def learns_elsewhere(user: User, institution: Institution) -> bool:
    """Whether the person learns, or is invited to learn, with another institution."""
    return CohortMember.objects.held().of(user).exclude(cohort__unit__institution=institution).exists()


def why_no_card(member: CohortMember) -> InstitutionError | None:
    """Why the institution may not open this member's account, as `why_not_reset`; None where it may, and
    where there is none.
    """
    institution, learner = member.cohort.unit.institution, member.learner
    if learner is None:
        return None
    elsewhere = learns_elsewhere(learner, institution)
    return why_not_reset(institution=institution, user=learner, learns_elsewhere=elsewhere)


def card_opens(member: CohortMember) -> bool:
    """Whether a code for this member may open its account now: one that the institution may reset, and that nobody has
    used, or whose credential it has reset since.

    Asked where a code is made and again where it is typed: meanwhile the account may have become its owner's alone.
    """
    if member.learner is None or why_no_card(member) is not None:
        return False
    return not has_been_used(user=member.learner) or credential_was_reset(
        institution=member.cohort.unit.institution, user=member.learner
    )


def code_for(member: CohortMember, at: datetime) -> EntryCode:
    """The fields of a member with a new code, or with none where a code would open somebody's own account."""
    if not card_opens(member):
        return NO_CODE
    return {"entry_code": new_entry_codes(1)[0], "entry_code_until": card_until(member.cohort, at)}


def new_entry_codes(count: int) -> list[str]:
    """So many codes for cards that no card has now."""
    codes: set[str] = set()
    while len(codes) < count:
        pins = {new_pin() for _ in range(count - len(codes))}
        codes |= pins - set(
            CohortMember.objects.filter(entry_code__in=pins).values_list("entry_code", flat=True)
        )
    return list(codes)


def card_until(cohort: Cohort, at: datetime) -> datetime:
    """How long a card that is made now opens: as long as an invitation, and at least to the deadline."""
    usual = at + timedelta(days=settings.INVITATION_DAYS)
    return max(usual, cohort.due_at) if cohort.due_at else usual


def cards_made_for(*, user: User, at: datetime) -> list[datetime]:
    """When institutions reset this person's credential within the last three months, the newest first."""
    since = at - timedelta(days=90)
    resets = AuditEntry.objects.filter(on_user=user, action="credential.reset", at__gte=since)
    return list(resets.order_by("-at").values_list("at", flat=True)[:5])
