"""Beginning and ending to take a course."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.editions import outline
from maarifa.learning.models import Enrolment
from maarifa.lib.refusals import Refusal


class EnrolmentRefused(Refusal):
    MESSAGES = {
        "NOT_PUBLISHED": _("This course has not been published yet, so nobody can start it."),
        "CLOSED_ACCOUNT": _("This account is closed, so it cannot start a course."),
    }


def enrol(
    *,
    learner,
    course,
    language,
    at=None,
    institution=None,
    held_edition=None,
    opens_at=None,
    due_at=None,
    due_zone="",
    due_local="",
) -> Enrolment:
    """The learner takes the course; what counts for completion is fixed from the edition read now.

    Enrolling again gives the enrolment that exists, reopened where it had ended; its requirements and language stay.
    Terms that a cohort gives (institution, edition, opening, deadline) are written onto it in either case, so that
    the later seating holds. A language that the course lacks becomes the course's own. Refuses NOT_PUBLISHED and
    CLOSED_ACCOUNT.
    """
    at = at or timezone.now()
    edition_id = held_edition.pk if held_edition else course.current_edition_id
    if edition_id is None or course.retired_at is not None:
        raise EnrolmentRefused("NOT_PUBLISHED")
    if learner.closed_at is not None:
        raise EnrolmentRefused("CLOSED_ACCOUNT")
    read = outline(edition_id)
    terms = {}
    if institution is not None:
        terms["institution"] = institution
    if held_edition is not None:
        terms["held_edition"] = held_edition
    if opens_at is not None:
        terms["opens_at"] = opens_at
    if due_at is not None:
        terms.update(due_at=due_at, due_zone=due_zone, due_local=due_local)
    existing = Enrolment.objects.filter(learner=learner, course=course).first()
    if existing is None:
        try:
            with transaction.atomic():
                return Enrolment.objects.create(
                    learner=learner,
                    course=course,
                    language=language if language in read.languages else read.source_language,
                    requirements=read.requirements,
                    enrolled_at=at,
                    last_activity_at=at,
                    **terms,
                )
        except IntegrityError:
            existing = Enrolment.objects.get(learner=learner, course=course)
    if existing.ended_at is not None:
        terms["ended_at"] = None
    if terms:
        for name, value in terms.items():
            setattr(existing, name, value)
        existing.save(update_fields=list(terms))
    return existing


def change_language(*, enrolment, language, at=None) -> None:
    """From now on the course is shown in this language, where it has it; an open attempt keeps its own."""
    if language in outline(enrolment.edition_id).languages and language != enrolment.language:
        enrolment.language = language
        enrolment.save(update_fields=["language"])


def end_enrolment(*, enrolment, at=None) -> None:
    """The learner no longer takes the course; the record stays, and enrolling again goes on from it."""
    Enrolment.objects.filter(pk=enrolment.pk, ended_at__isnull=True).update(ended_at=at or timezone.now())
