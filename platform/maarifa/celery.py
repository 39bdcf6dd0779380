"""The Celery application: `celery -A maarifa.celery worker`, `celery -A maarifa.celery beat`."""

import contextlib
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from celery import Celery, beat, bootsteps, signals
from django.conf import settings

from maarifa.lib.celery_internals import SchedulerWithoutRoom, keep_nothing_in_hand_for_ever
from maarifa.lib.requests import work_under

if TYPE_CHECKING:
    from celery import Task
    from celery.worker import WorkController
    from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

# Somebody may be waiting in front of a screen: where the queue does not answer, the row is found later. The worker,
# which only listens, has the patience of the settings.
PUBLISHING = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


keep_nothing_in_hand_for_ever()


class App(Celery):
    def connection_for_write(self, url: str | None = None, **more: Any) -> "Connection":
        return super().connection_for_write(url, **{"transport_options": PUBLISHING, **more})


@signals.setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Celery sets up no log of its own: level, form and what is masked are those of the settings."""


@signals.task_prerun.connect
def name_work(task_id: str, task: "Task[..., Any]", **kwargs: Any) -> None:
    """What a task logs has the id of the request that it was asked for in, or the task's."""
    work_under(getattr(task.request, "request_id", None) or task_id)


@signals.task_postrun.connect
def name_no_work(**kwargs: Any) -> None:
    work_under("-")


def show_alive() -> None:
    """For a health check that only looks at a file's age: a worker does so every two seconds, beat at every turn."""
    if settings.ALIVE_FILE:
        with contextlib.suppress(OSError):
            Path(settings.ALIVE_FILE).touch()


class Scheduler(SchedulerWithoutRoom):
    def tick(self, *args: Any, **kwargs: Any) -> float:
        show_alive()
        return super().tick(*args, **kwargs)


class BeatInside(bootsteps.StartStopStep):
    """`celery worker --beat-inside`: beat is a thread of this worker, for one machine on which memory counts. Where it
    ends, so does the worker, and whoever watches the worker starts both again.
    """

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: "WorkController", beat_inside: bool = False, **options: Any) -> None:
        super().__init__(parent, **options)
        self.enabled = beat_inside
        self.service: beat.Service | None = None
        self.stopping = False

    def include_if(self, parent: "WorkController") -> bool:
        return self.enabled

    def start(self, parent: "WorkController") -> None:
        conf = parent.app.conf
        # It looks every second whether it shall stop.
        self.service = service = beat.Service(
            parent.app,
            max_interval=1,
            scheduler_cls=conf.beat_scheduler,
            remote_control=False,  # type: ignore[call-arg]  # newer than its stubs
        )
        self.thread = threading.Thread(target=self._tick, args=[service], name="beat", daemon=True)
        self.thread.start()

    def stop(self, parent: "WorkController") -> None:
        self.stopping = True
        if self.service:
            self.service.stop()
            # It ends within a second; where it cannot, the worker ends all the same.
            self.thread.join(timeout=5)

    terminate = stop

    def _tick(self, service: beat.Service) -> None:
        try:
            service.start()
        finally:
            if not self.stopping:
                os.kill(os.getpid(), signal.SIGTERM)


app = App("maarifa")
# Celery makes this the default of every thread only where no default exists yet, and one does as soon as anything looks
# at an attribute of a task, as the class of a job does while models load. That default has no broker.
app.set_default()
app.user_options["worker"].add(
    click.Option(["--beat-inside"], is_flag=True, help="Run beat as a thread of this worker.")
)
app.steps["worker"].add(BeatInside)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["maarifa.lib"], related_name="jobs")
