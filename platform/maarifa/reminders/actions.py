"""Deciding on reminders, and owing their messages."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.curriculum.editions import outline
from maarifa.delivery.actions import owe_messages
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment, LessonCompletion
from maarifa.reminders.models import Reminder

BATCH = 500


def plan_reminders(*, at=None) -> int:
    """Decides whom to nudge, in as many statements whatever their number. Returns how many are new.

    A learner is nudged about a course when
    - nothing was done in it for INACTIVITY_DAYS days, and not yet nudged about this very pause;
    - it is not finished, has opened, and its deadline has not passed;
    - the account is open and has an address.

    Safe to run at once or again: the constraint on enrolment, kind and occasion lets each be decided once.
    """
    at = at or timezone.now()
    chosen = (
        Enrolment.objects.current()
        .filter(
            Q(opens_at__isnull=True) | Q(opens_at__lte=at),
            Q(due_at__isnull=True) | Q(due_at__gt=at),
            last_activity_at__lte=at - timedelta(days=settings.INACTIVITY_DAYS),
            completion__isnull=True,
            course__retired_at__isnull=True,
            learner__closed_at__isnull=True,
            learner__is_active=True,
            learner__email__isnull=False,
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
        .order_by()
        .values_list(
            "pk",
            Value(Reminder.Kind.INACTIVITY.value),
            "last_activity_at",
            Value(at, output_field=DateTimeField()),
        )
    )
    select, params = chosen.query.sql_with_params()
    into = "INSERT INTO reminders_reminder (enrolment_id, kind, occasion, decided_at)"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"{into} {select} ON CONFLICT DO NOTHING", params)
            return cursor.rowcount
    # In two steps: PostgreSQL, where it believes the table to be empty, looks through all of it for each enrolment, and
    # so through every row that the same statement has just put there.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE reminders_chosen ON COMMIT DROP AS {select}", params)
        cursor.execute(f"{into} SELECT * FROM reminders_chosen ON CONFLICT DO NOTHING")  # noqa: S608 - names of ours
        decided = cursor.rowcount
        cursor.execute("DROP TABLE reminders_chosen")
        return decided


def write_reminders(*, at=None) -> int:
    """Owes the messages of reminders that were decided, in batches. Returns how many messages are newly owed.

    A reminder whose learner has been active since is withheld. Dying anywhere is safe: the message's key names the
    reminder, so that owing again owes nothing, and what is not settled is taken by the next run.
    """
    at = at or timezone.now()
    owed, last = 0, 0
    while True:
        batch = list(
            Reminder.objects.unsettled()
            .filter(pk__gt=last)
            .select_related("enrolment__learner", "enrolment__course")
            .defer("enrolment__requirements")
            .order_by("pk")[:BATCH]
        )
        if not batch:
            return owed
        last = batch[-1].pk
        owed += _write(batch, at)


def _write(batch, at) -> int:
    idle = [r for r in batch if r.occasion == r.enrolment.last_activity_at and r.enrolment.learner.email]
    done = _lessons_done([r.enrolment_id for r in idle])
    messages = {_key(r): _message(r, done.get(r.enrolment_id, set()), at) for r in idle}
    with transaction.atomic():
        owed = owe_messages(messages=messages.values(), at=at)
        for reminder in batch:
            reminder.settled_at = at
        Reminder.objects.bulk_update(batch, ["settled_at"])
        found = dict(Delivery.objects.filter(key__in=messages).values_list("key", "pk"))
        linked = [r for r in idle if _key(r) in found]
        for reminder in linked:
            reminder.delivery_id = found[_key(reminder)]
        Reminder.objects.bulk_update(linked, ["delivery"])
    return owed


def _key(reminder) -> str:
    return f"reminder:{reminder.pk}"


def _lessons_done(enrolment_ids) -> dict[int, set[str]]:
    done: dict[int, set[str]] = {}
    rows = LessonCompletion.objects.filter(enrolment__in=enrolment_ids).values_list(
        "enrolment_id", "lesson__key"
    )
    for enrolment_id, key in rows:
        done.setdefault(enrolment_id, set()).add(key)
    return done


def _message(reminder, done: set[str], at) -> dict:
    enrolment = reminder.enrolment
    learner, read = enrolment.learner, outline(enrolment.edition_id)
    language = learner.language if learner.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    shown = enrolment.language
    following = next((key for key in read.lesson_order if key not in done), None)
    with translation.override(language):
        path = (
            reverse("lesson", args=[read.course, following])
            if following
            else reverse("course", args=[read.course])
        )
    return {
        "key": _key(reminder),
        "kind": Delivery.Kind.REMINDER,
        "address": learner.email,
        "language": language,
        "template": "reminders/mail/inactivity",
        "context": {
            "name": learner.name,
            "course": read.words(shown)["title"],
            # Longer than what was waited for, where reminders stood still or somebody was enrolled late.
            "days": (at - reminder.occasion).days,
            "lesson": read.lesson(following).words(shown)["title"] if following else "",
            "done": len(done & read.lesson_keys),
            "total": len(read.lesson_keys),
            "url": settings.SITE_URL + path,
        },
        "recipient": learner,
    }
