"""What `lib/celery_internals.py` lives on is still as these versions of Celery and kombu have it."""

import threading

import pytest
from celery import current_app
from kombu.transport import redis

from maarifa.celery import app
from maarifa.lib.celery_internals import QoS
from tests.internals import what_changed

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("library", "path", "parameters", "used_by"),
    [
        ("kombu", "kombu.transport.redis:QoS.ack", "self delivery_tag", "QoS"),
        ("kombu", "kombu.transport.virtual:QoS.ack", "self delivery_tag", "QoS"),
        ("kombu", "kombu.transport.virtual:QoS.can_consume", "self", "QoS"),
        ("celery", "celery.beat:PersistentScheduler.setup_schedule", "self", "SchedulerWithoutRoom"),
        ("celery", "celery.beat:PersistentScheduler.sync", "self", "SchedulerWithoutRoom"),
        ("celery", "celery.beat:PersistentScheduler._open_schedule", "self", "SchedulerWithoutRoom"),
    ],
)
def test_member_is_as_we_know_it(library, path, parameters, used_by):
    where = f"{used_by} in lib/celery_internals.py"
    assert what_changed(path, parameters, library=library, used_by=where) == ""


def test_channels_to_redis_keep_nothing_in_hand_that_redis_would_not_take_back():
    with app.connection() as connection:
        channel = connection.channel()
        assert type(channel.qos) is QoS, "kombu's channels do not take Channel.QoS any more: see QoS"
        channel.basic_qos(0, 1, False)
        channel.qos._quick_append("a", None)
        assert not channel.qos.can_consume()
        channel.qos._remove_from_indices = _silent
        with pytest.raises(redis.redis.ConnectionError):
            channel.qos.ack("a")
        assert channel.qos.can_consume(), "what Redis does not take back stays in hand: see QoS.ack"


def _silent(delivery_tag):
    raise redis.redis.ConnectionError("Redis says nothing")


def test_every_thread_sends_to_our_broker():
    """A web process answers in threads that never imported the app: `shared_task` sends through `current_app`."""
    found = []
    thread = threading.Thread(target=lambda: found.append(current_app.main))
    thread.start()
    thread.join()
    assert found == ["maarifa"]
