"""Finding what a learner asks for, among what is theirs."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.http import Http404
from django.utils import timezone

from maarifa.curriculum.editions import outline
from maarifa.curriculum.models import Course
from maarifa.institutions.models import Institution
from maarifa.learning.models import Enrolment
from maarifa.lib.prepared import Prepared

# What a lesson's page needs of an enrolment. What it does not, such as the list of all that is required, stays where
# it is until somebody asks for it.
OF_ENROLMENT = (
    *("id", "public_id", "learner_id", "course_id", "language", "institution_id", "held_edition_id"),
    *("opens_at", "due_at", "due_zone", "grace_minutes", "enrolled_at", "last_activity_at", "ended_at"),
)
OF_COURSE = ("id", "key", "source_language", "current_edition_id", "retired_at")
OF_INSTITUTION = ("id", "name", "contact", "contact_email", "contact_phone", "retired_at")
_TO_READ = Prepared(
    lambda learner, course: (
        Enrolment.objects.filter(learner_id=learner, course__key=course)
        .current()
        .order_by()
        .values_list(
            *OF_ENROLMENT,
            *(f"course__{name}" for name in OF_COURSE),
            *(f"institution__{name}" for name in OF_INSTITUTION),
        )
    ),
    learner=int,
    course=str,
)


def enrolment_to_read_or_404(request, course: str) -> Enrolment:
    """As `enrolment_or_404`, for the hot path: with less of it, and sooner."""
    rows = _TO_READ.rows(learner=request.user.pk, course=course)
    if not rows:
        raise Http404("no enrolment of this person in this course")
    values = iter(rows[0])
    enrolment, taken, institution = (
        model.from_db(DEFAULT_DB_ALIAS, names, [next(values) for _ in names])
        for model, names in (
            (Enrolment, OF_ENROLMENT),
            (Course, OF_COURSE),
            (Institution, OF_INSTITUTION),
        )
    )
    enrolment.learner, enrolment.course = request.user, taken
    if institution.pk:
        enrolment.institution = institution
    return enrolment


def enrolment_or_404(request, course: str) -> Enrolment:
    """The person's own current enrolment in the course."""
    enrolment = (
        Enrolment.objects.for_page().visible_to(request.user).current().filter(course__key=course).first()
    )
    if enrolment is None:
        raise Http404("no enrolment of this person in this course")
    enrolment.learner = request.user
    return enrolment


def outline_of(enrolment):
    return outline(enrolment.edition_id)


def content_language(request, enrolment, read) -> str:
    """The language asked for with ?in=, else the enrolment's."""
    asked = request.GET.get("in", "")
    return asked if asked in read.languages else enrolment.language


def given_id(request) -> UUID | None:
    """The id of the event that the form was given with its page."""
    try:
        return UUID(request.POST.get("event", ""))
    except ValueError:
        return None


def is_open(enrolment) -> bool:
    return enrolment.is_open(timezone.now())
