"""One more attempt at a quiz, for a learner who has used all."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions
from maarifa.cohorts.views.finding import managed_or_403, member_or_404
from maarifa.learning.actions import EventError
from maarifa.lib.errors import DomainError
from maarifa.quizzes.models import AttemptGrant


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: SignedInRequest, cohort_id: UUID, member_id: UUID, quiz: str) -> HttpResponse:
    """Grants it, and leads back to the learner's page; as it does somebody who comes from a sign-in on the way."""
    cohort = managed_or_403(request, cohort_id)
    member = member_or_404(cohort, member_id, at=timezone.now())
    if request.method != "POST":
        messages.info(
            request,
            _("No attempt has been given yet. Choose a reason and press “Give another attempt” again."),
        )
        return redirect("member", cohort.public_id, member.public_id)
    reason = request.POST.get("reason", "")
    if reason not in dict(AttemptGrant.Reason.for_people()):
        reason = AttemptGrant.Reason.OTHER
    try:
        actions.grant_attempt(member=member, quiz=quiz, by=request.user, reason=reason)
        messages.success(
            request,
            _("The learner can take the quiz once more. If they have an e-mail address, we have told them."),
        )
    except EventError:
        raise Http404("no such quiz in the learner's edition") from None
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("member", cohort.public_id, member.public_id)
