"""Whether the parts are there, each asked with a short time-out."""

from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from maarifa.delivery.models import Delivery
from maarifa.lib.queues import BULK, QUEUES, URGENT
from maarifa.operations.models import Heartbeat

SILENT_AFTER = timedelta(minutes=3)
# In the bulk queue a sign of life waits behind a hundred messages to a mail server that may be slow.
BULK_SILENT_AFTER = timedelta(minutes=15)
# A message that is due leaves within a minute or two; a mail server is judged by what it did with the newest messages.
LATE_AFTER, NEWEST, WITHIN = timedelta(minutes=15), 200, timedelta(hours=1)


def parts(*, at: datetime) -> dict[str, str]:
    """Each part and how it is: "ok", or in a few words what is wrong. Names no address and no secret."""
    return {
        "database": _database(),
        "migrations": _migrations(),
        "redis": _redis(),
        "worker": _worker(at),
        "mail": _mail(at),
    }


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"
    except DatabaseError as error:
        return f"no answer ({type(error).__name__})"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    return "ok" if not waiting else f"{len(waiting)} not applied"


def _redis() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)
    try:
        client.ping()
        return "ok"
    except (redis.RedisError, OSError) as error:
        return f"no answer ({type(error).__name__})"
    finally:
        client.close()


def _worker(at: datetime) -> str:
    """Each queue's worker; whoever serves several is seen in each of them."""
    try:
        heartbeats = dict(Heartbeat.objects.values_list("name", "at"))
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    states = {queue: _seen(heartbeats.get(queue), queue, at) for queue in QUEUES}
    if len(set(states.values())) == 1:
        return states[URGENT]
    return ", ".join(f"{queue} {state}" for queue, state in states.items() if state != "ok")


def _seen(last: datetime | None, queue: str, at: datetime) -> str:
    if last is None:
        return "never seen"
    return "ok" if at - last < (BULK_SILENT_AFTER if queue == BULK else SILENT_AFTER) else "silent"


def _mail(at: datetime) -> str:
    try:
        # A message to thousands takes its time, which is no fault of anybody's as long as it goes on.
        goes_on = Delivery.objects.filter(queue=BULK, finished_at__gt=at - LATE_AFTER).exists()
        due = Delivery.objects.due(at).exclude(queue=BULK) if goes_on else Delivery.objects.due(at)
        oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
        newest = Delivery.objects.order_by("-id").values_list("state", "tries", "finished_at", "error")[
            :NEWEST
        ]
        attempts = [row for row in newest if row[1] and (row[2] is None or row[2] > at - WITHIN)]
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    if oldest and at - oldest > LATE_AFTER:
        return f"the oldest message has been due for {(at - oldest) // timedelta(minutes=1)} minutes"
    sent_count = sum(state == Delivery.State.DONE for state, *_ in attempts)
    # Mailboxes that are not there are no fault of the mail server's, nor is what was not to be sent.
    failed_count = sum(
        state != Delivery.State.DONE
        and bool(error)
        and not error.startswith(("not sent: ", "550 ", "551 ", "553 "))
        for state, _tries, _finished, error in attempts
    )
    return (
        "ok"
        if failed_count <= sent_count
        else f"of the newest messages, {failed_count} failed or will be tried again, and {sent_count} were sent"
    )
