"""What `lib/celery_internals.py` lives on is still as these versions of Celery and kombu have it."""

import pytest
from kombu.transport import redis

from maarifa.celery import app
from maarifa.lib.celery_internals import QoS
from tests.internals import what_changed
from tests.services import manage

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


WHERE_A_THREAD_SENDS = """
import threading
from maarifa.wsgi import application
from maarifa.certificates.tasks import issue
send = lambda: print(issue.app.main, issue.app.connection_for_write().as_uri())
send()
thread = threading.Thread(target=send)
thread.start()
thread.join()
"""


def test_web_process_sends_to_our_broker_in_every_thread():
    """In a process of its own: here pytest imported the app long before any model."""
    said = manage("shell", "--verbosity", "0", "--command", WHERE_A_THREAD_SENDS).split()
    assert said[::2] == ["maarifa", "maarifa"]
    assert {address.partition(":")[0] for address in said[1::2]} == {"redis"}
