"""Deciding on reminders of a pause, and queueing their messages."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, Max, Min, OuterRef, Q, Value
from django.utils import timezone, translation

from maarifa.delivery.actions import Message, queue_messages
from maarifa.delivery.channels import reached, route
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment
from maarifa.learning.progress import Progress, Step, step_texts, step_url
from maarifa.learning.queries import enrolments_with_nothing_to_do
from maarifa.lib import dates
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.queues import BULK
from maarifa.quizzes.eligibility import Eligibility
from maarifa.reminders import tasks
from maarifa.reminders.actions.inserting import insert_selected
from maarifa.reminders.messages import REMINDER
from maarifa.reminders.models import Reminder

BATCH = 500
# So many ids of enrolments in one statement: a second or two.
PLANNED_AT_ONCE = 50_000
# One task writes for so long, and at most for a quarter of the time after which the queue takes a task for lost: one
# that is handed out again while it runs would go on in two rows of tasks.
TURN_SECONDS = 20


def remind(
    *, after: int = 0, planned: bool = False, until: datetime | None = None, at: datetime | None = None
) -> None:
    """Decides whom to remind and queues the messages: a bounded piece, from the id `after` on; a task for the next
    piece goes to the end of its queue. First all is decided, and when `planned`, it is written.

    It ends at `until`, one round after it began: two rows of tasks at once, where one was late or a message came
    twice, repeat what may be repeated, and no longer than that.
    """
    at = at or timezone.now()
    until = until or at + timedelta(seconds=settings.REMINDER_SECONDS)
    if at >= until:
        return
    if planned:
        seconds = min(TURN_SECONDS, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 4)
        _pending, next_after = write_some(after=after, at=at, seconds=seconds)
    else:
        _new, next_after = plan_some(after=after, at=at)
        if next_after is None:
            planned, next_after = True, 0
    if next_after is not None:
        enqueue(tasks.plan, next_after, planned, until.isoformat(), queue=BULK, expires=until)


def plan_some(*, after: int, at: datetime) -> tuple[int, int | None]:
    """Decides whom to remind, in one statement for PLANNED_AT_ONCE enrolments with higher ids than `after`. How many
    are new, and where to go on.

    A learner is reminded about a course when
    - nothing was done in it for INACTIVITY_DAYS days, and not yet reminded about this very pause;
    - it is not finished, has opened, and its deadline has not passed;
    - something can be done in it: not where every lesson is done and no attempt is left at any quiz still to pass;
    - the account is open and a channel reaches the person.

    Safe to run at once or again: the constraint on enrolment, kind and occasion lets each be decided once.
    """
    ids = Enrolment.objects.filter(pk__gt=after).aggregate(first=Min("pk"), last=Max("pk"))
    if ids["first"] is None:
        return 0, None
    end = ids["first"] - 1 + PLANNED_AT_ONCE
    piece = Q(pk__gt=after, pk__lte=end)
    return _decide(piece, at), (end if end < ids["last"] else None)


def _decide(piece: Q, at: datetime) -> int:
    enrolments = (
        Enrolment.objects.current()
        .filter(
            piece,
            reached("learner"),
            Q(opens_at__isnull=True) | Q(opens_at__lte=at),
            Q(due_at__isnull=True) | Q(due_at__gt=at),
            last_activity_at__lte=at - timedelta(days=settings.INACTIVITY_DAYS),
            completion__isnull=True,
            course__retired_at__isnull=True,
            learner__closed_at__isnull=True,
            learner__is_active=True,
        )
        # By the index of what may be decided once: an exclude() over the relation would walk over every reminder of
        # everybody for each of them.
        .exclude(
            Exists(
                Reminder.objects.filter(
                    enrolment=OuterRef("pk"),
                    kind=Reminder.Kind.INACTIVITY,
                    occasion=OuterRef("last_activity_at"),
                )
            )
        )
        # One set for everybody, and a small one.
        .exclude(pk__in=enrolments_with_nothing_to_do().filter(piece).values("pk"))
        .order_by()
        .values_list(
            "pk",
            Value(Reminder.Kind.INACTIVITY.value),
            "last_activity_at",
            Value(at, output_field=DateTimeField()),
        )
    )
    return insert_selected(enrolments, into="reminders_reminder (enrolment_id, kind, occasion, decided_at)")


def write_some(*, after: int, at: datetime, seconds: float | None = None) -> tuple[int, int | None]:
    """Queues the messages of reminders that were decided, of those with higher ids than `after`, for some seconds. The
    number of new messages, and where to go on.

    Each is looked at once more. Withheld is a reminder whose learner has been active since, has finished, has no
    address or no open account any more, whose enrolment has ended or is past its deadline, or who can do nothing. Left
    for a later run is one whose learner only has to wait before the next attempt. Dying anywhere is safe: the message's
    key names the reminder, so that queueing again queues nothing, and what is not settled is taken by the next run.
    """
    pending, began = 0, time.monotonic()
    while True:
        batch = list(
            Reminder.objects.unsettled()
            .filter(pk__gt=after)
            .select_related("enrolment__learner", "enrolment__course", "enrolment__completion")
            .defer("enrolment__requirements")
            .order_by("pk")[:BATCH]
        )
        if not batch:
            return pending, None
        after = batch[-1].pk
        # Each batch is queued at its own moment, not at the turn's beginning.
        pending += _write(batch, at, queued_at=at + timedelta(seconds=time.monotonic() - began))
        if seconds is not None and time.monotonic() - began > seconds:
            return pending, after


def _write(batch: Sequence[Reminder], at: datetime, *, queued_at: datetime) -> int:
    current_reminders = [r for r in batch if _still_holds(r, at)]
    progress = {
        one.enrolment.pk: one for one in Progress.of_all([r.enrolment for r in current_reminders], at=at)
    }
    next_activity = {r.pk: progress[r.enrolment_id].next_activity() for r in current_reminders}
    waiting = {
        r.pk
        for r in current_reminders
        if next_activity[r.pk] is None and _only_waits(progress[r.enrolment_id].locked())
    }
    messages = {
        _key(r): _message(r, progress[r.enrolment_id], step, at)
        for r in current_reminders
        if (step := next_activity[r.pk])
    }
    settled_reminders = [r for r in batch if r.pk not in waiting]
    with transaction.atomic():
        pending = queue_messages(messages=messages.values(), at=queued_at)
        for reminder in settled_reminders:
            reminder.settled_at = at
        Reminder.objects.bulk_update(settled_reminders, ["settled_at"])
        delivery_ids = dict(Delivery.objects.filter(key__in=messages).values_list("key", "pk"))
        linked_reminders = [r for r in current_reminders if _key(r) in delivery_ids]
        for reminder in linked_reminders:
            reminder.delivery_id = delivery_ids[_key(reminder)]
        Reminder.objects.bulk_update(linked_reminders, ["delivery"])
    return pending


def _still_holds(reminder: Reminder, at: datetime) -> bool:
    """What `plan_some` saw in the row of the enrolment and of its learner is so still."""
    enrolment = reminder.enrolment
    learner = enrolment.learner
    return bool(
        reminder.occasion == enrolment.last_activity_at
        and enrolment.is_open(at)
        and (enrolment.due_at is None or enrolment.due_at > at)
        and not hasattr(enrolment, "completion")
        and enrolment.course.retired_at is None
        and route(learner)[1]
        and learner.closed_at is None
    )


def _only_waits(locked_steps: Sequence[tuple[Step, Eligibility]]) -> bool:
    return any(stands.next_at for _step, stands in locked_steps)


def _key(reminder: Reminder) -> str:
    return f"reminder:{reminder.pk}"


def _due(enrolment: Enrolment, language: str) -> str:
    if enrolment.due_at is None:
        return ""
    return dates.moment(enrolment.due_at, zone=enrolment.due_zone, language=language)


def _message(reminder: Reminder, progress: Progress, next_activity: Step, at: datetime) -> Message:
    enrolment, outline = reminder.enrolment, progress.outline
    learner = enrolment.learner
    language = learner.interface_language
    course_language = enrolment.language
    with translation.override(language):
        path = step_url(outline.course, next_activity)
    return {
        "key": _key(reminder),
        "kind": REMINDER.name,
        "institution": enrolment.institution_id,
        "language": language,
        "template": "reminders/mail/inactivity",
        "context": {
            "name": learner.name,
            "course": outline.texts(course_language)["title"],
            # Longer than what was waited for, where reminders stood still or somebody was enrolled late.
            "days": (at - reminder.occasion).days,
            "step": step_texts(outline, next_activity, course_language)["title"],
            "done": progress.lessons_done,
            "total": progress.lessons_total,
            "due": _due(enrolment, language),
            "url": settings.SITE_URL + path,
        },
        "recipient": learner,
    }
