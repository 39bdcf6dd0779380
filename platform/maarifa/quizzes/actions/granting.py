"""One more attempt for who has used all."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.eligibility import eligibility
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import AttemptGrant, QuizVersion


def grant_attempt(
    *,
    learner: User,
    quiz_version: QuizVersion,
    by: User,
    reason: str = AttemptGrant.Reason.REREAD,
    at: datetime | None = None,
) -> tuple[AttemptGrant, bool]:
    """The grant, and whether it is new: two people at once, or two clicks, grant one attempt. The caller audits it.

    Refuses ALREADY_PASSED, and ATTEMPTS_LEFT to whoever can still try, or go on with an open attempt.
    """
    at = at or timezone.now()
    stands = eligibility(learner=learner, quiz_version=quiz_version, at=at)
    if stands.passed:
        raise QuizError("ALREADY_PASSED")
    if not stands.used_all:
        raise QuizError("ATTEMPTS_LEFT")
    with transaction.atomic():
        return AttemptGrant.objects.get_or_create(
            learner=learner,
            quiz_id=quiz_version.quiz_id,
            number=stands.last_number + 1,
            defaults={"granted_by": by, "granted_at": at, "reason": reason},
        )
