"""Two machines that start at once, a backup under way, a database that comes later."""

import contextlib
import threading
import time

import psycopg
import pytest
from django.db import OperationalError, connection

from maarifa.operations import migrating, processes
from tests import services
from tests.conftest import DATABASE
from tests.machines import Machine


def test_two_machines_that_migrate_an_empty_database_both_succeed(new_machine):
    machine = new_machine(DATABASE)
    both = [machine.start("migrate", "--verbosity", "0") for _ in range(2)]
    said = [one.communicate(timeout=600)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert "Another process is migrating this database. Waiting for it to finish." in "".join(said)
    assert "No planned migration operations." in machine.manage("migrate", "--plan")


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_migration_lets_readers_pass_while_a_backup_holds_the_table(monkeypatch):
    """Until the backup is done the migration tries and gives way; who reads waits for one try at most."""
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "PAUSE_SECONDS", 0.5)
    said, waited, done = [], [], threading.Event()
    with contextlib.closing(
        psycopg.connect(services.postgres_url(connection.settings_dict["NAME"]))
    ) as backup:
        backup.execute("SELECT count(*) FROM operations_heartbeat")

        def others():
            url = services.postgres_url(connection.settings_dict["NAME"])
            with contextlib.closing(psycopg.connect(url, autocommit=True)) as reader:
                while not done.is_set():
                    began = time.monotonic()
                    reader.execute("SELECT count(*) FROM operations_heartbeat")
                    waited.append(time.monotonic() - began)
                    if len(said) == 3:
                        backup.rollback()
                    time.sleep(0.05)

        reading = threading.Thread(target=others)
        reading.start()
        try:
            migrating.patiently(connection, _alter, said.append)
        finally:
            done.set()
            reading.join()
    assert len(said) >= 3
    assert said[0].startswith(
        "A table is in use, perhaps by a backup. Trying again in 0.5 s. In use by: process "
    )
    assert max(waited) < 3
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def _alter():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operations_heartbeat ALTER COLUMN name DROP DEFAULT")


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_other_errors_of_a_migration_are_its_own():
    def wrong():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        migrating.patiently(connection, wrong, [].append)
    connection.close()


@pytest.mark.once
def test_database_that_comes_later_is_waited_for(tmp_path):
    """At the start of a machine, its database may be later than Maarifa."""
    port = processes.free_port()
    machine = Machine(tmp_path, f"postgresql://postgres@127.0.0.1:{port}/postgres")
    migration = machine.start("migrate", "operations", "--verbosity", "0")
    said = migration.stdout.readline()
    assert said.startswith("The database is not answering yet. Waiting for it: "), said
    assert migration.poll() is None
    migration.kill()
    migration.communicate()
