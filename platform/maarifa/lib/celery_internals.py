"""What this code lives on that Celery and its transport, kombu, do not document. All of it is here (TID251 in
pyproject.toml); `tests/lib/test_celery_internals.py` says in a sentence what another version of theirs has changed.
"""

import dbm
import logging
from typing import TYPE_CHECKING, Any

from celery.beat import PersistentScheduler
from kombu.transport import redis, virtual
from kombu.utils import scheduling

from maarifa.lib.queues import QUEUES

if TYPE_CHECKING:
    _Names = scheduling.priority_cycle[str]
    _Schedule = dict[str, Any]

    class _Scheduler(PersistentScheduler):
        """With those of its steps that the stubs leave out."""

        schedule_filename: str

        def _open_schedule(self) -> Any: ...

else:
    _Names, _Schedule, _Scheduler = scheduling.priority_cycle, dict, PersistentScheduler

log = logging.getLogger("maarifa.celery")


class QoS(redis.QoS):
    """What a worker has in hand. With kombu's own, a Redis that falls silent at the wrong moment ends a worker's work
    for good: the acknowledgement fails, the message counts as in hand for ever, and a worker that takes one at a time
    never asks for another, nor notices that its connection is dead.
    """

    def ack(self, delivery_tag: str) -> None:
        """Whatever Redis says, it is out of hand. One that Redis still holds is delivered once more, and acts once."""
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


def keep_nothing_in_hand_for_ever() -> None:
    """Every channel to Redis has our `QoS` from now on."""
    redis.Channel.QoS = QoS


class MostUrgentFirst(_Names):
    """A worker of several queues looks into the more urgent one first, whatever it took last. kombu's own orders go by
    chance (it keeps the names in a set) or by the alphabet.
    """

    # kombu goes over them several times, which the iterator that its stubs ask for would not stand.
    def consume(self, n: int) -> list[str]:  # type: ignore[override]
        # What is no queue of ours carries commands to workers, and goes first.
        return sorted((self.items or [])[:n], key=lambda name: QUEUES.index(name) if name in QUEUES else -1)


class _Unwritten(_Schedule):
    """In place of the file, while there is no room for one."""

    def sync(self) -> None:
        pass

    close = sync


class SchedulerWithoutRoom(_Scheduler):
    """Beat's, which goes on where its file cannot be written: on a full disk it counts from its own start."""

    FAULTS = (OSError, *dbm.error)
    _has_file = True

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except self.FAULTS as error:
            self._say(error)
            self._has_file = False
            super().setup_schedule()

    def sync(self) -> None:
        try:
            super().sync()
        except self.FAULTS as error:
            self._say(error)

    def close(self) -> None:
        try:
            super().close()
        except self.FAULTS as error:
            self._say(error)

    def _open_schedule(self) -> Any:
        return super()._open_schedule() if self._has_file else _Unwritten()

    def _say(self, error: Exception) -> None:
        log.warning("the schedule cannot be written to %s: %s", self.schedule_filename, error)
