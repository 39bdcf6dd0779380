"""When quizzes can be taken."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from maarifa.learning.models import Enrolment, QuizWindow
from maarifa.learning.stored import QuizDates
from maarifa.quizzes.actions import end_of_time
from maarifa.quizzes.models import Attempt

BATCH = 500


def set_quiz_dates(*, enrolments: Iterable[int], quiz_dates: dict[str, QuizDates]) -> None:
    """From when and until when these learners (ids of enrolments) can take each quiz. What is not named has no limits.

    A running attempt is never shortened; one that would have ended at an earlier closing gets the time until the later
    one, as far as its own time limit goes. In batches: each is a transaction of its own, and doing it again changes
    nothing. The caller audits it.
    """
    pks = list(enrolments)
    for begin in range(0, len(pks), BATCH):
        with transaction.atomic():
            some = Enrolment.objects.filter(pk__in=pks[begin : begin + BATCH])
            some.update(quiz_dates=quiz_dates)
            _lengthen(some.values_list("pk", flat=True), quiz_dates)


def _lengthen(enrolments: Iterable[int], quiz_dates: dict[str, QuizDates]) -> None:
    running = Attempt.objects.open().filter(
        enrolment_attempt__enrolment__in=list(enrolments), ends_at__isnull=False
    )
    for attempt in running.select_related("quiz").prefetch_related("extensions"):
        window = QuizWindow.of(quiz_dates.get(attempt.quiz.own_key))
        ends_at = end_of_time(attempt.rules, started_at=attempt.started_at, closes_at=window.closes_at)
        if ends_at is not None:
            ends_at += timedelta(seconds=sum(one.seconds for one in attempt.extensions.all()))
        if ends_at is None or (attempt.ends_at and ends_at > attempt.ends_at):
            # Without a limit of its own, an attempt at a quiz that no longer closes has all the time.
            Attempt.objects.open().filter(pk=attempt.pk, ends_at=attempt.ends_at).update(ends_at=ends_at)
