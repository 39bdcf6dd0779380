"""From what was done to a finished course."""

from django.db import transaction
from django.utils import timezone

from maarifa.curriculum.editions import outline
from maarifa.learning.models import CourseCompletion, LessonCompletion
from maarifa.learning.signals import course_completed
from maarifa.quizzes.actions import decide_late
from maarifa.quizzes.models import Attempt

IN_TIME = [Attempt.Late.NO, Attempt.Late.ACCEPTED]


def requirements_met(*, enrolment) -> bool:
    """True when everything that was asked at enrolment, and is asked still, is done in time or accepted late."""
    read = outline(enrolment.edition_id)
    lessons, quizzes = enrolment.required_in(read)
    needed = lessons | {f"{read.course}/{key}" for key in quizzes}
    return bool(needed) and needed <= set(_done(enrolment, needed))


def _done(enrolment, keys):
    """The keys of lessons finished and quizzes passed, in one query; those of quizzes have a slash."""
    lessons = LessonCompletion.objects.filter(enrolment=enrolment, late__in=IN_TIME)
    quizzes = Attempt.objects.passed().filter(learner_id=enrolment.learner_id, quiz__key__in=keys)
    return (
        lessons.order_by()
        .values_list("lesson__key", flat=True)
        .union(quizzes.order_by().values_list("quiz__key", flat=True))
    )


def complete_if_met(*, enrolment, at) -> CourseCompletion | None:
    """Writes the completion once, when the requirements are met, and says so upwards. None where it is not new.

    Call it inside the transaction that has already updated the enrolment's row: that update makes two last steps
    taken at one moment wait for each other, so that one of them sees both.
    """
    if not requirements_met(enrolment=enrolment):
        return None
    completion, new = CourseCompletion.objects.get_or_create(
        enrolment=enrolment, defaults={"edition_id": enrolment.edition_id, "completed_at": at}
    )
    if not new:
        return None
    course_completed.send(sender=CourseCompletion, completion=completion)
    return completion


def accept_late_work(*, enrolment, by, at=None) -> int:
    """Everything that came late counts now. Returns how many lessons and attempts that was. The caller audits it."""
    at = at or timezone.now()
    with transaction.atomic():
        type(enrolment).objects.filter(pk=enrolment.pk).update(ended_at=enrolment.ended_at)
        accepted = LessonCompletion.objects.filter(enrolment=enrolment, late=Attempt.Late.AWAITING).update(
            late=Attempt.Late.ACCEPTED
        )
        waiting = Attempt.objects.filter(sitting__enrolment=enrolment, late=Attempt.Late.AWAITING)
        accepted += sum(decide_late(attempt=attempt, accept=True) for attempt in waiting)
        if accepted:
            complete_if_met(enrolment=enrolment, at=at)
    return accepted
