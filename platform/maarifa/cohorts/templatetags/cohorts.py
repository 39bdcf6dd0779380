"""Words about members and rosters."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext

from maarifa.cohorts.actions import problems
from maarifa.cohorts.models import AttentionReason, CohortMember
from maarifa.cohorts.stored import StoredProblem
from maarifa.lib import numbers

register = template.Library()


@register.filter
def attention_words(member: CohortMember, at: datetime | None = None) -> str:
    """Why this person needs attention, in a few words; "" where they don't."""
    at = at or timezone.now()
    if member.attention == AttentionReason.QUIET and member.last_seen_at:
        return _days(
            at - member.last_seen_at,
            lambda n: ngettext("inactive for %(days)s day", "inactive for %(days)s days", n),
        )
    if member.attention == AttentionReason.UNANSWERED:
        return _days(
            at - member.invited_at,
            lambda n: ngettext(
                "invitation not answered for %(days)s day", "invitation not answered for %(days)s days", n
            ),
        )
    return str(AttentionReason(member.attention).label) if member.attention else ""


def _days(gap: timedelta, sentence: Callable[[int], str]) -> str:
    return sentence(gap.days) % {"days": numbers.number(gap.days, language=get_language())}


@register.filter
def state_words(member: CohortMember) -> str:
    """Where somebody stands with the group."""
    if member.state == CohortMember.State.LEFT:
        if member.accepted_at:
            return pgettext("member", "left")
        return (
            pgettext("member", "invitation declined")
            if member.declined_at
            else pgettext("member", "invitation withdrawn")
        )
    if member.state == CohortMember.State.ACCEPTED:
        return pgettext("member", "accepted")
    return pgettext("member", "invited")


@register.filter
def said(problem: StoredProblem) -> str:
    """A stored problem as a sentence."""
    return problems.said(problem)


@register.filter
def is_note(problem: StoredProblem) -> bool:
    return problems.is_note(problem)


@register.filter
def outcome_words(code: str) -> str:
    return problems.outcome_words(code)


@register.filter
def pin(code: str) -> str:
    """A code in two groups of four."""
    return f"{code[:4]} {code[4:]}"


@register.simple_tag
def inactivity_days() -> int:
    return settings.INACTIVITY_DAYS
