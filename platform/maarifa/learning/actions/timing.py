"""Timed attempts: the server ends them, and staff may add time or count what arrived late."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.learning.actions.completion import complete_if_met
from maarifa.learning.models import MOST_EXTRA_TIME, Enrolment, EnrolmentAttempt, ReviewRefresh
from maarifa.lib.holding import hold
from maarifa.quizzes import actions as quizzes
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, LateAnswers

PRESENT_EVERY = timedelta(seconds=15)


class _Heeded:
    """When this process last said that it is at work."""

    at: datetime | None = None


def heed_presence(attempt: Attempt, at: datetime) -> None:
    """Says now and then that the server is at work, where somebody works on a timed attempt; and takes over the time
    that the attempt got back after a downtime. No query for others, and at most every 15 seconds for these.
    """
    if attempt.ends_at is None or not attempt.is_open:
        return
    if _Heeded.at is not None and timedelta(0) <= at - _Heeded.at < PRESENT_EVERY:
        return
    _Heeded.at = at
    if quizzes.note_presence(at=at):
        attempt.refresh_from_db(fields=["ends_at"])


@contextmanager
def undoing_presence() -> Iterator[None]:
    """Around a transaction: where it is undone, nobody has said that the server is at work, nor given time back."""
    try:
        yield
    except BaseException:
        _Heeded.at = None
        raise


def is_late(*, attempt: Attempt, enrolment: Enrolment, moment: datetime) -> bool:
    """Whether an attempt that is submitted or ended at this moment is late. Whoever uses all the time is judged by when
    they began.
    """
    at_the_end = attempt.ends_at is not None and moment >= attempt.ends_at
    return enrolment.is_late(attempt.started_at if at_the_end else moment)


def end_if_over(*, attempt: Attempt, enrolment: Enrolment, at: datetime | None = None) -> bool:
    """Ends an attempt whose time is over, and completes the course where that was its last step. True where this call
    ended it.
    """
    at = at or timezone.now()
    if not attempt.is_open or attempt.ends_at is None or not attempt.time_is_over(at):
        return False
    late = is_late(attempt=attempt, enrolment=enrolment, moment=attempt.ends_at)
    with transaction.atomic():
        hold(Enrolment.objects.filter(pk=enrolment.pk))
        ended = quizzes.end_attempt(attempt=attempt, late=late, at=at)
        if ended and attempt.passed and attempt.submitted_at:
            complete_if_met(enrolment=enrolment, at=attempt.submitted_at)
        if ended:
            ReviewRefresh.objects.filter(enrolment=enrolment).delete()
    return ended


def end_timed_attempts(*, at: datetime | None = None) -> int:
    """Ends every attempt whose time is over; returns how many. Before that, time is given back after a downtime.

    Safe to run twice or at once, or to die anywhere: each attempt is ended in a transaction of its own, once.
    """
    at = at or timezone.now()
    quizzes.note_presence(at=at)
    count = 0
    for pk in quizzes.attempts_to_end(at=at):
        linked = EnrolmentAttempt.objects.for_page().filter(attempt=pk).first()
        if linked is not None:
            count += end_if_over(attempt=linked.attempt, enrolment=linked.enrolment, at=at)
    return count


def extend_attempt(
    *,
    enrolment: Enrolment,
    attempt: Attempt,
    minutes: int,
    reason: str,
    by: User,
    seen: datetime | None = None,
    institution: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """More time for an attempt that is running, written into the audit. The learner's page says so within a minute or
    two. `seen` and refusals as in `quizzes.actions.extend_attempt`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        extension = quizzes.extend_attempt(
            attempt=attempt, minutes=minutes, reason=reason, by=by, seen=seen, at=at
        )
        record_audit(
            actor=by,
            action="attempt.extended",
            on_user=enrolment.learner,
            institution=institution,
            details={
                "quiz": attempt.quiz.key,
                "number": attempt.number,
                "minutes": minutes,
                "reason": extension.reason,
            },
            at=at,
        )


def set_extra_time(
    *,
    enrolment: Enrolment,
    percent: int,
    by: User,
    institution: UUID | None = None,
    at: datetime | None = None,
) -> bool:
    """How much more time this learner gets in timed quizzes, of those started from now on. True where it is new.

    Refuses BAD_PERCENT (most).
    """
    at = at or timezone.now()
    if not 0 <= percent <= MOST_EXTRA_TIME:
        raise QuizError("BAD_PERCENT", most=MOST_EXTRA_TIME)
    with transaction.atomic():
        others = Enrolment.objects.filter(pk=enrolment.pk).exclude(extra_time_percent=percent)
        if not others.update(extra_time_percent=percent):
            return False
        record_audit(
            actor=by,
            action="enrolment.extra_time",
            on_user=enrolment.learner,
            institution=institution,
            details={"course": enrolment.course.key, "percent": percent},
            at=at,
        )
    enrolment.extra_time_percent = percent
    return True


def decide_late_answers(
    *,
    enrolment: Enrolment,
    late_answers: LateAnswers,
    accept: bool,
    by: User,
    institution: UUID | None = None,
    at: datetime | None = None,
) -> bool:
    """Answers that arrived after the time count, or not; written into the audit. True where this call decided it.

    Where they complete the course, it is completed on the day on which the attempt ended.
    """
    at = at or timezone.now()
    with transaction.atomic():
        hold(Enrolment.objects.filter(pk=enrolment.pk))
        if not quizzes.decide_late_answers(late_answers=late_answers, accept=accept, by=by, at=at):
            return False
        attempt = Attempt.objects.select_related("quiz").get(pk=late_answers.attempt_id)
        record_audit(
            actor=by,
            action="answers.late.accepted" if accept else "answers.late.refused",
            on_user=enrolment.learner,
            institution=institution,
            details={"quiz": attempt.quiz.key, "number": attempt.number},
            at=at,
        )
        if attempt.passed and attempt.submitted_at:
            complete_if_met(enrolment=enrolment, at=attempt.submitted_at)
        ReviewRefresh.objects.filter(enrolment=enrolment).delete()
    return True
