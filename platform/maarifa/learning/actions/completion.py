"""From what was done to a finished course."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.activities import Place
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import Course
from maarifa.learning import tasks
from maarifa.learning.activities import KINDS, have_done
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.signals import course_completed
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.holding import hold


def _met_at(enrolment: Enrolment) -> datetime | None:
    """When the last thing was done of what was asked at enrolment, and is asked still, in time or accepted late; None
    while something is missing.
    """
    outline = editions.outline(enrolment.edition_id)
    ways = enrolment.ways_to_complete(outline)
    moments = _done(enrolment, outline, frozenset().union(*ways))
    complete_ways = (places for places in ways if places <= moments.keys())
    return min((max(moments[place] for place in places) for places in complete_ways), default=None)


def _done(enrolment: Enrolment, outline: Outline, places: frozenset[Place]) -> dict[Place, datetime]:
    """When activities were done that count, in one query."""
    first, *others = (
        kind.moments(enrolment, outline.course, [place.key for place in places if place.kind == kind.name])
        for kind in KINDS.values()
    )
    moments: dict[Place, datetime] = {}
    for kind, key, moment in first.union(*others):
        place = Place(kind, key.rpartition("/")[2])
        moments[place] = min(moment, moments.get(place, moment))
    return moments


def complete_if_met(*, enrolment: Enrolment, at: datetime | None = None) -> CourseCompletion | None:
    """Writes the completion once, when the requirements are met, and says so upwards. None where it is not new.

    `at` is when the step that may complete the course happened. A step done offline may reach us after later ones:
    the course is completed with the last of them, and with nothing later where no step is being taken (None).

    Call it inside the transaction that has already updated the enrolment's row: that update makes two last steps
    taken at one moment wait for each other, so that one of them sees both.
    """
    met_at = _met_at(enrolment)
    if met_at is None:
        return None
    completion, new = CourseCompletion.objects.get_or_create(
        enrolment=enrolment,
        defaults={"edition_id": enrolment.edition_id, "completed_at": max(met_at, at or met_at)},
    )
    if not new:
        return None
    course_completed.send(sender=CourseCompletion, completion=completion)
    return completion


def accept_late_work(*, enrolment: Enrolment, by: User) -> int:
    """Everything that came late counts, as if it had come in time: what it completes was completed on the day on which
    the learner did the last of it, not on the day of this decision, and the certificate says so.

    Returns how many lessons and attempts that was. The caller audits it.
    """
    with transaction.atomic():
        hold(Enrolment.objects.filter(pk=enrolment.pk))
        count = sum(kind.accept_late(enrolment) for kind in KINDS.values())
        if count:
            complete_if_met(enrolment=enrolment)
    return count


def look_for_completions(*, course: Course) -> None:
    """Who meets what the course asks now completes it soon: after another of its editions became current."""
    enqueue(tasks.complete_eased, course.pk)


def complete_eased(*, course_id: int | None = None, at: datetime | None = None) -> int:
    """Completes what an edition has eased for people who need do nothing more: nobody else would look at them again.

    Of one course or of all; returns how many are new. They are found set by set, one for everybody of whom the same
    was asked. Safe to run twice, at once, or to die anywhere: each is completed in a transaction of its own, once.
    """
    at = at or timezone.now()
    enrolments = Enrolment.objects.unfinished().with_edition().order_by()
    if course_id is not None:
        enrolments = enrolments.filter(course=course_id)
    count = 0
    for requirements, edition_id in list(enrolments.values_list("requirements", F("edition")).distinct()):
        outline = editions.outline(edition_id)
        if requirements == outline.requirements:
            continue  # nothing was eased: the last step completes the course itself
        alike = enrolments.filter(Q(edition=edition_id), requirements=requirements)
        for places in Enrolment(requirements=requirements).ways_to_complete(outline):
            matches = have_done(alike, outline.course, places)
            count += sum(_complete(pk, at) for pk in list(matches.values_list("pk", flat=True)))
    return count


def _complete(enrolment_id: int, at: datetime) -> bool:
    with transaction.atomic():
        hold(Enrolment.objects.filter(pk=enrolment_id))
        enrolment = Enrolment.objects.current().for_page().filter(pk=enrolment_id).first()
        return enrolment is not None and complete_if_met(enrolment=enrolment, at=at) is not None
