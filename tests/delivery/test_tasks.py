"""The real queue, real workers and a real mail server: what is pending arrives, and once."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from maarifa.delivery import actions, tasks
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import requeue
from maarifa.operations import processes
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db(transaction=True)
AFTER_THE_CLAIM = timedelta(minutes=3)
CODE = {
    "kind": "sign-in",
    "template": "delivery/account/login_code",
    "context": {"code": "1234-5678"},
    "language": "en",
}


def settled(count, *, seconds=30):
    """Wait until so many messages are done."""
    return processes.wait_until(
        lambda: Delivery.objects.filter(state=Delivery.State.DONE).count() == count, seconds=seconds
    )


def test_worker_sends_what_is_pending(worker, postbox):
    row = actions.queue_message(key="code", address="a@example.org", **CODE)

    (letter,) = postbox.wait_for(1)
    assert letter.message["Message-ID"] == row.message_id
    assert settled(1)


def test_message_that_the_queue_delivers_many_times_is_sent_once(start_worker, postbox):
    rows = [DeliveryFactory() for _ in range(5)]
    for _ in range(6):
        for row in rows:
            tasks.send.delay(row.pk)
    start_worker(concurrency=2)

    assert settled(5)
    # What is still in the queue finds nothing to do.
    last = DeliveryFactory()
    tasks.send.delay(last.pk)
    assert settled(6)
    assert sorted(letter.recipients[0] for letter in postbox.letters) == sorted(
        [row.address for row in rows] + [last.address]
    )


def test_requeue_sends_what_the_queue_lost(worker, postbox):
    DeliveryFactory(due_at=timezone.now() - timedelta(minutes=5))
    DeliveryFactory(
        due_at=timezone.now() - timedelta(minutes=5),
        state="claimed",
        claim_token="0" * 32,
        claimed_until=timezone.now() - timedelta(minutes=1),
    )

    requeue.delay("default")

    assert len(postbox.wait_for(2)) == 2
    assert settled(2)


def test_worker_that_is_killed_before_the_mail_server_answers_loses_nothing(start_lonely_worker, postbox):
    """The row is taken again when the claim has run out."""
    row = DeliveryFactory()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dying = start_lonely_worker((tasks.send, row.pk), EMAIL_PORT=str(silent.getsockname()[1]))
        assert processes.wait_until(
            lambda: Delivery.objects.filter(pk=row.pk, state=Delivery.State.CLAIMED).exists(), seconds=30
        )
        dying.kill()

    assert actions.send_delivery(delivery_id=row.pk) is False
    assert actions.send_delivery(delivery_id=row.pk, at=timezone.now() + AFTER_THE_CLAIM) is True

    (letter,) = postbox.letters
    assert letter.message["Message-ID"] == row.message_id


def test_worker_that_is_killed_between_sending_and_commit_doubles_at_most_once(
    start_lonely_worker, postbox, mail_server, settings
):
    """What section 2 of the design allows, and no more: one double for one death, with the same Message-ID."""
    port = settings.EMAIL_PORT
    dying = []
    box = mail_server(on_data=lambda: dying[0].kill())
    row = DeliveryFactory()
    dying.append(start_lonely_worker((tasks.send, row.pk), EMAIL_PORT=str(box.port)))
    (first,) = box.wait_for(1)
    dying[0].process.wait(timeout=10)
    assert Delivery.objects.get().state == Delivery.State.CLAIMED

    settings.EMAIL_PORT = port
    answers = [
        actions.send_delivery(delivery_id=row.pk, at=timezone.now() + AFTER_THE_CLAIM) for _ in range(3)
    ]

    (second,) = postbox.letters
    assert answers == [True, False, False]
    assert first.message["Message-ID"] == second.message["Message-ID"] == row.message_id
