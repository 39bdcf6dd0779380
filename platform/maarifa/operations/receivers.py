"""What operations hears from below."""

from django.dispatch import receiver

from maarifa.accounts.signals import account_erased
from maarifa.operations.actions import list_erasures_after_commit


@receiver(account_erased, dispatch_uid="operations.list_erasure")
def list_erasure(sender, user, **kwargs):
    list_erasures_after_commit()
