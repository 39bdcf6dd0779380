"""One learner, as the institution may see them, and what can be done for them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.cohorts import actions
from maarifa.cohorts.models import Seat
from maarifa.cohorts.views.finding import cohort_or_404, seat_or_404
from maarifa.cohorts.views.strips import figures
from maarifa.curriculum.editions import outline
from maarifa.institutions.actions import why_not_reset
from maarifa.learning.progress import steps_of
from maarifa.lib.refusals import Refusal


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def seat(request, cohort, seat):
    """A learner's record: looking at it leaves a line in the audit."""
    cohort = cohort_or_404(request, cohort)
    at = timezone.now()
    seat = seat_or_404(cohort, seat, at=at)
    if request.method == "POST":
        if not cohort.managed:
            raise PermissionDenied
        _act(request, seat)
        if request.POST.get("back") == "cohort":
            return redirect("cohort", cohort.public_id)
        return redirect("seat", cohort.public_id, seat.public_id)
    actions.note_look(cohort=cohort, by=request.user, action="seat.seen", seat=seat, at=at)
    one = figures([seat], cohort).get(seat.pk)
    context = {
        "cohort": cohort,
        "seat": seat,
        "figures": one,
        "steps": _steps(one, cohort, request.LANGUAGE_CODE) if one else [],
        "may": _may(cohort, seat),
        "now": at,
    }
    return render(request, "cohorts/seat.html", context)


def _steps(one, cohort, language) -> list[dict]:
    """Each lesson and quiz in words, as the picture has them."""
    if not cohort.edition_id:
        return []
    read = outline(cohort.edition_id)
    rows = []
    for step in steps_of(read):
        if step.kind == "lesson":
            lesson = read.lesson(step.key)
            title, shown = lesson.words(language)["title"], lesson.language(language)
            state = "done" if step.key in one.done else ""
        else:
            title, shown = read.quiz_title(step.key, language), read.words(language)["language"]
            state = (
                "done"
                if step.key in one.passed
                else "failed"
                if step.key in one.failed
                else "begun"
                if step.key in one.begun
                else ""
            )
        rows.append(
            {
                "title": title,
                "language": shown,
                "kind": step.kind,
                "state": state,
                "percent": one.best.get(step.key),
            }
        )
    return rows


def _may(cohort, seat) -> dict:
    """What a coordinator can do here now. The same for everybody who was invited by e-mail, account or not."""
    if not cohort.managed:
        return {}
    open_ = cohort.retired_at is None
    card = not seat.email and seat.learner is not None and seat.state != Seat.State.LEFT
    refusal = None
    if card:
        institution = cohort.unit.institution
        elsewhere = actions.has_seat_elsewhere(seat.learner, institution)
        refusal = why_not_reset(institution=institution, user=seat.learner, seat_elsewhere=elsewhere)
    return {
        "invite": open_ and seat.state == Seat.State.LEFT,
        "resend": open_ and seat.state == Seat.State.INVITED and bool(seat.email),
        "withdraw": seat.state == Seat.State.INVITED,
        "code": card and refusal is None,
        "no_code": refusal.message if refusal else "",
        "late": seat.state == Seat.State.ACCEPTED and seat.late_work,
        "contact": seat.state != Seat.State.LEFT,
    }


def _act(request, seat) -> None:
    """One thing done for a learner, or the sentence why not."""
    action = request.POST.get("action", "")
    try:
        if action == "invite":
            actions.invite_again(seat=seat, by=request.user)
            messages.success(request, _("The invitation is on its way."))
        elif action == "withdraw":
            actions.withdraw_invitation(seat=seat, by=request.user)
            messages.success(request, _("The invitation no longer opens anything."))
        elif action == "code":
            actions.renew_code(seat=seat, by=request.user)
            messages.success(request, _("There is a new code. It stands on the page of cards."))
        elif action == "contacted":
            actions.mark_contacted(seat=seat, by=request.user)
        elif action == "not-contacted":
            actions.mark_contacted(seat=seat, by=request.user, contacted=False)
        elif action == "late":
            actions.accept_late_work(seat=seat, by=request.user)
            messages.success(request, _("The late work counts now."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
