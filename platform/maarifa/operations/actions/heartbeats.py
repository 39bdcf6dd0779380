"""Signs of life."""

from django.utils import timezone

from maarifa.lib.enqueueing import enqueue
from maarifa.operations import tasks
from maarifa.operations.models import Heartbeat


def record_heartbeat(*, name, at=None) -> None:
    """Notes that a process of this kind is at work now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at or timezone.now()})


def ask_for_heartbeat() -> None:
    """A worker that has just started shows that it works, and does not wait for beat's next turn. Never refuses."""
    enqueue(tasks.beat)
