"""The Celery application: `celery -A maarifa worker`, `celery -A maarifa beat`."""

import contextlib
import os
from pathlib import Path

from celery import Celery, signals
from django.conf import settings

from maarifa.lib.celery_internals import SchedulerWithoutRoom, keep_nothing_in_hand_for_ever
from maarifa.lib.requests import work_under

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

# Somebody may be waiting in front of a screen: a queue that does not answer is left to the sweep. The worker, which
# only listens, has the patience of the settings.
PUBLISHING = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


keep_nothing_in_hand_for_ever()


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


class Scheduler(SchedulerWithoutRoom):
    def tick(self, *args, **kwargs):
        show_alive()
        return super().tick(*args, **kwargs)


app = App("maarifa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
