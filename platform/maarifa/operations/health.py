"""Whether the parts are there, each asked with a short time-out."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from maarifa.operations.models import Heartbeat

WORKER = "worker"
SILENT_AFTER = timedelta(minutes=3)


def parts(*, at) -> dict[str, str]:
    """Each part and how it is: "ok", or in a few words what is wrong. Names no address and no secret."""
    return {
        "database": _database(),
        "migrations": _migrations(),
        "redis": _redis(),
        "worker": _worker(at),
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


def _worker(at) -> str:
    try:
        beat = Heartbeat.objects.filter(name=WORKER).first()
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    if beat is None:
        return "never seen"
    return "ok" if at - beat.at < SILENT_AFTER else "silent"
