"""Making and closing cohorts."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import CohortError
from maarifa.cohorts.models import Cohort
from maarifa.curriculum.editions import outline
from maarifa.curriculum.models import Course, Edition
from maarifa.institutions.models import Unit
from maarifa.lib import dates
from maarifa.lib.text import clean_name


def create_cohort(
    *,
    unit: Unit,
    course: Course,
    name: str,
    language: str,
    by: User,
    opens_on: date | None = None,
    due_on: date | None = None,
    held_edition: Edition | None = None,
    at: datetime | None = None,
) -> Cohort:
    """A new cohort of a unit, empty. Days are those of the institution's own zone: it opens as the first begins, and
    the deadline is the last minute of the other.

    Refuses NAME_MISSING, NAME_TAKEN in this unit, NOT_PUBLISHED, NOT_A_LANGUAGE, OPENS_AFTER_DUE and
    INSTITUTION_RETIRED.
    """
    at = at or timezone.now()
    name = clean_name(name)
    institution = unit.institution
    edition_id = held_edition.pk if held_edition else course.current_edition_id
    if not name:
        raise CohortError("NAME_MISSING")
    if institution.retired_at:
        raise CohortError("INSTITUTION_RETIRED", institution=institution.name)
    if edition_id is None or course.retired_at:
        raise CohortError("NOT_PUBLISHED")
    if language not in outline(edition_id).languages:
        raise CohortError("NOT_A_LANGUAGE")
    zone = institution.time_zone
    opens = dates.start_of_day(opens_on, zone=zone) if opens_on else None
    due = dates.end_of_day(due_on, zone=zone) if due_on else None
    if opens and due and opens >= due:
        raise CohortError("OPENS_AFTER_DUE")
    try:
        with transaction.atomic():
            cohort = Cohort.objects.create(
                unit=unit,
                course=course,
                name=name,
                language=language,
                held_edition=held_edition,
                opens_at=opens,
                due_at=due,
                due_zone=zone if due else "",
                due_local=dates.wall_time(due, zone=zone) if due else "",
                created_at=at,
            )
            record_audit(
                actor=by,
                action="cohort.created",
                institution=institution.public_id,
                details={"cohort": str(cohort.public_id)},
                at=at,
            )
            return cohort
    except IntegrityError:
        if not Cohort.objects.filter(unit=unit, name=name).exists():
            raise
        raise CohortError("NAME_TAKEN", name=name)


def retire_cohort(*, cohort: Cohort, by: User, at: datetime | None = None) -> bool:
    """Nobody is invited to the cohort any more; who learns in it goes on. False where it was so. Never refuses."""
    at = at or timezone.now()
    return _change_retired(cohort, "cohort.closed", by, at, was_open=True, retired_at=at)


def reopen_cohort(*, cohort: Cohort, by: User, at: datetime | None = None) -> bool:
    """People can be invited to a closed cohort again. False where it was open. Never refuses."""
    at = at or timezone.now()
    return _change_retired(cohort, "cohort.reopened", by, at, was_open=False, retired_at=None)


def _change_retired(
    cohort: Cohort, action: str, by: User, at: datetime, *, was_open: bool, retired_at: datetime | None
) -> bool:
    with transaction.atomic():
        count = Cohort.objects.filter(pk=cohort.pk, retired_at__isnull=was_open).update(retired_at=retired_at)
        if count:
            record_audit(
                actor=by,
                action=action,
                institution=cohort.unit.institution.public_id,
                details={"cohort": str(cohort.public_id)},
                at=at,
            )
    cohort.refresh_from_db(fields=["retired_at"])
    return bool(count)
