"""One more attempt at a quiz, for a learner who has used all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.cohorts import actions
from maarifa.cohorts.views.finding import managed_or_403, seat_or_404
from maarifa.curriculum.editions import outline
from maarifa.learning.actions import EventRefused
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.lib.refusals import Refusal
from maarifa.quizzes.models import AttemptGrant


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request, cohort, seat, quiz):
    """Grants it, and leads back to the learner's page; as it does somebody who comes from a sign-in on the way."""
    cohort = managed_or_403(request, cohort)
    seat = seat_or_404(cohort, seat, at=timezone.now())
    if request.method != "POST":
        messages.info(request, _("No attempt was given yet. Say why, and press the button again."))
        return redirect("seat", cohort.public_id, seat.public_id)
    reason = request.POST.get("reason", "")
    if reason not in AttemptGrant.Reason:
        reason = AttemptGrant.Reason.OTHER
    try:
        actions.grant_attempt(seat=seat, quiz=quiz, by=request.user, reason=reason)
        messages.success(request, _("The learner can try the quiz once more, and is told so."))
    except EventRefused:
        raise Http404("no such quiz in the learner's edition") from None
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("seat", cohort.public_id, seat.public_id)


def quizzes_used_up(seat, language: str) -> list[dict]:
    """Of the learner on this seat: the quizzes at which somebody must grant an attempt, with their titles."""
    if not seat.used_up:
        return []
    read = outline(seat.enrolment.edition_id)
    attempts = last_attempts_of_who_used_all().filter(sitting__enrolment=seat.enrolment_id)
    keys = {key.rpartition("/")[2] for key in attempts.values_list("quiz__key", flat=True)}
    return [{"key": key, **read.quiz_words(key, language)} for key in sorted(keys & read.quiz_keys)]
