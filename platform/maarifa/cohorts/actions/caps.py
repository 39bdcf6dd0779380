"""How many invitations an institution sends in a day: generous, and only so that nobody has the site fill mailboxes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.cohorts.actions.errors import CohortMemberError, RosterImportError
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from maarifa.institutions.models import Institution
from maarifa.lib import dates
from maarifa.lib.contact import contact_of_site
from maarifa.lib.holding import hold
from maarifa.lib.numbers import number

DAY = timedelta(hours=24)


def take_turns(institution: Institution) -> None:
    """Inside a transaction: who else asks for room for invitations of this institution waits until it ends, and counts
    what it has promised.
    """
    hold(Institution.objects.filter(pk=institution.pk))


def why_no_list(roster: RosterImport, *, at: datetime) -> RosterImportError | None:
    """The refusal for which a list cannot be confirmed now, as a whole; None where there is room for all of it."""
    institution = roster.cohort.unit.institution
    count = roster.rows.waiting().filter(action=RosterRow.Action.INVITE).count()
    # Confirmed at this moment by somebody else, it has its room already.
    room = _Room(institution, at, but=roster)
    if not count or count <= room.free_places:
        return None
    params = {"count": _said(count), **room.told()}
    if count > settings.MOST_INVITATIONS:
        return RosterImportError("TOO_MANY", **params)
    return RosterImportError("FULL_TODAY", when=room.when(count), **params)


def why_no_invitation(member: CohortMember, *, at: datetime) -> CohortMemberError | None:
    """The refusal for which one person who has an address cannot be invited again now; None where they can."""
    room = _Room(member.cohort.unit.institution, at)
    if room.free_places > 0:
        return None
    return CohortMemberError("FULL_TODAY", when=room.when(1), **room.told())


class _Room:
    """What went out for an institution within 24 hours, and what lists that were confirmed have yet to send."""

    def __init__(self, institution: Institution, at: datetime, but: RosterImport | None = None) -> None:
        self.institution, self.at = institution, at
        self.invitations = (
            CohortMember.objects.filter(cohort__unit__institution=institution, invited_at__gt=at - DAY)
            .exclude(email="")
            .order_by("invited_at")
        )
        waiting_rows = RosterRow.objects.waiting().filter(
            action=RosterRow.Action.INVITE,
            roster__stage=RosterImport.Stage.CONFIRMED,
            roster__cohort__unit__institution=institution,
        )
        if but is not None:
            waiting_rows = waiting_rows.exclude(roster=but)
        self.used_places = self.invitations.count() + waiting_rows.count()
        self.free_places = settings.MOST_INVITATIONS - self.used_places

    def when(self, count: int) -> str:
        """In words, when there will be room for so many."""
        excess = count - self.free_places
        moments = self.invitations.values_list("invited_at", flat=True)[excess - 1 : excess]
        free_at = next((moment + DAY for moment in moments), self.at + DAY)
        zone = self.institution.time_zone
        return dates.until(free_at, at=self.at, zone=zone, language=get_language())

    def told(self) -> dict[str, str]:
        return {
            "institution": self.institution.name,
            "most": _said(settings.MOST_INVITATIONS),
            "sent": _said(self.used_places),
            "contact": str(contact_of_site()) or _("the site administrators"),
        }


def _said(count: int) -> str:
    return number(count, language=get_language())
