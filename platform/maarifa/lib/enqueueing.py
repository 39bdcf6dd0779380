"""Sending work to the queue, so that a queue that is down is no error for the person."""

import logging
from functools import partial

from django.db import transaction

log = logging.getLogger(__name__)


def enqueue(task, *args, countdown: int = 0) -> None:
    """Send a task after the transaction commits, with ids only.

    Safe where the broker refuses or the process dies before it is asked: the work is a row, and a sweep finds
    every row that nobody has taken.
    """
    transaction.on_commit(partial(_send, task, args, countdown), robust=True)


def _send(task, args, countdown) -> None:
    from maarifa.lib.outages import broker

    if not broker.is_open():
        return
    try:
        task.apply_async(args=args, countdown=countdown or None, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the row stays and the sweep takes it
        broker.failed()
        log.warning("could not enqueue %s: %s", task.name, error)
