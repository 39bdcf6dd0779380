"""When a cohort can take the quizzes of its course."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import reduce

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import CohortError
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.learning import actions as learning
from maarifa.learning.models import Enrolment
from maarifa.learning.stored import QuizDates
from maarifa.lib.holding import hold

BATCH = 500


def set_quiz_dates(
    *,
    cohort: Cohort,
    quiz_dates: dict[str, QuizDates],
    before: dict[str, QuizDates],
    by: User,
    at: datetime | None = None,
) -> bool:
    """From when and until when the cohort can take each quiz (by its key; without an entry: at any time). True where it
    is new. It holds for who is in the cohort, and for who joins later; see `write_quiz_dates` for who is in others too.

    `before` is what who changes it has seen. Refuses CHANGED where something else stands there by now, and
    CLOSES_BEFORE (quiz) where a quiz would close before it opens. Safe to die in the middle, and to do again: the
    enrolments are written after the cohort's own dates, and once more where these stand there already.
    """
    at = at or timezone.now()
    for quiz, dates in quiz_dates.items():
        if dates["opens_at"] and dates["closes_at"] and dates["closes_at"] <= dates["opens_at"]:
            raise CohortError("CLOSES_BEFORE", quiz=quiz)
    changed = False
    cohort.refresh_from_db(fields=["quiz_dates"])
    if cohort.quiz_dates != quiz_dates:
        if cohort.quiz_dates != before:
            raise CohortError("CHANGED")
        with transaction.atomic():
            as_read = Cohort.objects.filter(pk=cohort.pk, quiz_dates=cohort.quiz_dates)
            changed = as_read.update(quiz_dates=quiz_dates) == 1
            if changed:
                record_audit(
                    actor=by,
                    action="cohort.quiz_dates",
                    institution=cohort.unit.institution.public_id,
                    details={"cohort": str(cohort.public_id), "quizzes": sorted(quiz_dates)},
                    at=at,
                )
        cohort.refresh_from_db(fields=["quiz_dates"])
        if not changed and cohort.quiz_dates != quiz_dates:
            raise CohortError("CHANGED")
    accepted = CohortMember.objects.filter(cohort=cohort, state=CohortMember.State.ACCEPTED)
    write_quiz_dates(accepted.filter(enrolment__isnull=False).values_list("enrolment_id", flat=True))
    return changed


def write_quiz_dates(enrolments: Iterable[int]) -> None:
    """Each of these enrolments (ids) gets the dates of the cohort in which its learner is; of several cohorts the
    earlier opening and the later end of each quiz, and none where one of them sets none. Who is in no cohort keeps
    what there is, as with a deadline.

    In batches, each a transaction of its own that holds its enrolments before it reads: of several writers at once,
    whoever comes last has read what all have set.
    """
    pks = sorted(enrolments)
    for begin in range(0, len(pks), BATCH):
        batch = pks[begin : begin + BATCH]
        with transaction.atomic():
            hold(Enrolment.objects.filter(pk__in=batch))
            for cohorts, together in _by_cohorts(batch).items():
                dates = Cohort.objects.in_bulk(cohorts)
                quiz_dates = reduce(learning.easier_dates, (dates[pk].quiz_dates for pk in cohorts))
                learning.set_quiz_dates(enrolments=together, quiz_dates=quiz_dates)


def _by_cohorts(enrolments: list[int]) -> dict[tuple[int, ...], list[int]]:
    """Those that are in a cohort, by their cohorts, of which the one that was joined last comes last."""
    cohorts: defaultdict[int, list[int]] = defaultdict(list)
    accepted = CohortMember.objects.filter(enrolment__in=enrolments, state=CohortMember.State.ACCEPTED)
    for enrolment, cohort in accepted.order_by("accepted_at", "pk").values_list("enrolment_id", "cohort_id"):
        if enrolment is not None:
            cohorts[enrolment].append(cohort)
    groups: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for enrolment, its_cohorts in cohorts.items():
        groups[tuple(its_cohorts)].append(enrolment)
    return groups
