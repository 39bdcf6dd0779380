"""Cards to print and cut, for those who are reached by no address. Whoever reads a card can enter with it, so that its
pages want a fresh proof of who looks.
"""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.cohorts.views.finding import managed_or_403
from maarifa.curriculum import editions
from maarifa.lib.contact import contact_for
from maarifa.lib.languages import direction


@login_required
@never_cache
@require_safe
def cards(request: SignedInRequest, cohort_id: UUID) -> HttpResponse:
    """The codes of those without an address, one card a person, each in that person's language."""
    cohort = managed_or_403(request, cohort_id)
    if not proved_recently(request):
        return ask_for_proof(request)
    at = timezone.now()
    members = list(queries.open_cards(cohort, at=at))
    if members:
        actions.note_look(cohort=cohort, by=request.user, action="cohort.cards-shown", at=at)
    return _page(request, cohort, members)


@login_required
@never_cache
@require_safe
def card(request: SignedInRequest, cohort_id: UUID, member_id: UUID) -> HttpResponse:
    """The card of one person."""
    cohort = managed_or_403(request, cohort_id)
    if not proved_recently(request):
        return ask_for_proof(request)
    at = timezone.now()
    member = queries.open_cards(cohort, at=at).filter(public_id=member_id).first()
    if member is None:
        raise Http404("no open card of this cohort")
    actions.note_look(cohort=cohort, by=request.user, action="member.card-shown", member=member, at=at)
    return _page(request, cohort, [member])


def _page(request: SignedInRequest, cohort: Cohort, members: Iterable[CohortMember]) -> HttpResponse:
    edition = cohort.edition_id
    outline = editions.outline(edition) if edition else None

    @cache
    def shared(language: str) -> dict[str, str]:
        """What all cards in a language have in common."""
        with override(language):
            url = settings.SITE_URL + reverse("enter")
        return {
            "language": language,
            "direction": direction(language),
            "course": outline.texts(language)["title"] if outline else cohort.course.key,
            "qr": segno.make_qr(url, error="m").svg_data_uri(border=2, light="#fff"),
        }

    languages = dict(settings.LANGUAGES)
    institution = cohort.unit.institution
    cards = [
        {
            "member": member,
            **shared(member.language if member.language in languages else institution.language),
        }
        for member in members
    ]
    context = {
        "cohort": cohort,
        "institution": institution,
        "contact": contact_for(institution=institution),
        "cards": cards,
        # To be typed, and without a language: the phone's own decides.
        "enter_at": f"{urlsplit(settings.SITE_URL).netloc}/enter/",
    }
    return render(request, "cohorts/cards.html", context)
