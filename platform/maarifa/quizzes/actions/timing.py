"""The time of timed attempts: it runs on the server's clock, and the server ends them.

Any process may die at any moment, and each of these may run twice or at once: an attempt is ended by the update that
closes it, as any submission; a downtime is written once (its beginning is unique), by whoever moves the row of the
server's presence on, and gives each attempt its time once.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.lib.holding import hold
from maarifa.quizzes.actions.attempts import close_attempt
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, Downtime, ServerPresence, TimeExtension
from maarifa.quizzes.models.attempt import ARRIVAL

AWAY = timedelta(seconds=60)
"""A longer silence of the server is a downtime. It says every 15 seconds that it is at work."""
BATCH = 500
LONGEST_EXTENSION = 24 * 60
"""Minutes that may be added at once."""


def note_presence(*, at: datetime | None = None) -> Downtime | None:
    """Says that the server is at work. After a silence of more than `AWAY`, every timed attempt that was running then
    gets back the time for which the server was away: the downtime is returned. Two or three queries.
    """
    at = at or timezone.now()
    with transaction.atomic():
        presence = ServerPresence.objects.filter(pk=1)
        if not hold(presence):
            ServerPresence.objects.bulk_create([ServerPresence(pk=1, at=at)], ignore_conflicts=True)
            return None
        last = presence.get().at
        if at <= last:
            return None
        presence.update(at=at)
        if at - last <= AWAY:
            return None
        downtime = Downtime.objects.create(began_at=last, ended_at=at)
        _give_back(downtime)
    return downtime


def _give_back(downtime: Downtime) -> None:
    running = Attempt.objects.open().filter(
        ends_at__gt=downtime.began_at - ARRIVAL, started_at__lt=downtime.ended_at
    )
    hold(running)
    extensions = []
    attempts_by_seconds: defaultdict[int, list[int]] = defaultdict(list)
    for attempt in running:
        lost = downtime.ended_at - max(downtime.began_at, attempt.started_at)
        seconds = ceil(lost.total_seconds())
        extensions.append(
            TimeExtension(
                attempt=attempt,
                seconds=seconds,
                reason=TimeExtension.Reason.DOWNTIME,
                downtime=downtime,
                added_at=downtime.ended_at,
            )
        )
        attempts_by_seconds[seconds].append(attempt.pk)
    # Of all that were running before the downtime it is the same.
    for seconds, attempts in attempts_by_seconds.items():
        for begin in range(0, len(attempts), BATCH):
            batch = Attempt.objects.filter(pk__in=attempts[begin : begin + BATCH])
            batch.update(ends_at=F("ends_at") + timedelta(seconds=seconds))
    TimeExtension.objects.bulk_create(extensions)


def extend_attempt(
    *,
    attempt: Attempt,
    minutes: int,
    reason: str,
    by: User,
    seen: datetime | None = None,
    at: datetime | None = None,
) -> TimeExtension:
    """More time for a timed attempt that is running. The learner's page says so when it next hears of the server. The
    caller audits it.

    `seen`: the end that stood on the page of who adds the time, so that a form sent twice adds once. Refuses NOT_TIMED,
    CLOSED to an attempt that has been submitted or ended, CHANGED where it ends at another moment than was seen, and
    BAD_MINUTES (most).
    """
    at = at or timezone.now()
    if not 1 <= minutes <= LONGEST_EXTENSION:
        raise QuizError("BAD_MINUTES", most=LONGEST_EXTENSION)
    if attempt.ends_at is None:
        raise QuizError("NOT_TIMED")
    added = timedelta(minutes=minutes)
    with transaction.atomic():
        still_open = Attempt.objects.open().filter(pk=attempt.pk)
        if not hold(still_open):
            raise QuizError("CLOSED")
        ends_at = still_open.get().ends_at
        if seen is not None and ends_at != seen:
            raise QuizError("CHANGED")
        # Where the time is over already, all that is added can be used from now on.
        ends_at = max(ends_at or at, at) + added
        still_open.update(ends_at=ends_at)
        extension = TimeExtension.objects.create(
            attempt=attempt, seconds=minutes * 60, reason=reason, added_by=by, added_at=at
        )
    attempt.ends_at = ends_at
    return extension


def attempts_to_end(*, at: datetime) -> list[int]:
    """The ids of the open attempts whose time is over, those first that have waited longest."""
    over = Attempt.objects.open().filter(ends_at__lt=at - ARRIVAL)
    return list(over.order_by("ends_at").values_list("pk", flat=True))


def end_attempt(*, attempt: Attempt, late: bool = False, at: datetime | None = None) -> bool:
    """Ends an attempt whose time is over, with the answers that are saved. True where this call ended it.

    It is graded as submitted at the end of its time. `late` marks it as awaiting a decision: it was begun too late.
    """
    at = at or timezone.now()
    if not attempt.is_open or attempt.ends_at is None or not attempt.time_is_over(at):
        return False
    return close_attempt(attempt=attempt, moment=attempt.ends_at, late=late)
