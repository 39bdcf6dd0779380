"""When a cohort can take the quizzes of its course."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import CohortError
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.learning import actions as learning
from maarifa.learning.stored import QuizDates
from maarifa.lib.holding import hold


def set_quiz_dates(
    *,
    cohort: Cohort,
    quiz_dates: dict[str, QuizDates],
    before: dict[str, QuizDates],
    by: User,
    at: datetime | None = None,
) -> bool:
    """From when and until when the cohort can take each quiz (by its key; without an entry: at any time). True where it
    is new. It holds for who is in the cohort, and for who joins later.

    `before` is what who changes it has seen. Refuses CHANGED where something else stands there by now, and
    CLOSES_BEFORE (quiz) where a quiz would close before it opens. Safe to do again, and to die in the middle: the
    cohort's own dates are written last.
    """
    at = at or timezone.now()
    for quiz, dates in quiz_dates.items():
        if dates["opens_at"] and dates["closes_at"] and dates["closes_at"] <= dates["opens_at"]:
            raise CohortError("CLOSES_BEFORE", quiz=quiz)
    cohort.refresh_from_db(fields=["quiz_dates"])
    if cohort.quiz_dates == quiz_dates:
        return False
    if cohort.quiz_dates != before:
        raise CohortError("CHANGED")
    accepted = CohortMember.objects.filter(cohort=cohort, state=CohortMember.State.ACCEPTED)
    learning.set_quiz_dates(
        enrolments=accepted.filter(enrolment__isnull=False).values_list("enrolment_id", flat=True),
        quiz_dates=quiz_dates,
    )
    with transaction.atomic():
        hold(Cohort.objects.filter(pk=cohort.pk))
        Cohort.objects.filter(pk=cohort.pk).update(quiz_dates=quiz_dates)
        record_audit(
            actor=by,
            action="cohort.quiz_dates",
            institution=cohort.unit.institution.public_id,
            details={"cohort": str(cohort.public_id), "quizzes": sorted(quiz_dates)},
            at=at,
        )
    cohort.quiz_dates = quiz_dates
    return True
