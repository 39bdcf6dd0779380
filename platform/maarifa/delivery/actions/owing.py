"""Deciding that a message is owed, in the recipient's words."""

import uuid
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from maarifa.delivery import tasks
from maarifa.delivery.actions.links import unsubscribe_url
from maarifa.delivery.actions.sending import send_delivery_now
from maarifa.delivery.actions.wording import Patterns, words_of
from maarifa.delivery.models import Delivery, Suppression
from maarifa.lib.contact import contact_of_site
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.languages import direction

# Beyond so many at once it is the sweep that hands them out, so that nobody's request waits for the queue.
MANY = 20


def owe_message(
    *, key, kind, address, language, template, context, recipient=None, at=None
) -> Delivery | None:
    """Owe a message to an address, in its recipient's language; it leaves after the transaction commits.

    Idempotent by `key`: the message that is owed already is returned, with the words it has. None, and
    nothing is owed, where the address is not written to. The words are made now, from
    "<template>.subject.txt", "<template>.txt" and, where there is one, "<template>.html"; without it the HTML
    part shows the text.

    Dying at any moment is safe: before the commit nothing is owed; after it the row is there, and the sweep
    takes what no task took. A sign-in code can't wait for that: with the queue down it is sent at once.
    """
    at = at or timezone.now()
    existing = Delivery.objects.filter(key=key).first()
    if existing:
        return existing
    if not Suppression.objects.allows(address, kind, recipient):
        return None
    message = {
        "key": key,
        "kind": kind,
        "address": address,
        "language": language,
        "template": template,
        "context": context,
        "recipient": recipient,
    }
    row = _kept(_compose(message, at))
    _hand_over(row)
    return row


def owe_messages(*, messages, at=None) -> int:
    """Owe many messages: `messages` are dicts of what `owe_message` takes. The number that is newly owed.

    The same promises, in as many queries for each five hundred.
    """
    at = at or timezone.now()
    owed = 0
    messages = list(messages)
    for start in range(0, len(messages), 500):
        some = messages[start : start + 500]
        held_back = Suppression.objects.held_back([_to(m) for m in some])
        there = set(Delivery.objects.filter(key__in=[m["key"] for m in some]).values_list("key", flat=True))
        new = [m for m in some if m["key"] not in there and _to(m) not in held_back]
        patterns = Patterns(new)
        rows = [_compose(message, at, patterns) for message in new]
        if not rows:
            continue
        with transaction.atomic():
            Delivery.objects.bulk_create(rows, ignore_conflicts=True)
            mine = Delivery.objects.filter(public_id__in=[row.public_id for row in rows])
            if len(messages) <= MANY:
                created = list(mine)
                for row in created:
                    _hand_over(row)
                owed += len(created)
            else:
                owed += mine.count()
    if owed and len(messages) > MANY:
        enqueue(tasks.sweep)
    return owed


def _to(message) -> tuple:
    recipient = message.get("recipient")
    return message["address"], message["kind"], recipient and recipient.pk


def owe_again(*, delivery, at=None) -> bool:
    """Try a message that failed once more, from the first try. False where it hasn't failed, or where its
    words are gone because they were secret. Never refuses.
    """
    again = (
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED)
        .exclude(text="")
        .update(state=Delivery.State.OWED, due_at=at or timezone.now(), tries=0, error="", finished_at=None)
    )
    if again:
        enqueue(tasks.send, delivery.pk)
    return bool(again)


def _kept(row) -> Delivery:
    """The row in the database, or the one of its key that somebody else was quicker to write."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Delivery.objects.get(key=row.key)
    return row


def _hand_over(row) -> None:
    # Somebody who asked for a way in is waiting for it: with the queue down it is sent at once.
    urgent = row.kind in Delivery.ASKED_FOR
    enqueue(tasks.send, row.pk, otherwise=send_delivery_now if urgent else None)


def _compose(message, at, patterns=None) -> Delivery:
    language, recipient = message["language"], message.get("recipient")
    row = Delivery(
        public_id=uuid.uuid4(),
        key=message["key"],
        kind=message["kind"],
        recipient=recipient,
        address=message["address"],
        language=language,
        due_at=at,
        created_at=at,
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    )
    with override(language):
        context = {
            **message["context"],
            "site_url": settings.SITE_URL,
            "site_name": settings.SITE_NAME,
            "site_contact": str(contact_of_site()),
            "language": language,
            "direction": direction(language),
            "recipient": recipient,
            "address": message["address"],
            "unsubscribe_url": unsubscribe_url(row.public_id) if row.is_unsubscribable else "",
        }
        words = patterns.words_of(message, context) if patterns else words_of(message["template"], context)
        row.subject, row.text, row.html = words["subject"], words["text"], words["html"]
    return row
