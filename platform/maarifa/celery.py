"""The Celery application: `celery -A maarifa worker`, `celery -A maarifa beat`."""

import contextlib
import dbm
import logging
import os
from pathlib import Path

from celery import Celery, signals
from celery.beat import PersistentScheduler
from django.conf import settings
from kombu.transport import redis, virtual

from maarifa.lib.requests import work_under

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

log = logging.getLogger(__name__)

# Somebody may be waiting in front of a screen: a queue that does not answer is left to the sweep. The worker, which
# only listens, has the patience of the settings.
PUBLISHING = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


class QoS(redis.QoS):
    """What a worker has in hand. With kombu's own, a Redis that falls silent at the wrong moment ends a worker's work
    for good: the acknowledgement fails, the message counts as in hand for ever, and a worker that takes one at a time
    never asks for another, nor notices that its connection is dead.
    """

    def ack(self, delivery_tag):
        """Whatever Redis says, it is out of hand. One that Redis still holds is delivered once more, and acts once."""
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


redis.Channel.QoS = QoS


class App(Celery):
    def connection_for_write(self, url=None, **more):
        return super().connection_for_write(url, **{"transport_options": PUBLISHING, **more})


@signals.setup_logging.connect
def keep_logging(**kwargs):
    """Celery sets up no log of its own: level, form and what is masked are those of the settings."""


@signals.task_prerun.connect
def name_work(task_id, task, **kwargs):
    """What a task logs has the id of the request that it was asked for in, or the task's."""
    work_under(getattr(task.request, "request_id", None) or task_id)


@signals.task_postrun.connect
def name_no_work(**kwargs):
    work_under("-")


def show_alive() -> None:
    """For a health check that only looks at a file's age: a worker does so every two seconds, beat at every turn."""
    if settings.ALIVE_FILE:
        with contextlib.suppress(OSError):
            Path(settings.ALIVE_FILE).touch()


class _Unwritten(dict):
    """In place of the file, while there is no room for one."""

    def sync(self):
        pass

    close = sync


class Scheduler(PersistentScheduler):
    """Beat's, which goes on where its file cannot be written: on a full disk it counts from its own start."""

    FAULTS = (OSError, *dbm.error)
    _has_file = True

    def setup_schedule(self):
        try:
            super().setup_schedule()
        except self.FAULTS as error:
            self._say(error)
            self._has_file = False
            super().setup_schedule()

    def tick(self, *args, **kwargs):
        show_alive()
        return super().tick(*args, **kwargs)

    def sync(self):
        try:
            super().sync()
        except self.FAULTS as error:
            self._say(error)

    def _open_schedule(self):
        return super()._open_schedule() if self._has_file else _Unwritten()

    def _say(self, error):
        log.warning("the schedule cannot be written to %s: %s", self.schedule_filename, error)


app = App("maarifa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
