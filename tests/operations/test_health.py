"""What a machine that watches is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from maarifa.lib.queues import QUEUES
from maarifa.operations import actions, health, processes
from maarifa.operations.models import Heartbeat
from tests.factories.delivery import DeliveryFactory

WELL = {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok", "mail": "ok"}


@pytest.fixture
def working(db):
    """A worker was seen a moment ago."""
    for queue in QUEUES:
        actions.record_heartbeat(name=queue)


def seen(ago):
    for queue in QUEUES:
        actions.record_heartbeat(name=queue, at=timezone.now() - ago)


# Alive ------------------------------------------------------------------------------------------------------


def test_healthz_answers_without_asking_anything(client, redis_gone):
    """No database in this test: a query would fail it."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 503)])
def test_probes_by_number_are_answered_before_host_and_https_are_looked_at(
    db, client, settings, path, status
):
    settings.ALLOWED_HOSTS = ["learn.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == status
    assert client.get("/en/", headers={"Host": "learn.example.org"}).status_code == 301


# Ready ------------------------------------------------------------------------------------------------------


def test_readyz_says_that_every_part_is_there(client, working):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, WELL)
    assert answer["Cache-Control"] == "no-store"


def test_readyz_names_redis_that_is_gone_and_no_secret(client, working, redis_gone):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"redis": "no answer (ConnectionError)"})


def test_readyz_names_a_worker_that_was_never_seen(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"worker": "never seen"})


@pytest.mark.parametrize(
    ("ago", "state"),
    [
        (health.SILENT_AFTER - timedelta(seconds=5), "ok"),
        (health.SILENT_AFTER + timedelta(seconds=5), "urgent silent, default silent"),
        (health.BULK_SILENT_AFTER + timedelta(seconds=5), "silent"),
    ],
)
def test_readyz_calls_a_worker_silent_after_a_while(client, db, ago, state):
    seen(ago)
    assert client.get("/readyz").json() == WELL | {"worker": state}


def test_readyz_names_the_queue_that_nobody_works_on(client, working):
    Heartbeat.objects.filter(name="urgent").delete()
    assert client.get("/readyz").json() == WELL | {"worker": "urgent never seen"}


def test_readyz_counts_migrations_not_applied(client, working):
    ((app, last),) = MigrationLoader(connection).graph.leaf_nodes("operations")
    MigrationRecorder(connection).record_unapplied(app, last)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"migrations": "1 not applied"})


def test_readyz_says_that_mail_waits(client, working):
    DeliveryFactory(due_at=timezone.now() - timedelta(minutes=25))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        WELL | {"mail": "the oldest message has been due for 25 minutes"},
    )


def test_readyz_minds_no_message_to_thousands_that_takes_its_time(client, working):
    now = timezone.now()
    DeliveryFactory(queue="bulk", turn=1, due_at=now - timedelta(hours=1))
    assert client.get("/readyz").status_code == 503
    DeliveryFactory(queue="bulk", state="done", tries=1, finished_at=now - timedelta(minutes=1))
    assert client.get("/readyz").json() == WELL
    DeliveryFactory(due_at=now - timedelta(minutes=25))
    assert client.get("/readyz").status_code == 503


def test_readyz_says_that_the_mail_server_takes_nothing(client, working):
    """Twelve messages failed, and nothing said so."""
    now = timezone.now()
    DeliveryFactory.create_batch(4, state="failed", tries=8, finished_at=now, error="535 wrong password")
    DeliveryFactory.create_batch(8, tries=1, due_at=now + timedelta(minutes=5), error="OSError: refused")
    DeliveryFactory(state="done", tries=1, finished_at=now)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (
        answer.json()["mail"] == "of the newest messages, 12 failed or will be tried again, and 1 were sent"
    )


def test_readyz_minds_no_mailbox_that_is_not_there_nor_what_is_long_past(client, working):
    now = timezone.now()
    DeliveryFactory.create_batch(3, state="failed", tries=1, finished_at=now, error="550 no such user")
    DeliveryFactory(state="failed", tries=1, finished_at=now, error="not sent: the account is closed")
    DeliveryFactory(state="failed", tries=9, finished_at=now - timedelta(hours=2), error="OSError: refused")
    DeliveryFactory(due_at=now - timedelta(minutes=5))
    assert client.get("/readyz").json() == WELL


@pytest.mark.django_db(transaction=True)
def test_worker_of_the_instance_keeps_it_ready(client, start_worker):
    """Beat's own message, carried by Redis, taken by a worker: the chain that the sign of life is about."""
    from maarifa.operations.tasks import beat

    start_worker()
    # A worker that has started says so by itself; from then on it is beat that asks.
    assert processes.wait_until(lambda: client.get("/readyz").status_code == 200, seconds=20)
    Heartbeat.objects.all().delete()
    assert client.get("/readyz").json() == WELL | {"worker": "never seen"}
    for queue in QUEUES:
        beat.apply_async([queue], queue=queue)
    assert processes.wait_until(lambda: client.get("/readyz").status_code == 200, seconds=20)
    assert client.get("/readyz").json() == WELL
