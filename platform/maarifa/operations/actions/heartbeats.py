"""Signs of life."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from maarifa.lib.enqueueing import enqueue
from maarifa.operations import tasks
from maarifa.operations.models import Heartbeat


def record_heartbeat(*, name: str, at: datetime | None = None) -> None:
    """Notes that somebody works on this queue now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at or timezone.now()})


def ask_for_heartbeat(*, queues: Iterable[str]) -> None:
    """A worker that has just started shows that it works, and does not wait for beat's next turn. Never refuses."""
    for queue in queues:
        enqueue(tasks.beat, queue, queue=queue)
