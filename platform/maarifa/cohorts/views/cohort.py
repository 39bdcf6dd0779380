"""A cohort: who needs attention, and everybody."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.views.finding import cohort_or_404, managed_or_403
from maarifa.cohorts.views.progress_strips import progress_strips
from maarifa.curriculum.editions import outline
from maarifa.ui.confirming import confirm_page

PAGE = 50
# So many of those who need attention have a card of their own; the list has all of them.
CARDS = 6
# So many lists that wait stand on the page itself.
PLANS = 3


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def cohort(request: SignedInRequest, cohort_id: UUID) -> HttpResponse:
    """Tallies, who needs attention and why, and everybody; constant in queries."""
    cohort = cohort_or_404(request, cohort_id)
    if request.method == "POST":
        if not cohort.managed:
            raise PermissionDenied
        if request.POST.get("action") == "reopen" and actions.reopen_cohort(cohort=cohort, by=request.user):
            messages.success(request, _("The cohort is open again. You can invite people to it."))
        return redirect("cohort", cohort.public_id)
    at = timezone.now()
    show, order = request.GET.get("show", ""), request.GET.get("order", "attention")
    search = request.GET.get("q", "").strip()[:100]
    members = queries.people(cohort, at=at, show=show, order=order, search=search)
    page = Paginator(members, PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    criteria = {"search": search, "show": show in queries.SHOWN, "page": page.number > 1}
    filters = [name for name, is_set in criteria.items() if is_set]
    actions.note_look(cohort=cohort, by=request.user, action="cohort.listed", filters=filters, at=at)
    needing = []
    if not (search or show) and page.number == 1:
        needing = (
            [member for member in page.object_list if member.attention][:CARDS]
            if order != "name"
            else queries.needing_attention(cohort, at=at, most=CARDS)
        )
    figures = queries.figures(page.object_list)
    strips = progress_strips(figures, cohort)
    edition = cohort.edition_id
    plans = queries.rosters_under_way(cohort) if cohort.managed else []
    context = {
        "cohort": cohort,
        "tallies": queries.tallies(cohort, at=at),
        "course_title": queries.course_title(cohort, request.LANGUAGE_CODE),
        "lessons": len(outline(edition).lesson_keys) if edition else 0,
        "needing": needing,
        "page": page,
        "rows": [
            {
                "member": member,
                "figures": figures.get(member.pk),
                "progress_strip": strips.get(member.pk, ""),
            }
            for member in page.object_list
        ],
        "show": show if show in queries.SHOWN else "",
        "order": order if order in queries.ORDERS else "attention",
        "q": search,
        "now": at,
        "plans": plans[:PLANS],
        "more_plans": len(plans[PLANS:]),
    }
    return render(request, "cohorts/cohort.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, cohort_id: UUID) -> HttpResponse:
    """Asks before nobody is invited to the cohort any more."""
    cohort = managed_or_403(request, cohort_id)
    url = reverse("cohort", args=[cohort.public_id])
    if request.method == "POST":
        if actions.retire_cohort(cohort=cohort, by=request.user):
            messages.success(
                request,
                _("The cohort is closed. Current learners can continue. You can reopen it on this page."),
            )
        return redirect(url)
    return confirm_page(
        request,
        question=_("Close this cohort?"),
        about=cohort.name,
        follows=[
            _("No one can be invited to it, and invitations that have not been answered stop working."),
            _("Current learners continue, and you can still see their progress."),
            _("You can reopen it later."),
        ],
        yes=_("Close cohort"),
        back=url,
    )
