"""Sending work to the queue, so that a queue that is down is no error for the person."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVarTuple

from django.db import transaction

from maarifa.lib.outages import broker
from maarifa.lib.requests import request_id

if TYPE_CHECKING:
    from celery import Task

log = logging.getLogger(__name__)

Ids = TypeVarTuple("Ids")


def enqueue(
    task: "Task[..., Any]",
    *args: *Ids,
    queue: str | None = None,
    countdown: int = 0,
    expires: datetime | None = None,
    otherwise: Callable[[*Ids], object] | None = None,
) -> None:
    """Send a task after the transaction commits, with ids only, to `queue` or to where settings route it.

    `countdown` in seconds. A worker that meets the task after `expires`, a moment, leaves it.

    Safe where the broker refuses or the process dies before it is asked: the work is a row, and the requeue task
    finds every row that nobody has taken. Work that can't wait for it gives `otherwise`, which is called with
    the same ids where the broker refuses.
    """
    transaction.on_commit(partial(_send, task, args, queue, countdown, expires, otherwise), robust=True)


def _send(
    task: "Task[..., Any]",
    args: tuple[*Ids],
    queue: str | None,
    countdown: int,
    expires: datetime | None,
    otherwise: Callable[[*Ids], object] | None,
) -> None:
    if not _accepted(task, args, queue, countdown, expires) and otherwise is not None:
        otherwise(*args)


def _accepted(
    task: "Task[..., Any]",
    args: tuple[object, ...],
    queue: str | None,
    countdown: int,
    expires: datetime | None,
) -> bool:
    if not broker.is_open():
        return False
    try:
        headers = {"request_id": request_id()} if request_id() != "-" else None
        options: dict[str, Any] = {"countdown": countdown or None, "expires": expires, "headers": headers}
        if queue:
            options["queue"] = queue
        task.apply_async(args=args, retry=False, **options)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row stays, and is found
        broker.failed()
        log.warning("could not enqueue %s: %s", task.name, error)
        return False
    return True
