"""One who migrates at a time, and nobody who waits long because of it."""

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

# A table that somebody works on is waited for so long; whoever comes after waits behind, so it is short.
LOCK_SECONDS = 3
# Between one try and the next, those who waited behind get through.
PAUSE_SECONDS = 5
# A backup of a large database, or another machine's migrations, may take as long.
MOST_SECONDS = 30 * 60
# PostgreSQL's numbers for a lock: the name of ours, and the error of one that did not come in time.
NUMBER, NOT_IN_TIME = 0x6D616172, "55P03"

Say = Callable[[str], object]


def when_it_answers(connection: BaseDatabaseWrapper, say: Say) -> None:
    """Come back once PostgreSQL takes connections. At a start, it may be later than we are."""
    if connection.vendor != "postgresql":
        return
    # Not from the pool, which keeps the first error to itself for half a minute.
    params = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
    limit, told = time.monotonic() + MOST_SECONDS, False
    while True:
        try:
            psycopg.connect(**params).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > limit:
                raise OperationalError(str(error)) from error
            if not told:
                say(f"The database is not answering yet. Waiting for it: {str(error).strip()}")
                told = True
            time.sleep(1)


@contextlib.contextmanager
def alone(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """Held by one process for each database, whichever machine it is on. Let go of when the process dies."""
    hold = _in_postgresql if connection.vendor == "postgresql" else _beside_the_file
    with hold(connection, say):
        yield


@contextlib.contextmanager
def _in_postgresql(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    def take() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            return bool(cursor.fetchone()[0])

    _wait(take, say)
    try:
        yield
    finally:
        # Where the connection is lost, so is the lock.
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [NUMBER])


@contextlib.contextmanager
def _beside_the_file(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    path = Path(connection.settings_dict["NAME"])
    if not path.is_absolute():  # in memory
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{path}.migrating", "w") as file:

        def take() -> bool:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            return False

        _wait(take, say)
        yield


def _wait(take: Callable[[], bool], say: Say) -> None:
    limit, told = time.monotonic() + MOST_SECONDS, False
    while not take():
        if time.monotonic() > limit:
            raise OperationalError(f"another process has been migrating this database for {MOST_SECONDS} s")
        if not told:
            say("Another process is migrating this database. Waiting for it to finish.")
            told = True
        time.sleep(0.2)


def patiently(connection: BaseDatabaseWrapper, migrate: Callable[[], object], say: Say) -> None:
    """Call `migrate`, again and again while tables that it needs are in use, and let others pass in between.

    Without this, one who reads for long (a backup) is waited for by a migration, and everybody else by the migration.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        migrate()
        return
    limit = time.monotonic() + MOST_SECONDS
    _set_lock_timeout(connection, f"{LOCK_SECONDS}s")
    try:
        while True:
            try:
                migrate()
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) != NOT_IN_TIME or time.monotonic() > limit:
                    raise
                say(
                    f"A table is in use, perhaps by a backup. Trying again in {PAUSE_SECONDS} s. "
                    f"In use by: {_in_use(connection)}"
                )
                time.sleep(PAUSE_SECONDS)
    finally:
        _set_lock_timeout(connection, "0")


def _set_lock_timeout(connection: BaseDatabaseWrapper, value: str) -> None:
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [value])


def _in_use(connection: BaseDatabaseWrapper) -> str:
    """Who has had a transaction open for longest, besides us: process, since when, and in which program."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, date_trunc('second', now() - xact_start), coalesce(nullif(application_name, ''), usename)"
            " FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
            " AND datname = current_database() ORDER BY xact_start LIMIT 3"
        )
        rows = cursor.fetchall()
    return "; ".join(f"process {pid} for {since} ({who})" for pid, since, who in rows) or "no one any more"
