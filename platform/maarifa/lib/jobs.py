"""The one protocol by which the rows of every kind of job get into the queue and are run. See docs/decisions.

A kind of job is a subclass of `Runner`, made once, in the actions of its app.
"""

import logging
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from maarifa.lib.enqueueing import enqueue
from maarifa.lib.models import Job, JobQuerySet
from maarifa.lib.queues import BULK, URGENT

if TYPE_CHECKING:
    from celery import Task

log = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 720, 1440))
# Of one kind of job, so many rows are put in the queue in one go.
PIECE = 500
# Of one kind of job, so many rows of the bulk queue stand in it at once: what is pending after them may still go first.
WINDOW = 100

_runners: dict[str, "Runner[Any]"] = {}


class PassingError(Exception):
    """Trying again later can help."""


class PermanentError(Exception):
    """Trying again cannot help. `fields` are set on the row."""

    def __init__(self, text: str, **fields: Any) -> None:
        super().__init__(text)
        self.fields = fields


class LostError(Exception):
    """Another process has the row: this one took longer than its claim lasted."""


class MoreError(Exception):
    """Not finished, and nothing wrong: the rest is done in another turn, after what waits in the queue."""


@dataclass
class Claim:
    """A row that is ours for a while, by its token."""

    runner: "Runner[Any]"
    pk: int
    token: uuid.UUID
    at: datetime
    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        return time.monotonic() - self.started

    def now(self) -> datetime:
        """The moment of claiming; for jobs that take long, the time that went by since is added."""
        return self.at + timedelta(seconds=self.seconds()) if self.runner.takes_long else self.at

    def renew(self) -> None:
        """Ours for as long again. Inside a transaction nobody else claims the row until it ends. Raises LostError."""
        until = self.now() + timedelta(seconds=self.runner.claim_seconds)
        renewed = self.runner.rows.filter(pk=self.pk, state=Job.State.CLAIMED, claim_token=self.token).update(
            claimed_until=until
        )
        if not renewed:
            raise LostError

    def finish(self, **fields: Any) -> bool:
        """False where the row is not ours any more: then change nothing."""
        return self.runner.rows.finish(self.pk, self.token, at=self.now(), **fields)


class Runner(ABC, Generic[J]):
    """Runs the jobs of one kind, and puts them in their queues."""

    name: str
    model: type[J]
    # Takes the row's id, and calls `run`.
    task: "Task[..., Any]"
    # Longer than one takes, or than it takes until `Claim.renew`.
    claim_seconds = 120
    takes_long = False
    # In which order rows that are due go into their queue.
    order: tuple[str, ...] = ("due_at", "pk")

    def __init__(self) -> None:
        _runners[self.name] = self

    @property
    def rows(self) -> JobQuerySet[J]:
        """Those of the model's own manager, which may say more narrowly what is due."""
        rows = self.model._default_manager.all()
        if not isinstance(rows, JobQuerySet):
            raise TypeError(f"{self.model.__name__} needs a manager made of a JobQuerySet.")
        return rows

    # What each kind says ------------------------------------------------------------------------------------

    def load(self, pk: int) -> J:
        return self.rows.get(pk=pk)

    @abstractmethod
    def work(self, row: J, claim: Claim, *args: Any, **options: Any) -> bool:
        """Do it, and finish the claim; whether it is done by this call. Raises PassingError, PermanentError, LostError,
        MoreError; of anything else says `unexpected` what becomes of it. A kind names the `options` that it takes;
        `args` are only there for the type checker to let it.
        """

    def waits(self, row: J) -> tuple[timedelta, ...]:
        """How long a row waits after its first passing error, its second, and so on; after the last it is given up."""
        return WAITS

    def unexpected(self, error: Exception) -> Exception:
        return PassingError(f"{type(error).__name__}: {error}")

    def failed(self, row: J, error: str) -> None:
        log.error("%s %s failed: %s", self.name, row.pk, error)

    def put_off(self, row: J, wait: timedelta, error: str) -> None:
        log.warning("%s %s will be tried again in %s: %s", self.name, row.pk, wait, error)

    # Into the queue -----------------------------------------------------------------------------------------

    def hand_over(
        self, row: J, *, countdown: int = 0, otherwise: Callable[[int], object] | None = None
    ) -> None:
        """Into the row's queue after the commit. The row says so already: `queued_at` is set, in this transaction.

        Where the queue refuses, the row is free again, and `otherwise` is called with its id.
        """

        def refused(pk: int) -> None:
            self.rows.filter(pk=pk).update(queued_at=None)
            if otherwise:
                otherwise(pk)

        enqueue(self.task, row.pk, queue=row.queue, countdown=countdown, otherwise=refused)

    def queue_up(
        self,
        rows: JobQuerySet[J],
        *,
        at: datetime,
        most: int = PIECE,
        order: tuple[str, ...] | None = None,
        lost: bool = False,
    ) -> int:
        """Those of the rows that are due and not on their way go into their queues, `most` at most. The number of rows.
        Who does the same at the same moment gets others. `lost`: see `JobQuerySet.waiting`.
        """
        order = order or self.order
        some = list(rows.waiting(at, lost=lost).order_by(*order).values_list("pk", flat=True)[:most])
        if not some:
            return 0
        # Who dies from here on leaves rows that look queued, for a while: then they count as lost.
        self.rows.filter(pk__in=some).waiting(at, lost=lost).update(queued_at=at)
        for row in self.rows.filter(pk__in=some, queued_at=at).order_by(*order).only("pk", "queue"):
            self.hand_over(row)
        return len(some)

    def bulk(self) -> tuple[JobQuerySet[J], tuple[str, ...]]:
        """The rows of the bulk queue, and in which order they go into it."""
        return self.rows.filter(queue=BULK), self.order

    def feed(self, *, at: datetime, least: int = 1, lost: bool = False) -> int:
        """Fill the bulk queue up to WINDOW, where there is room for `least` at least. The number of rows."""
        free = WINDOW - self.rows.on_their_way(BULK, at, lost=lost)
        if free < least:
            return 0
        rows, order = self.bulk()
        return self.queue_up(rows, at=at, most=free, order=order, lost=lost)

    def feed_after_commit(self, *, at: datetime) -> None:
        """As `feed`, once the transaction has committed that makes rows pending. Inside it the rows of others would be
        held until its end, and two transactions at once, which see nothing of each other, would fill the queue twice.
        Who dies before leaves it to the requeue.
        """
        transaction.on_commit(partial(self.feed, at=at), robust=True)

    def requeue(self, queue: str, *, at: datetime) -> int:
        """What is due in this queue and is not in it; what was lost on the way, too. The number of rows."""
        if queue == BULK:
            return self.feed(at=at, lost=True)
        return self.queue_up(self.rows.filter(queue=queue), at=at, lost=True)

    def queue_again(self, rows: QuerySet[J], *, at: datetime, **fields: Any) -> int:
        """Those of the rows that failed are pending once more, from the first try, with `fields` set. Their number."""
        some = list(rows.filter(state=Job.State.FAILED).values_list("pk", flat=True))
        again = self.rows.filter(pk__in=some, state=Job.State.FAILED).update(
            state=Job.State.PENDING, due_at=at, tries=0, error="", finished_at=None, **fields
        )
        if fields.get("queue") == BULK:
            self.feed_after_commit(at=at)
        else:
            self.queue_up(self.rows.filter(pk__in=some), at=at)
        return again

    # Out of the queue ---------------------------------------------------------------------------------------

    def run(self, pk: int, *, at: datetime | None = None, **options: Any) -> bool:
        """Run one job if it is due and nobody else has it; whether it was done by this call.

        Claim, work, finish. Who dies anywhere leaves a claim that runs out, after which the row is taken again; the
        same message delivered twice finds the row taken or done, and does nothing. A row that takes its process with it
        at every try is given up. Raises only where the database is away.
        """
        at = at or timezone.now()
        token = self.rows.claim(pk, at=at, seconds=self.claim_seconds)
        if token is None:
            # Not due yet, say: once it is, nobody shall think that it still stands in the queue.
            self.rows.filter(pk=pk, queued_at__isnull=False).update(queued_at=None)
            return False
        claim = Claim(self, pk, token, at)
        try:
            row = self.load(pk)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # as where its work fails: else it would come back for ever
            log.exception("%s %s", self.name, pk)
            return self._not_loaded(claim, error)
        done = self._run(row, claim, options)
        if row.queue == BULK:
            self.feed(at=at + timedelta(seconds=claim.seconds()), least=WINDOW // 2)
        return done

    def _not_loaded(self, claim: Claim, error: Exception) -> bool:
        row = self.rows.filter(pk=claim.pk).first()
        if row is not None:
            self._after(row, claim, self.unexpected(error))
        return False

    def _run(self, row: J, claim: Claim, options: dict[str, Any]) -> bool:
        try:
            if row.tries > len(self.waits(row)) + 3:
                raise PermanentError("stopped trying: the process died at every try")
            return self.work(row, claim, **options)
        except LostError:
            return False
        except MoreError:
            self._go_on(row, claim)
        except (PermanentError, PassingError) as error:
            self._after(row, claim, error)
        except Exception as error:  # one that cannot be done must not stop the others
            log.exception("%s %s", self.name, row.pk)
            self._after(row, claim, self.unexpected(error))
        return False

    def fail(self, row: J, claim: Claim, error: str, **fields: Any) -> None:
        self.failed(row, error)
        self.rows.fail(claim.pk, claim.token, at=claim.now(), error=error, **fields)

    def _after(self, row: J, claim: Claim, error: Exception) -> None:
        if isinstance(error, PermanentError):
            self.fail(row, claim, str(error), **error.fields)
        else:
            self._put_off(row, claim, str(error))

    def _put_off(self, row: J, claim: Claim, error: str) -> None:
        waits = self.waits(row)
        if row.tries > len(waits):
            self.fail(row, claim, f"given up after {row.tries} tries: {error}")
            return
        wait, now = waits[row.tries - 1], claim.now()
        self.put_off(row, wait, error)
        # Somebody waits. Of everything else the requeue knows when its time has come: the queue keeps no calendar.
        # Nor does it hold a message for longer than the queue takes it for lost.
        lost_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        soon = row.queue == URGENT and wait.total_seconds() < lost_after
        back = self.rows.retry(
            claim.pk,
            claim.token,
            at=now,
            wait=wait,
            error=error,
            queued_at=now + wait if soon else None,
        )
        if back and soon:
            self.hand_over(row, countdown=int(wait.total_seconds()))

    def _go_on(self, row: J, claim: Claim) -> None:
        """To the end of its queue: progress was made, so it counts as no try."""
        now = claim.now()
        if self.rows.retry(
            claim.pk, claim.token, at=now, wait=timedelta(0), error="", tries=0, queued_at=now
        ):
            self.hand_over(row)


def runners() -> list[Runner[Any]]:
    return list(_runners.values())


@shared_task(name="maarifa.jobs.requeue")
def requeue(queue: str) -> None:
    """For one queue, of each kind of job, what is due and not in it. It stands in that queue itself: when it runs,
    whatever was put there before it has been taken out.
    """
    requeue_now(queue)


def requeue_now(queue: str, *, at: datetime | None = None) -> int:
    """A bounded piece; the next run takes the rest. The number of rows. Safe at any moment and any number of times."""
    at = at or timezone.now()
    return sum(runner.requeue(queue, at=at) for runner in runners())
