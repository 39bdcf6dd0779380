"""Handing messages to the mail server."""

import logging
import re
import smtplib
import time
from datetime import timedelta
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from maarifa.delivery import tasks
from maarifa.delivery.actions.links import unsubscribe_url
from maarifa.delivery.actions.stopping import suppress
from maarifa.delivery.models import Delivery, Suppression
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.text import casefold_key

log = logging.getLogger(__name__)

# Longer than a mail server may take over one message, so that nobody takes a row that is being sent.
CLAIM_SECONDS = 120
# Somebody is waiting in front of the screen.
URGENT_TIMEOUT = 5
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 720, 1440)]
# A code is good for twenty minutes.
URGENT_WAITS = [timedelta(seconds=s) for s in (10, 30, 120, 300)]
# Seconds between tries to write down that a message is sent; together with the sending less than a claim.
AWAY = [0.2, 0.5, 1, 2, 4, 8, 16]
# Rows that one sweep hands to the queue; the next one takes the rest.
SWEEP = 1000
# So begins the error of a message that nobody tried to send.
NOT_SENT = "not sent: "


def send_delivery(*, delivery_id, at=None, timeout=None) -> bool:
    """Send one message, if it is due and nobody else has it. True where the mail server took it.

    Claim, send, finish. Who dies before the claim or between claim and sending leaves a row that is taken
    again when the claim runs out: nothing is lost. Who dies after the mail server's yes and before our commit
    leaves a row that is sent once more, with the same Message-ID: at most one double for each death, and a
    mailbox may show one. A database that is away at that moment is waited for, half a minute. A message
    delivered twice by the queue finds the row taken or done, and does nothing.

    A passing error puts the row back with a growing wait, up to an end. A refused recipient fails the row and
    suppresses the address; anything else fails this row only, with what went wrong written on it. To a closed
    account only what is about the account is sent.
    """
    at = at or timezone.now()
    token = Delivery.objects.claim(delivery_id, at=at, seconds=CLAIM_SECONDS)
    if token is None:
        return False
    delivery = Delivery.objects.select_related("recipient").get(pk=delivery_id)
    if delivery.tries > len(delivery_waits(delivery)) + 3:
        # Claimed time and again and never finished: this row takes its processes with it.
        _fail(delivery, token, at=at, error="given up: the process died at every try")
        return False
    if not Suppression.objects.allows(delivery.address, delivery.kind, delivery.recipient):
        _fail(delivery, token, at=at, error="not sent: the address is not written to any more")
        return False
    if delivery.recipient and delivery.recipient.closed_at and delivery.kind != Delivery.Kind.ACCOUNT:
        _fail(delivery, token, at=at, error="not sent: the account is closed")
        return False
    try:
        _send(delivery, timeout=timeout)
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = _refusal(refused)
        if code >= 500:
            _refused(delivery, token, answer, code=code, at=at)
        else:
            _passing(delivery, token, f"{code} {answer}", at=at)
        return False
    except (smtplib.SMTPException, OSError) as error:
        if _passes(error):
            _passing(delivery, token, _words(error), at=at)
        else:
            _fail(delivery, token, at=at, error=_words(error))
        return False
    except Exception as error:  # a poisoned row must not stop the others, nor come back for ever
        log.exception("delivery %s can't be sent", delivery.public_id)
        _fail(delivery, token, at=at, error=f"{type(error).__name__}: {error}")
        return False
    _sent(delivery, token, at=at)
    return True


def send_delivery_now(delivery_id) -> None:
    """Send from within somebody's request, the queue being down: with a short time-out, for they are
    waiting.
    """
    send_delivery(delivery_id=delivery_id, timeout=URGENT_TIMEOUT)


def sweep(*, at=None) -> int:
    """Hand what is due and was lost on the way to the queue again; the number of rows. Never refuses.

    Safe at any moment and any number of times: a row that somebody has is not taken twice.
    """
    at = at or timezone.now()
    # What was owed a moment ago is still on its way through the queue.
    settled = at - timedelta(seconds=min(30, settings.SWEEP_SECONDS))
    due = Delivery.objects.due(settled).order_by("due_at", "id").values_list("pk", flat=True)[:SWEEP]
    for pk in due:
        enqueue(tasks.send, pk)
    return len(due)


def delivery_waits(delivery) -> list[timedelta]:
    return URGENT_WAITS if delivery.kind == Delivery.Kind.SIGN_IN else WAITS


def _send(delivery, *, timeout) -> None:
    headers = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-generated",
        "Date": format_datetime(delivery.created_at),
        "Content-Language": delivery.language,
    }
    if delivery.is_unsubscribable:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(delivery.public_id)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        to=[delivery.address],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers=headers,
        connection=get_connection(timeout=timeout or settings.EMAIL_TIMEOUT),
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    message.send()


def _refusal(refused) -> tuple[int, str]:
    code, answer = next(iter(refused.recipients.values()))
    return code, answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)


def _passes(error) -> bool:
    """Whether trying again later can help: the server is away or busy, or it is our own side that is set up
    wrong.
    """
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500 or isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    return isinstance(error, smtplib.SMTPServerDisconnected | OSError)


def _words(error) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        answer = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        return f"{error.smtp_code} {answer}"
    return f"{type(error).__name__}: {error}"


def _sent(delivery, token, *, at) -> None:
    """Write down that it is sent, also where the database goes away at this moment and comes back: the mail is out, and
    who does not die has no right to a double.
    """
    for wait in AWAY:
        try:
            return _write_sent(delivery, token, at=at)
        except OperationalError:
            if connection.in_atomic_block:
                raise
            log.warning("delivery %s is sent, and the database is away; trying again", delivery.public_id)
            connection.close()
            time.sleep(wait)
    return _write_sent(delivery, token, at=at)


def _write_sent(delivery, token, *, at) -> None:
    with transaction.atomic():
        Delivery.objects.finish(delivery.pk, token, at=at, **_emptied(delivery))
        # The mail server takes it again: it was the mailbox that was full, or the domain that was away.
        Suppression.objects.filter(
            address_key=casefold_key(delivery.address), reason=Suppression.Reason.REFUSED
        ).delete()


def _passing(delivery, token, error, *, at) -> None:
    waits = delivery_waits(delivery)
    if delivery.tries > len(waits):
        _fail(delivery, token, at=at, error=f"given up after {delivery.tries} tries: {error}")
        return
    wait = waits[delivery.tries - 1]
    log.warning("delivery %s is tried again in %s: %s", delivery.public_id, wait, _without_addresses(error))
    if Delivery.objects.put_back(delivery.pk, token, at=at, wait=wait, error=error) and (
        # A countdown beyond the queue's visibility time-out would come back more than once; the sweep has the
        # rest.
        wait.total_seconds() < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    ):
        enqueue(tasks.send, delivery.pk, countdown=int(wait.total_seconds()))


def _refused(delivery, token, answer, *, code, at) -> None:
    with transaction.atomic():
        _fail(delivery, token, at=at, error=f"{code} {answer}")
        # 5.7.x is about us (relaying denied, a policy), not about the mailbox.
        if not answer.startswith("5.7."):
            suppress(address=delivery.address, reason=Suppression.Reason.REFUSED, at=at)


def _fail(delivery, token, *, at, error) -> None:
    level = logging.INFO if error.startswith(NOT_SENT) else logging.WARNING
    log.log(level, "delivery %s failed: %s", delivery.public_id, _without_addresses(error))
    Delivery.objects.give_up(delivery.pk, token, at=at, error=error, **_emptied(delivery))


def _without_addresses(error: str) -> str:
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", error)


def _emptied(delivery) -> dict:
    """The words of a message with a key in it are gone once it is sent or given up: who reads rows must not read
    codes.
    """
    return {"text": "", "html": ""} if delivery.is_secret else {}
