"""Enrolling many people at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.models import Course, Edition
from maarifa.institutions.models import Institution
from maarifa.learning.actions.enrolment import EnrolmentError
from maarifa.learning.models import Enrolment
from maarifa.learning.stored import QuizDates


def enrol_many(
    *,
    learners: Iterable[User],
    course: Course,
    languages: Iterable[str],
    at: datetime | None = None,
    institution: Institution | None = None,
    held_edition: Edition | None = None,
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
    due_zone: str = "",
    due_local: str = "",
    quiz_dates: dict[str, QuizDates] | None = None,
) -> dict[int, int]:
    """Enrols learners who do not take the course yet, each in the language beside them; the enrolments' ids by the
    learners'.

    As `enrol`, in a number of queries that does not grow with theirs; who takes the course already keeps the
    enrolment as it is. Refuses NOT_PUBLISHED.
    """
    at = at or timezone.now()
    learners = list(learners)
    edition_id = held_edition.pk if held_edition else course.current_edition_id
    if edition_id is None or course.retired_at is not None:
        raise EnrolmentError("NOT_PUBLISHED")
    outline = editions.outline(edition_id)
    rows = [
        Enrolment(
            learner=learner,
            course=course,
            language=language if language in outline.languages else outline.source_language,
            institution=institution,
            held_edition=held_edition,
            requirements=outline.requirements,
            opens_at=opens_at,
            due_at=due_at,
            due_zone=due_zone,
            due_local=due_local,
            quiz_dates=quiz_dates or {},
            enrolled_at=at,
            last_activity_at=at,
        )
        for learner, language in zip(learners, languages, strict=True)
    ]
    with transaction.atomic():
        Enrolment.objects.bulk_create(rows, ignore_conflicts=True)
        return dict(
            Enrolment.objects.filter(
                course=course, learner__in=[learner.pk for learner in learners]
            ).values_list("learner_id", "pk")
        )
