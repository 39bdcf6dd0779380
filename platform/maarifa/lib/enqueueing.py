"""Sending work to the queue, so that a queue that is down is no error for the person."""

import logging
from functools import partial

from django.db import transaction

from maarifa.lib.outages import broker
from maarifa.lib.requests import request_id

log = logging.getLogger(__name__)


def enqueue(task, *args, countdown: int = 0, otherwise=None) -> None:
    """Send a task after the transaction commits, with ids only.

    Safe where the broker refuses or the process dies before it is asked: the work is a row, and a sweep finds
    every row that nobody has taken. Work that can't wait for a sweep gives `otherwise`, which is called with
    the same ids where the broker refuses.
    """
    transaction.on_commit(partial(_send, task, args, countdown, otherwise), robust=True)


def _send(task, args, countdown, otherwise) -> None:
    if not _accepted(task, args, countdown) and otherwise is not None:
        otherwise(*args)


def _accepted(task, args, countdown) -> bool:
    if not broker.is_open():
        return False
    try:
        headers = {"request_id": request_id()} if request_id() != "-" else None
        task.apply_async(args=args, countdown=countdown or None, retry=False, headers=headers)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row stays and the sweep takes it
        broker.failed()
        log.warning("could not enqueue %s: %s", task.name, error)
        return False
    return True
