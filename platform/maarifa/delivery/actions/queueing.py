"""Queueing messages, in the recipient's words."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.delivery.actions.links import unsubscribe_url
from maarifa.delivery.actions.sending import DELIVERIES, send_delivery_now
from maarifa.delivery.actions.turns import give_turns
from maarifa.delivery.actions.wording import Message, Patterns, Shown, words_of
from maarifa.delivery.channels import route
from maarifa.delivery.kinds import kind_of
from maarifa.delivery.models import Delivery, Suppression, To
from maarifa.lib.contact import contact_of_site
from maarifa.lib.languages import direction
from maarifa.lib.queues import BULK, DEFAULT, URGENT

# Beyond so many at once they are mass mail: they go to the bulk queue, a few at a time.
MANY = 20


def queue_message(
    *,
    key: str,
    kind: str,
    template: str,
    context: Shown,
    recipient: User | None = None,
    address: str = "",
    language: str = "",
    institution: int | None = None,
    at: datetime | None = None,
) -> Delivery | None:
    """Queue a message to a person, by the channel that reaches them; it leaves after the transaction commits.

    `kind` is the name of a registered kind. `address` is given where it must go to that one, to show that it is
    somebody's, say, or where nobody here has it; `language` where it shall not be the recipient's. `institution` is the
    id of the one for which it is sent, where there is one.

    Idempotent by `key`: the message that is pending already is returned, with the words it has. None, and
    nothing is pending, where no channel reaches the person, or where the address is not written to. The words are made
    now, from "<template>.subject.txt", "<template>.txt" and, where there is one, "<template>.html"; without it the HTML
    part shows the text.

    Dying at any moment is safe: before the commit nothing is pending; after it the row is there, and is put in the
    queue again where it was lost. A sign-in code can't wait for that: with the queue down it is sent at once.
    """
    at = at or timezone.now()
    existing = Delivery.objects.filter(key=key).first()
    if existing:
        return existing
    message = _addressed(
        {
            "key": key,
            "kind": kind,
            "address": address,
            "language": language,
            "template": template,
            "context": context,
            "recipient": recipient,
            "institution": institution,
        }
    )
    if not message["address"] or not Suppression.objects.allows(message["address"], kind, recipient):
        return None
    row = _compose(message, at)
    if row.queue == BULK:
        give_turns([row])
    row = _kept(row)
    if row.queue == BULK:
        DELIVERIES.feed_after_commit(at=at)
    else:
        _hand_over(row)
    return row


def queue_messages(*, messages: Iterable[Message], at: datetime | None = None) -> int:
    """Queue many messages. The number of new ones.

    The same promises, in as many queries for each five hundred.
    """
    at = at or timezone.now()
    pending = 0
    addressed = [one for one in map(_addressed, messages) if one["address"]]
    for start in range(0, len(addressed), 500):
        some = addressed[start : start + 500]
        held_back = Suppression.objects.held_back([_to(m) for m in some])
        existing_keys = set(
            Delivery.objects.filter(key__in=[m["key"] for m in some]).values_list("key", flat=True)
        )
        new = [m for m in some if m["key"] not in existing_keys and _to(m) not in held_back]
        patterns = Patterns(new)
        rows = [_compose(message, at, patterns, many=len(addressed) > MANY) for message in new]
        if not rows:
            continue
        bulk = [row for row in rows if row.queue == BULK]
        with transaction.atomic():
            if bulk:
                give_turns(bulk)
            Delivery.objects.bulk_create(rows, ignore_conflicts=True)
            mine = Delivery.objects.filter(public_id__in=[row.public_id for row in rows])
            # What waits for its turn says so itself, by having none in the queue.
            alone = any(row.queue != BULK for row in rows)
            created = list(mine.only("pk", "queue", "kind")) if alone else []
            for row in created:
                if row.queue != BULK:
                    _hand_over(row)
            pending += len(created) if alone else mine.count()
    if pending:
        DELIVERIES.feed_after_commit(at=at)
    return pending


class Addressed(Message):
    channel: str


def _addressed(message: Message) -> Addressed:
    """With the channel, the address and the language that are not given."""
    recipient = message.get("recipient")
    name, address = ("mail", message["address"]) if message.get("address") else ("", "")
    if not address and recipient:
        name, address = route(recipient)
    language = message.get("language") or (recipient.language if recipient else "")
    known = language in dict(settings.LANGUAGES)
    return {
        **message,
        "channel": name,
        "address": address,
        "language": language if known else settings.LANGUAGE_CODE,
    }


def _to(message: Message) -> To:
    recipient = message.get("recipient")
    return message["address"], message["kind"], recipient.pk if recipient else None


def queue_again(*, deliveries: QuerySet[Delivery], at: datetime | None = None) -> int:
    """Try those of these messages that failed once more, from the first try; their number. Left out is what has no
    words any more because they were secret. Many at once go by the bulk queue. Never refuses.
    """
    at = at or timezone.now()
    failed = deliveries.filter(state=Delivery.State.FAILED).exclude(text="")
    rows = list(failed.order_by("pk").only("pk", "institution"))
    if len(rows) <= MANY:
        # Somebody asks for these: they stand behind nobody else's messages.
        return DELIVERIES.queue_again(failed, at=at, queue=DEFAULT)
    again = 0
    for start in range(0, len(rows), 500):
        some = rows[start : start + 500]
        with transaction.atomic():
            give_turns(some)
            turns = Case(*(When(pk=row.pk, then=row.turn) for row in some))
            again += DELIVERIES.queue_again(
                Delivery.objects.filter(pk__in=[row.pk for row in some]), at=at, queue=BULK, turn=turns
            )
    return again


def _kept(row: Delivery) -> Delivery:
    """The row in the database, or the one of its key that somebody else was quicker to write."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Delivery.objects.get(key=row.key)
    return row


def _hand_over(row: Delivery) -> None:
    # Somebody who asked for a code or a link is waiting for it: with the queue down it is sent at once.
    urgent = kind_of(row.kind).asked_for
    DELIVERIES.hand_over(row, otherwise=send_delivery_now if urgent else None)


def _queue(name: str, *, many: bool) -> str:
    kind = kind_of(name)
    if kind.asked_for:
        return URGENT
    return BULK if many or kind.mass else DEFAULT


def _compose(
    message: Addressed, at: datetime, patterns: Patterns | None = None, *, many: bool = False
) -> Delivery:
    language, recipient = message["language"], message.get("recipient")
    queue = _queue(message["kind"], many=many)
    row = Delivery(
        public_id=uuid.uuid4(),
        key=message["key"],
        kind=message["kind"],
        channel=message["channel"],
        recipient=recipient,
        institution_id=message.get("institution"),
        address=message["address"],
        language=language,
        queue=queue,
        queued_at=None if queue == BULK else at,
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
        texts = patterns.words_of(message, context) if patterns else words_of(message["template"], context)
        row.subject, row.text, row.html = texts["subject"], texts["text"], texts["html"]
    return row
