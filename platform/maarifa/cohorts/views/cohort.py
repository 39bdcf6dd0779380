"""A cohort: who needs a hand, and everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.cohorts import actions
from maarifa.cohorts.models import RosterImport, Seat
from maarifa.cohorts.views.finding import cohort_or_404, managed_or_403
from maarifa.cohorts.views.strips import figures
from maarifa.curriculum.editions import outline
from maarifa.ui.confirming import confirm_page

PAGE = 50
# So many of those who need a hand have a card of their own; the list has all of them.
CARDS = 6
# So many lists that wait stand on the page itself.
PLANS = 3
SHOWN = {
    "hand": ~Q(hand=""),
    "invited": Q(state=Seat.State.INVITED),
    "certified": Q(certified=True),
    "track": Q(state=Seat.State.ACCEPTED, hand=""),
    "left": Q(state=Seat.State.LEFT),
}
ORDERS = {"hand": ["urgency", "given_name_sort", "id"], "name": ["given_name_sort", "id"]}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def cohort(request, cohort):
    """Tallies, who needs a hand and why, and everybody; constant in queries."""
    cohort = cohort_or_404(request, cohort)
    if request.method == "POST":
        if not cohort.managed:
            raise PermissionDenied
        if request.POST.get("action") == "reopen" and actions.reopen_cohort(cohort=cohort, by=request.user):
            messages.success(request, _("The cohort is open again: people can be invited to it."))
        return redirect("cohort", cohort.public_id)
    at = timezone.now()
    seats = Seat.objects.filter(cohort=cohort).with_hand(at)
    shown, order = request.GET.get("show", ""), request.GET.get("order", "hand")
    listed = seats.filter(SHOWN[shown]) if shown in SHOWN else seats.exclude(state=Seat.State.LEFT)
    words = request.GET.get("q", "").strip()[:100]
    if words:
        listed = listed.search(words)
    page = Paginator(listed.order_by(*ORDERS.get(order, ORDERS["hand"])), PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = list(page.object_list)
    asked = {"search": words, "show": shown in SHOWN, "page": page.number > 1}
    filters = [name for name, given in asked.items() if given]
    actions.note_look(cohort=cohort, by=request.user, action="cohort.listed", filters=filters, at=at)
    needing = []
    if not (words or shown) and page.number == 1:
        needing = (
            [seat for seat in page.object_list if seat.hand][:CARDS]
            if order != "name"
            else list(Seat.objects.filter(cohort=cohort).needing_a_hand(at)[:CARDS])
        )
    drawn = figures(page.object_list, cohort)
    edition = cohort.edition_id
    plans = _plans(cohort)
    context = {
        "cohort": cohort,
        "tallies": tallies(seats),
        "course_title": outline(edition).words(request.LANGUAGE_CODE)["title"]
        if edition
        else cohort.course.key,
        "lessons": len(outline(edition).lesson_keys) if edition else 0,
        "needing": needing,
        "page": page,
        "rows": [{"seat": seat, "figures": drawn.get(seat.pk)} for seat in page.object_list],
        "show": shown if shown in SHOWN else "",
        "order": order if order in ORDERS else "hand",
        "q": words,
        "now": at,
        "plans": plans[:PLANS],
        "more_plans": len(plans[PLANS:]),
    }
    return render(request, "cohorts/cohort.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def close(request, cohort):
    """Asks before nobody is invited to the cohort any more."""
    cohort = managed_or_403(request, cohort)
    here = reverse("cohort", args=[cohort.public_id])
    if request.method == "POST":
        if actions.retire_cohort(cohort=cohort, by=request.user):
            messages.success(
                request,
                _("The cohort is closed. Who learns in it goes on. You can open it again on this page."),
            )
        return redirect(here)
    return confirm_page(
        request,
        question=_("Close this cohort?"),
        about=cohort.name,
        follows=[
            _("Nobody can be invited to it any more, and invitations that are not answered no longer open."),
            _("Who learns in it goes on, and you go on seeing their progress."),
            _("You can open it again."),
        ],
        yes=_("Close the cohort"),
        back=here,
    )


def tallies(seats) -> dict:
    """The figures on top, in one query."""
    counted = {
        "people": ~Q(state=Seat.State.LEFT),
        "track": SHOWN["track"],
        "hand": SHOWN["hand"],
        "invited": SHOWN["invited"],
        "refused": Q(address_refused=True),
        "certified": SHOWN["certified"],
        "left": SHOWN["left"],
        "cards": Q(entry_code__isnull=False) & ~Q(state=Seat.State.LEFT),
    }
    # A figure by the name of an annotation, such as hand, would be taken for it by the other figures' conditions.
    figures = {f"figure_{name}": Count("pk", filter=which) for name, which in counted.items()}
    return {name.removeprefix("figure_"): figure for name, figure in seats.aggregate(**figures).items()}


def _plans(cohort):
    """The lists that are being applied or wait for a yes, the newest first; in a closed cohort none can be applied."""
    stages = [RosterImport.Stage.PLANNED, RosterImport.Stage.CONFIRMED]
    if cohort.retired_at:
        stages.remove(RosterImport.Stage.PLANNED)
    found = RosterImport.objects.filter(cohort=cohort, stage__in=stages).order_by("-id")
    return list(found.only("public_id", "file_name", "stage")[:99]) if cohort.managed else []
