"""Finding what a learner asks for, among what is theirs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from maarifa.accounts.requests import user_of
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.learning.models import Enrolment
from maarifa.learning.queries import find_enrolment, find_enrolment_to_read


def enrolment_to_read_or_404(request: HttpRequest, course: str) -> Enrolment:
    """As `enrolment_or_404`, for the hot path."""
    return _found(find_enrolment_to_read(user_of(request), course))


def enrolment_or_404(request: HttpRequest, course: str) -> Enrolment:
    """The person's own current enrolment in the course."""
    return _found(find_enrolment(user_of(request), course))


def _found(enrolment: Enrolment | None) -> Enrolment:
    if enrolment is None:
        raise Http404("no enrolment of this person in this course")
    return enrolment


def outline_of(enrolment: Enrolment) -> Outline:
    return editions.outline(enrolment.edition_id)


def content_language(request: HttpRequest, enrolment: Enrolment, outline: Outline) -> str:
    """The language asked for with ?in=, else the enrolment's."""
    choice = request.GET.get("in", "")
    return choice if choice in outline.languages else enrolment.language


def given_id(request: HttpRequest) -> UUID | None:
    """The id of the event that the form was given with its page."""
    try:
        return UUID(request.POST.get("event", ""))
    except ValueError:
        return None


def is_open(enrolment: Enrolment) -> bool:
    return enrolment.is_open(timezone.now())
