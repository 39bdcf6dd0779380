"""Beginning and ending to take a course."""

from datetime import datetime
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.models import Course, Edition
from maarifa.institutions.models import Institution
from maarifa.learning.models import Enrolment
from maarifa.learning.stored import QuizDates
from maarifa.lib.errors import DomainError
from maarifa.quizzes.models import Attempt

TRIES = 5


class Terms(TypedDict):
    """The columns that a bulk enrolment sets as one whole."""

    institution_id: int | None
    held_edition_id: int | None
    opens_at: datetime | None
    due_at: datetime | None
    due_zone: str
    due_local: str
    quiz_dates: dict[str, QuizDates]


class EnrolmentError(DomainError):
    MESSAGES = {
        "NOT_PUBLISHED": _("This course has not been published yet, so no one can start it."),
        "BUSY": _("Someone else is changing this enrolment right now. Try again in a minute."),
        "CLOSED_ACCOUNT": _("This account is closed, so it cannot start a course."),
    }


def enrol(
    *,
    learner: User,
    course: Course,
    language: str,
    at: datetime | None = None,
    institution: Institution | None = None,
    held_edition: Edition | None = None,
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
    due_zone: str = "",
    due_local: str = "",
    quiz_dates: dict[str, QuizDates] | None = None,
) -> Enrolment:
    """The learner takes the course; what counts for completion is fixed from the edition read now.

    Enrolling again gives the enrolment that exists, reopened where it had ended; its requirements and language stay.
    The terms of a bulk enrolment (institution, edition, opening, deadline, dates of quizzes) are written onto it as one
    whole: they take the place of none, and of those of an enrolment that had ended. Whoever is enrolled a second time
    while the first enrolment still runs gets the institution and edition of the later one, and of both the earlier
    openings and the later ends: nobody has less time for having been invited twice. Without terms, those that are there
    stay. A language that the course lacks becomes the course's own. Refuses NOT_PUBLISHED, CLOSED_ACCOUNT, and BUSY
    where others kept changing the enrolment at the same moment.
    """
    at = at or timezone.now()
    edition_id = held_edition.pk if held_edition else course.current_edition_id
    if edition_id is None or course.retired_at is not None:
        raise EnrolmentError("NOT_PUBLISHED")
    if learner.closed_at is not None:
        raise EnrolmentError("CLOSED_ACCOUNT")
    outline = editions.outline(edition_id)
    terms: Terms = {
        "institution_id": institution.pk if institution else None,
        "held_edition_id": held_edition.pk if held_edition else None,
        "opens_at": opens_at,
        "due_at": due_at,
        "due_zone": due_zone,
        "due_local": due_local,
        "quiz_dates": quiz_dates or {},
    }
    for _attempt in range(TRIES):
        existing = Enrolment.objects.filter(learner=learner, course=course).first()
        if existing is not None:
            if _take_up(existing, terms):
                return existing
            continue
        try:
            with transaction.atomic():
                return Enrolment.objects.create(
                    learner=learner,
                    course=course,
                    language=language if language in outline.languages else outline.source_language,
                    requirements=outline.requirements,
                    enrolled_at=at,
                    last_activity_at=at,
                    **terms,
                )
        except IntegrityError:
            if not Enrolment.objects.filter(learner=learner, course=course).exists():
                raise
    raise EnrolmentError("BUSY")


def _take_up(enrolment: Enrolment, terms: Terms) -> bool:
    """Reopens the enrolment, with the terms that hold now. False where others changed them since it was read."""
    before: Terms = {
        "institution_id": enrolment.institution_id,
        "held_edition_id": enrolment.held_edition_id,
        "opens_at": enrolment.opens_at,
        "due_at": enrolment.due_at,
        "due_zone": enrolment.due_zone,
        "due_local": enrolment.due_local,
        "quiz_dates": enrolment.quiz_dates,
    }
    new_terms = before
    if any(terms.values()):
        new_terms = _terms_that_hold(before, terms) if enrolment.ended_at is None else terms
    changes: dict[str, object] = {
        name: value for name, value in new_terms.items() if value != dict(before)[name]
    }
    if enrolment.ended_at is not None:
        changes["ended_at"] = None
    if changes:
        columns = {name: value for name, value in before.items() if name != "quiz_dates"}
        enrolments = Enrolment.objects.filter(pk=enrolment.pk, ended_at=enrolment.ended_at, **columns)
        if not enrolments.update(**changes):
            return False
        for name, value in changes.items():
            setattr(enrolment, name, value)
    return True


def _terms_that_hold(before: Terms, terms: Terms) -> Terms:
    """See `enrol`. An opening that nobody set is the earliest, a deadline that nobody set the latest."""
    if not any(before.values()):
        return terms
    due_terms = terms
    if terms["due_at"] and (before["due_at"] is None or before["due_at"] > terms["due_at"]):
        due_terms = before
    opens_at = None
    if before["opens_at"] and terms["opens_at"]:
        opens_at = min(before["opens_at"], terms["opens_at"])
    return {
        **terms,
        "opens_at": opens_at,
        "due_at": due_terms["due_at"],
        "due_zone": due_terms["due_zone"],
        "due_local": due_terms["due_local"],
        "quiz_dates": easier_dates(before["quiz_dates"], terms["quiz_dates"]),
    }


def easier_dates(one: dict[str, QuizDates], other: dict[str, QuizDates]) -> dict[str, QuizDates]:
    """Of two the earlier opening and the later end of each quiz; none, where one of them sets none."""
    easier: dict[str, QuizDates] = {}
    for quiz in one.keys() & other.keys():
        opens = [dates["opens_at"] for dates in (one[quiz], other[quiz])]
        closes = [dates["closes_at"] for dates in (one[quiz], other[quiz])]
        easier[quiz] = {
            "opens_at": min(filter(None, opens)) if all(opens) else None,
            "closes_at": max(filter(None, closes)) if all(closes) else None,
            "zone": other[quiz]["zone"],
        }
    return easier


def change_language(*, enrolment: Enrolment, language: str, at: datetime | None = None) -> None:
    """From now on the course is shown in this language, where it has it, and with it the questions of open attempts."""
    if language in editions.outline(enrolment.edition_id).languages and language != enrolment.language:
        enrolment.language = language
        with transaction.atomic():
            enrolment.save(update_fields=["language"])
            Attempt.objects.open().filter(enrolment_attempt__enrolment=enrolment).update(language=language)


def end_enrolment(*, enrolment: Enrolment, at: datetime | None = None) -> None:
    """The learner no longer takes the course; the record stays, and enrolling again goes on from it."""
    Enrolment.objects.filter(pk=enrolment.pk, ended_at__isnull=True).update(ended_at=at or timezone.now())
