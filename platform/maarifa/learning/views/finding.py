"""Finding what a learner asks for, among what is theirs."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from maarifa.curriculum.editions import outline
from maarifa.learning.models import Enrolment


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


def step_url(course: str, step) -> str:
    if step is None:
        return reverse("course", args=[course])
    return reverse("lesson" if step.kind == "lesson" else "quiz", args=[course, step.key])


def is_open(enrolment) -> bool:
    return enrolment.is_open(timezone.now())
