"""Letting go of the words of messages that are long sent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from maarifa.delivery.models import Delivery

# Rows in one statement, and statements in one run; the next run takes the rest.
ROWS, MOST = 1000, 100


def blank_bodies(*, at: datetime | None = None) -> int:
    """Empty the words of messages that were sent or given up MESSAGE_BODY_DAYS ago; the number of messages.

    That a message was sent, to whom, when and with which subject, stays. Safe at any moment and any number of times.
    """
    before = (at or timezone.now()) - timedelta(days=settings.MESSAGE_BODY_DAYS)
    old = Delivery.objects.filter(finished_at__lt=before).exclude(text="").order_by("finished_at")
    blanked = 0
    for _run in range(MOST):
        some = list(old.values_list("pk", flat=True)[:ROWS])
        blanked += Delivery.objects.filter(pk__in=some).update(text="", html="")
        if len(some) < ROWS:
            break
    return blanked
