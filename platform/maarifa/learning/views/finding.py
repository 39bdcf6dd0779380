"""Finding what a learner asks for, among what is theirs."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from maarifa.curriculum.editions import outline
from maarifa.learning.models import Enrolment
from maarifa.learning.queries import find_enrolment, find_enrolment_to_read


def enrolment_to_read_or_404(request, course: str) -> Enrolment:
    """As `enrolment_or_404`, for the hot path."""
    return _found(find_enrolment_to_read(request.user, course))


def enrolment_or_404(request, course: str) -> Enrolment:
    """The person's own current enrolment in the course."""
    return _found(find_enrolment(request.user, course))


def _found(enrolment):
    if enrolment is None:
        raise Http404("no enrolment of this person in this course")
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
