"""Leaving: closing an account, and erasing a person."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maarifa.accounts import signals
from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.models import User
from maarifa.lib.personal_data import everything_held


def close_account(*, user, by, at=None) -> bool:
    """Nobody signs in with this account any more; what it earned stays, and its certificates go on verifying.

    False where it was closed already. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        closed = User.objects.filter(pk=user.pk, closed_at=None).update(
            closed_at=at, is_active=False, session_epoch=F("session_epoch") + 1
        )
        if not closed:
            return False
        user.refresh_from_db()
        signals.account_closed.send(sender=User, user=user, at=at)
        record_audit(actor=by, action="account.closed", on_user=user, at=at)
        return True


def erase_account(*, user, by, at=None) -> bool:
    """Close the account and forget the person: every room's `personal_data` says what is deleted, blanked or
    kept.

    All in one transaction, from the top of the house down, so that a death in the middle erases nothing and
    the whole is asked for again. The row itself stays, empty, for what points at it. False where it was done
    already.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, erased_at__isnull=False).exists():
            return False
        close_account(user=user, by=by, at=at)
        for held in everything_held():
            held.erase(user)
        user.refresh_from_db()
        user.set_unusable_password()
        user.erased_at = at
        user.save(update_fields=["password", "erased_at"])
        signals.account_erased.send(sender=User, user=user, at=at)
        record_audit(actor=by, action="account.erased", on_user=user, at=at)
        return True
