"""Signs of life."""

from django.utils import timezone

from maarifa.operations.models import Heartbeat


def record_heartbeat(*, name, at=None) -> None:
    """Notes that a process of this kind is at work now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at or timezone.now()})
