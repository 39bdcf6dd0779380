"""What lower rooms owe by mail."""

from django.dispatch import receiver

from maarifa.accounts.signals import account_closed, message_owed
from maarifa.delivery import actions


@receiver(message_owed)
def owe_account_message(message, key, kind, address, language, context, recipient, at, **kwargs):
    actions.owe_message(
        key=key,
        kind=kind,
        address=address,
        language=language,
        template=f"delivery/account/{message}",
        context=context,
        recipient=recipient,
        at=at,
    )


@receiver(account_closed, dispatch_uid="delivery.give_up_owed")
def give_up_where_account_ends(sender, user, at, **kwargs):
    actions.give_up_owed(user=user, at=at)
