"""What lower apps queue by mail."""

from django.dispatch import receiver

from maarifa.accounts.signals import account_closed, message_due
from maarifa.delivery import actions


@receiver(message_due)
def queue_account_message(message, key, kind, address, language, context, recipient, at, **kwargs):
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
def give_up_where_account_ends(sender, user, at, **kwargs):
    actions.give_up_pending(user=user, at=at)
