"""Leaving: closing an account, and erasing a person."""

from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maarifa.accounts import signals
from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.actions.sessions import forget_in_cache
from maarifa.accounts.models import User
from maarifa.lib.personal_data import everything_held


def close_account(*, user: User, by: User | None, tell: bool = True, at: datetime | None = None) -> bool:
    """Nobody signs in with this account any more; what it earned stays, and its certificates go on verifying. The
    person is told by mail, at the address that they have shown to be theirs, unless `tell` is false.

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
        if (
            tell
            and user.email
            and EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
        ):
            # After the signal, which gives up what was pending before.
            queue_mail(
                message="account_was_closed",
                kind="account",
                address=user.email,
                language=user.language,
                context={},
                recipient=user,
                at=at,
            )
        return True


def reopen_account(*, user: User, by: User | None, at: datetime | None = None) -> bool:
    """The person signs in again as before; the groups that they left stay left. False where it is open, or erased:
    erased stays erased. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        closed = User.objects.filter(pk=user.pk, closed_at__isnull=False, erased_at__isnull=True)
        if not closed.update(closed_at=None, is_active=True):
            return False
        user.refresh_from_db()
        record_audit(actor=by, action="account.reopened", on_user=user, at=at)
        return True


def closed_account_with(*, address: str) -> User | None:
    """The account that is closed, not erased, and had this address, where no open one has it; None elsewhere."""
    person = User.objects.named(address)
    return person if person and person.closed_at and not person.erased_at else None


def erase_account(*, user: User, by: User | None, at: datetime | None = None) -> bool:
    """Close the account and forget the person: every app's `personal_data` says what is deleted, blanked or
    kept.

    All in one transaction, from the highest app down, so that a death in the middle erases nothing and
    the whole is asked for again. The row itself stays, empty, for what points at it. False where it was done
    already.
    """
    at = at or timezone.now()
    with transaction.atomic():
        close_account(user=user, by=by, tell=False, at=at)
        # First of all, so that whoever is writing about this person finishes before the walk, or is refused.
        if not User.objects.filter(pk=user.pk, erased_at__isnull=True).update(erased_at=at):
            return False
        holdings = [(held, held.keys_of(user)) for held in everything_held()]
        for held, keys in holdings:
            held.erase(keys)
            if held.get_model() is Session:
                transaction.on_commit(partial(forget_in_cache, keys=keys), robust=True)
        user.refresh_from_db()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        signals.account_erased.send(sender=User, user=user, at=at)
        record_audit(actor=by, action="account.erased", on_user=user, at=at)
        return True


def hold_off_erasure(*, user_id: int) -> bool:
    """Nobody erases this person until the transaction ends that this is called in. False where it is done already.

    For what is written about a person after long work: without it, an erasure meanwhile would be undone.
    """
    return User.objects.filter(pk=user_id, erased_at__isnull=True).update(erased_at=None) == 1
