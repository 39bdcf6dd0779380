"""Handing messages to the channel that takes them."""

import logging
import re
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from maarifa.delivery import tasks
from maarifa.delivery.actions.links import unsubscribe_url
from maarifa.delivery.actions.stopping import suppress
from maarifa.delivery.channels import ChannelError, channel
from maarifa.delivery.kinds import kind_of
from maarifa.delivery.models import Delivery, Suppression
from maarifa.lib import jobs
from maarifa.lib.models import JobQuerySet
from maarifa.lib.text import casefold_key

log = logging.getLogger(__name__)

# Somebody is waiting in front of the screen.
URGENT_TIMEOUT = 5
# Seconds between tries to write down that a message is sent; together with the sending less than a claim.
AWAY = [0.2, 0.5, 1, 2, 4, 8, 16]
# So begins the error of a message that nobody tried to send.
NOT_SENT = "not sent: "


class Deliveries(jobs.Runner[Delivery]):
    """Messages. Who dies after the channel's yes and before our commit leaves a row that is sent once more, with the
    same Message-ID: at most one double for each death. A database that is away at that moment is waited for.
    """

    name = "delivery"
    model = Delivery
    task = tasks.send
    # Longer than a mail server may take over one message, so that nobody takes a row that is being sent.
    claim_seconds = 120

    def load(self, pk: int) -> Delivery:
        return Delivery.objects.select_related("recipient").get(pk=pk)

    def bulk(self) -> tuple[JobQuerySet[Delivery], tuple[str, ...]]:
        return Delivery.objects.filter(turn__isnull=False), ("turn", "pk")

    def work(self, row: Delivery, claim: jobs.Claim, *, timeout: float | None = None) -> bool:
        if not Suppression.objects.allows(row.address, row.kind, row.recipient):
            raise jobs.PermanentError(f"{NOT_SENT}no messages are sent to this address any more")
        if row.recipient and row.recipient.closed_at and not kind_of(row.kind).to_closed:
            raise jobs.PermanentError(f"{NOT_SENT}the account is closed")
        stop = unsubscribe_url(row.public_id) if row.is_unsubscribable else ""
        try:
            channel(row.channel).send(row, unsubscribe_url=stop, timeout=timeout)
        except ChannelError as error:
            if error.passing:
                raise jobs.PassingError(str(error)) from error
            self._refused(row, claim, error)
            return False
        _sent(row, claim)
        return True

    def waits(self, row: Delivery) -> tuple[timedelta, ...]:
        return kind_of(row.kind).waits or jobs.WAITS

    def unexpected(self, error: Exception) -> Exception:
        """A poisoned row must not come back for ever."""
        return jobs.PermanentError(f"{type(error).__name__}: {error}")

    def fail(self, row: Delivery, claim: jobs.Claim, error: str, **fields: Any) -> None:
        super().fail(row, claim, error, turn=None, **_emptied(row), **fields)

    def failed(self, row: Delivery, error: str) -> None:
        level = logging.INFO if error.startswith(NOT_SENT) else logging.WARNING
        log.log(level, "delivery %s failed: %s", row.public_id, _without_addresses(error))

    def put_off(self, row: Delivery, wait: timedelta, error: str) -> None:
        log.warning(
            "delivery %s will be tried again in %s: %s", row.public_id, wait, _without_addresses(error)
        )

    def _refused(self, row: Delivery, claim: jobs.Claim, error: ChannelError) -> None:
        with transaction.atomic():
            self.fail(row, claim, str(error))
            if error.refused:
                suppress(address=row.address, reason=Suppression.Reason.REFUSED, at=claim.now())


DELIVERIES = Deliveries()


def send_delivery(*, delivery_id: int, at: datetime | None = None, timeout: float | None = None) -> bool:
    """Send one message, if it is due and nobody else has it. True where its channel took it.

    A passing error puts the row back with a growing wait, up to an end. A refused recipient fails the row and
    suppresses the address; anything else fails this row only, with what went wrong written on it. To a closed
    account only what is about the account is sent. See `Deliveries` for what a death leaves behind.
    """
    return DELIVERIES.run(delivery_id, at=at, timeout=timeout)


def send_delivery_now(delivery_id: int) -> None:
    """Send from within somebody's request, the queue being down: with a short time-out, for they are
    waiting.
    """
    send_delivery(delivery_id=delivery_id, timeout=URGENT_TIMEOUT)


def _sent(delivery: Delivery, claim: jobs.Claim) -> None:
    """Write down that it is sent, also where the database goes away at this moment and comes back: the mail is out, and
    who does not die has no right to a double.
    """
    for wait in AWAY:
        try:
            return _write_sent(delivery, claim)
        except OperationalError:
            if connection.in_atomic_block:
                raise
            log.warning(
                "delivery %s was sent, but the database does not answer; trying again", delivery.public_id
            )
            connection.close()
            time.sleep(wait)
    return _write_sent(delivery, claim)


def _write_sent(delivery: Delivery, claim: jobs.Claim) -> None:
    with transaction.atomic():
        claim.finish(turn=None, **_emptied(delivery))
        # The mail server takes it again: it was the mailbox that was full, or the domain that was away.
        Suppression.objects.filter(
            address_key=casefold_key(delivery.address), reason=Suppression.Reason.REFUSED
        ).delete()


def _without_addresses(error: str) -> str:
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", error)


def _emptied(delivery: Delivery) -> dict[str, str]:
    """The words of a message with a key in it are gone once it is sent or given up: who reads rows must not read
    codes.
    """
    return {"text": "", "html": ""} if delivery.is_secret else {}
