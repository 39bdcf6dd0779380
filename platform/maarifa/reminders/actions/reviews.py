"""Deciding whom to tell that questions are ready for review, and queueing the messages."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, F, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.accounts.models import User
from maarifa.delivery.actions import Message, queue_messages
from maarifa.delivery.channels import reached, route
from maarifa.delivery.models import Delivery, OptOut
from maarifa.learning.models import Enrolment
from maarifa.learning.reviewing import MOST, cards_to_ask, minutes_for
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.queues import BULK
from maarifa.reminders import tasks
from maarifa.reminders.actions.inserting import insert_selected
from maarifa.reminders.messages import REVIEW
from maarifa.reminders.models import ReviewReminder

BETWEEN = timedelta(days=7)
BY_DAY = range(8, 20)
"""The hours, on the clocks of the learner, in which it is decided: nobody's phone rings at night."""
BATCH = 500
PLANNED_AT_ONCE = 5_000
"""So many ids of learners in one statement: a second or two."""
TURN_SECONDS = 20


def remind_of_reviews(
    *, after: int = 0, planned: bool = False, until: datetime | None = None, at: datetime | None = None
) -> None:
    """As `remind`, for reviews: a bounded piece, and a task for the next one. It ends at `until`, an hour after it
    began.
    """
    at = at or timezone.now()
    until = until or at + timedelta(hours=1)
    if at >= until:
        return
    if planned:
        seconds = min(TURN_SECONDS, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 4)
        _pending, next_after = write_some_reviews(after=after, at=at, seconds=seconds)
    else:
        _new, next_after = plan_some_reviews(after=after, at=at)
        if next_after is None:
            planned, next_after = True, 0
    if next_after is not None:
        enqueue(tasks.plan_reviews, next_after, planned, until.isoformat(), queue=BULK, expires=until)


def plan_some_reviews(*, after: int, at: datetime) -> tuple[int, int | None]:
    """Decides whom to tell, in one statement for PLANNED_AT_ONCE learners with higher ids than `after`. How many are
    new, and where to go on.

    A learner is told when
    - a question is due that may be asked: see `cards_to_ask`, which leaves out ended enrolments;
    - nothing was decided for them in the last seven days;
    - it is day where they are: in UTC for those who have not said where that is;
    - the account is open, a channel reaches the person, and they have not stopped these messages.

    Safe to run at once or again: the number of the reminder lets each be decided once.
    """
    ids = Enrolment.objects.filter(learner__gt=after).aggregate(first=Min("learner"), last=Max("learner"))
    if ids["first"] is None:
        return 0, None
    end = ids["first"] - 1 + PLANNED_AT_ONCE
    new = _decide(Q(enrolment__learner__gt=after, enrolment__learner__lte=end), at)
    return new, (end if end < ids["last"] else None)


def _decide(piece: Q, at: datetime) -> int:
    learner = OuterRef("enrolment__learner")
    earlier = ReviewReminder.objects.filter(learner=learner).order_by()
    last_number = earlier.order_by("-number").values("number")[:1]
    learners = (
        cards_to_ask(at)
        .due(at)
        .filter(
            piece,
            reached("enrolment__learner"),
            enrolment__learner__closed_at__isnull=True,
            enrolment__learner__is_active=True,
            enrolment__learner__time_zone__in=_zones_by_day(at),
        )
        .exclude(Exists(earlier.filter(decided_at__gt=at - BETWEEN)))
        .exclude(Exists(OptOut.objects.filter(user=learner, kind=REVIEW.name)))
        .order_by()
        .values_list(
            "enrolment__learner",
            Coalesce(Subquery(last_number), 0) + 1,
            Value(at, output_field=DateTimeField()),
        )
        .distinct()
    )
    return insert_selected(learners, into="reminders_reviewreminder (learner_id, number, decided_at)")


def _zones_by_day(at: datetime) -> list[str]:
    """The time zones in which it is day; with the empty one, of people who have chosen none, where it is in UTC."""
    return list(_zones_with_day_at(at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)))


@lru_cache(maxsize=4)
def _zones_with_day_at(at: datetime) -> tuple[str, ...]:
    names = (name for name in sorted(available_timezones()) if at.astimezone(ZoneInfo(name)).hour in BY_DAY)
    unchosen = at.astimezone(ZoneInfo(settings.TIME_ZONE)).hour in BY_DAY
    return (*names, *([""] if unchosen else []))


def write_some_reviews(*, after: int, at: datetime, seconds: float | None = None) -> tuple[int, int | None]:
    """Queues the messages that were decided, of those with higher ids than `after`, for some seconds. The number of new
    messages, and where to go on.

    Only where it is day by now: the others wait. Each is looked at once more: withheld is one whose learner has
    reviewed everything since, or has no open account or no address any more. Dying anywhere is safe: the message's key
    names the reminder, so that queueing again queues nothing, and what is not settled is taken by the next run.
    """
    pending, began = 0, time.monotonic()
    while True:
        unsettled = ReviewReminder.objects.unsettled().filter(pk__gt=after).select_related("learner")
        unsettled = unsettled.filter(learner__time_zone__in=_zones_by_day(at))
        batch = list(unsettled.order_by("pk")[:BATCH])
        if not batch:
            return pending, None
        after = batch[-1].pk
        pending += _write(batch, at, queued_at=at + timedelta(seconds=time.monotonic() - began))
        if seconds is not None and time.monotonic() - began > seconds:
            return pending, after


def _write(batch: Sequence[ReviewReminder], at: datetime, *, queued_at: datetime) -> int:
    due = _due_by_learner([one.learner_id for one in batch], at)
    messages = {
        _key(one): _message(one, min(due[one.learner_id], MOST))
        for one in batch
        if due[one.learner_id] and _can_be_told(one.learner)
    }
    with transaction.atomic():
        pending = queue_messages(messages=messages.values(), at=queued_at)
        delivery_ids = dict(Delivery.objects.filter(key__in=messages).values_list("key", "pk"))
        for one in batch:
            one.settled_at, one.delivery_id = at, delivery_ids.get(_key(one))
        ReviewReminder.objects.bulk_update(batch, ["settled_at", "delivery"])
    return pending


def _due_by_learner(learners: Sequence[int], at: datetime) -> Counter[int]:
    """How many questions are due. One query."""
    cards = cards_to_ask(at).due(at).filter(enrolment__learner__in=learners).order_by()
    return Counter(cards.values_list(F("enrolment__learner"), flat=True))


def _can_be_told(learner: User) -> bool:
    return bool(learner.closed_at is None and learner.is_active and route(learner)[1])


def _key(reminder: ReviewReminder) -> str:
    return f"review:{reminder.pk}"


def _message(reminder: ReviewReminder, due: int) -> Message:
    learner = reminder.learner
    language = learner.interface_language
    with translation.override(language):
        path = reverse("review")
    return {
        "key": _key(reminder),
        "kind": REVIEW.name,
        "language": language,
        "template": "reminders/mail/review",
        "context": {
            "name": learner.name,
            "questions": due,
            "minutes": minutes_for(due),
            "url": settings.SITE_URL + path,
        },
        "recipient": learner,
    }
