"""Words about seats and rosters."""

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext

from maarifa.cohorts.actions import problems
from maarifa.cohorts.models import Hand, Seat
from maarifa.lib import numbers

register = template.Library()


@register.filter
def hand_words(seat, at=None):
    """Why this person needs a hand, in a few words; "" where they don't."""
    at = at or timezone.now()
    if seat.hand == Hand.QUIET:
        return _days(
            at - seat.last_seen_at,
            lambda n: ngettext("nothing done for %(days)s day", "nothing done for %(days)s days", n),
        )
    if seat.hand == Hand.UNANSWERED:
        return _days(
            at - seat.invited_at,
            lambda n: ngettext(
                "invitation not answered for %(days)s day", "invitation not answered for %(days)s days", n
            ),
        )
    return Hand(seat.hand).label if seat.hand else ""


def _days(gap, sentence):
    return sentence(gap.days) % {"days": numbers.number(gap.days, language=get_language())}


@register.filter
def state_words(seat):
    """Where somebody stands with the group."""
    if seat.state == Seat.State.LEFT:
        if seat.accepted_at:
            return pgettext("seat", "left")
        return (
            pgettext("seat", "invitation declined")
            if seat.declined_at
            else pgettext("seat", "invitation withdrawn")
        )
    if seat.state == Seat.State.ACCEPTED:
        return pgettext("seat", "accepted")
    return pgettext("seat", "invited")


@register.filter
def said(problem):
    """A stored problem as a sentence."""
    return problems.said(problem)


@register.filter
def is_note(problem):
    return problems.is_note(problem)


@register.filter
def outcome_words(code):
    return problems.outcome_words(code)


@register.filter
def pin(code):
    """A code in two groups of four."""
    return f"{code[:4]} {code[4:]}"


@register.simple_tag
def inactivity_days():
    return numbers.number(settings.INACTIVITY_DAYS, language=get_language())
