"""What lower apps queue by mail."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from maarifa.accounts.models import User
from maarifa.accounts.signals import account_closed, message_due
from maarifa.delivery import actions


@receiver(message_due)
def queue_account_message(
    message: str,
    key: str,
    kind: str,
    address: str,
    language: str,
    context: actions.Shown,
    recipient: User | None,
    at: datetime | None,
    **kwargs: Any,
) -> None:
    actions.queue_message(
        key=key,
        kind=kind,
        address=address,
        language=language,
        template=f"delivery/account/{message}",
        context=context,
        recipient=recipient,
        at=at,
    )


@receiver(account_closed, dispatch_uid="delivery.give_up_pending")
def give_up_where_account_ends(sender: object, user: User, at: datetime, **kwargs: Any) -> None:
    actions.give_up_pending(user=user, at=at)
