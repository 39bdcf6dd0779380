"""Mail about an account: this app says what is to be sent, a higher one writes and sends it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from maarifa.accounts import signals
from maarifa.accounts.models import User


def queue_mail(
    *,
    message: str,
    kind: Literal["sign-in", "account"],
    address: str,
    language: str,
    context: Mapping[str, str],
    recipient: User | None = None,
    key: str | None = None,
    at: datetime | None = None,
) -> None:
    """Queue one message, say "login_code", `kind` being "sign-in" or "account". Never refuses.

    `key` names the occasion: the same key queues one message only. Without one every call is an occasion of its own.
    """
    with transaction.atomic():
        signals.message_due.send(
            sender=None,
            key=key or f"account/{uuid.uuid4()}",
            kind=kind,
            address=address,
            language=language,
            message=message,
            context=context,
            recipient=recipient,
            at=at or timezone.now(),
        )
