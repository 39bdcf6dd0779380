"""Deciding whom to remind, against a bare INSERT … SELECT of the rows that were decided."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from tests.bench import measuring, people

SIZES = {"full": {"enrolments": 200_000, "rounds": 4}, "tiny": {"enrolments": 50, "rounds": 2}}
COLUMNS = "enrolment_id, kind, occasion, decided_at"


def measure(size) -> measuring.Result:
    from maarifa.reminders.models import Reminder
    from tests.factories.reminders import plan_reminders

    at = timezone.now()
    count = size["enrolments"]
    people.many_learners(
        count, course=people.shipped_course(), prefix="idle", at=at, idle_since=at - timedelta(days=30)
    )
    people.take_stock()
    backend = people.backend()
    with transaction.atomic():
        assert plan_reminders(at=at) == count
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE planned AS SELECT {COLUMNS} FROM reminders_reminder")
        Reminder.objects.all().delete()

    def plan():
        assert plan_reminders(at=at) == count

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO reminders_reminder ({COLUMNS}) SELECT {COLUMNS} FROM planned")
            assert cursor.rowcount == count

    def undone(run):
        with transaction.atomic():
            with measuring.Stopwatch(backend) as watch:
                run()
            transaction.set_rollback(True)
        return watch

    measuring.forget_peak()
    before = measuring.peak_memory()
    rounds = measuring.interleaved(
        size["rounds"], {"plan": lambda: undone(plan), "bare": lambda: undone(bare)}
    )
    found = measuring.Result()
    named = f"deciding on {count:,} reminders ÷ bare INSERT … SELECT"
    found.add(f"{named}, waiting", "×", [one["plan"].wall / one["bare"].wall for one in rounds], budget=2)
    found.add(f"{named}, CPU", "×", [one["plan"].cpu / one["bare"].cpu for one in rounds], budget=2)
    found.add(f"deciding on {count:,} reminders", "s", [one["plan"].wall for one in rounds])
    found.add("memory that deciding adds", "MB", [measuring.peak_memory() - before])
    return found
