"""More time in a timed quiz."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.models import CohortMember
from maarifa.cohorts.views.finding import managed_or_403, member_or_404
from maarifa.lib.errors import DomainError
from maarifa.lib.numbers import number
from maarifa.quizzes.kinds.numeric.readings import readings
from maarifa.quizzes.models import Attempt, TimeExtension


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def timing(request: SignedInRequest, cohort_id: UUID, member_id: UUID) -> HttpResponse:
    """Does it, and leads back to the learner's page; as it does somebody who comes from a sign-in on the way."""
    cohort = managed_or_403(request, cohort_id)
    member = member_or_404(cohort, member_id, at=timezone.now())
    if request.method == "POST":
        try:
            _act(request, member)
        except DomainError as refusal:
            messages.error(request, refusal.message)
    else:
        messages.info(
            request, _("Nothing has been changed yet. Fill in the form and press the button again.")
        )
    return redirect("member", cohort.public_id, member.public_id)


def _act(request: SignedInRequest, member: CohortMember) -> None:
    action, by = request.POST.get("action", ""), request.user
    if action == "extra":
        percent = _whole(request, "percent")
        if actions.set_extra_time(member=member, percent=percent, by=by):
            messages.success(
                request, _("The extra time is saved. It holds for attempts that start from now on.")
            )
    elif action == "extend":
        attempt = _one(queries.timed_attempts(member), request.POST.get("attempt"))
        minutes, reason = _whole(request, "minutes"), request.POST.get("reason", "")
        if reason not in dict(TimeExtension.Reason.for_people()):
            reason = TimeExtension.Reason.MORE_TIME
        seen = _moment(request, "ends")
        actions.extend_attempt(
            member=member, attempt=attempt, minutes=minutes, reason=reason, by=by, seen=seen
        )
        text = ngettext(
            "%(minutes)s minute was added. The learner’s page shows it in a minute or two.",
            "%(minutes)s minutes were added. The learner’s page shows it in a minute or two.",
            minutes,
        )
        messages.success(request, text % {"minutes": number(minutes, language=request.LANGUAGE_CODE)})


def _one(attempts: list[Attempt], public_id: str | None) -> Attempt:
    found = next((attempt for attempt in attempts if str(attempt.public_id) == public_id), None)
    if found is None:
        raise Http404("nothing of this learner's has this id")
    return found


def _moment(request: SignedInRequest, name: str) -> datetime:
    """A moment as the page has written it; the earliest there is for anything else, which nobody has seen."""
    try:
        moment = parse_datetime(request.POST.get(name, ""))
    except ValueError:
        moment = None
    return moment or datetime.min.replace(tzinfo=UTC)


def _whole(request: SignedInRequest, name: str) -> int:
    """A whole number as people write it; -1 for anything else, which is refused with a sentence."""
    numbers = [
        one for one in readings(request.POST.get(name, "").strip("%٪ ")) if one == one.to_integral_value()
    ]
    return int(min(numbers)) if numbers and min(numbers) < 10**6 else -1
