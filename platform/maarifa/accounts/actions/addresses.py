"""When somebody's address changes: the old one is told, and can take it back for a week."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.actions.people import drop_password, release_unproven_claims
from maarifa.accounts.actions.recovery import end_recovery_codes
from maarifa.accounts.models import AddressChange, User
from maarifa.lib.errors import DomainError

UNDO = timedelta(days=7)
_signer = TimestampSigner(salt="maarifa.accounts.undo_address")


class AddressError(DomainError):
    LINK_OVER = "LINK_OVER"
    ADDRESS_TAKEN = "ADDRESS_TAKEN"
    MESSAGES = {
        LINK_OVER: _(
            "This link does not work. It may be incomplete, already used or more than 7 days old. If "
            "someone else is using your account, contact the site administrators."
        ),
        ADDRESS_TAKEN: _("Another account now uses this address. Contact the site administrators."),
    }


def note_address_change(*, user: User, old: str, new: str, at: datetime | None = None) -> AddressChange:
    """The person's address is now `new`, or none (""): `old`, which was proven theirs, is told and gets a link back.

    Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        change = AddressChange.objects.create(user=user, old=old, new=new, changed_at=at)
        queue_mail(
            message="email_changed",
            kind="account",
            address=old,
            language=user.language,
            context={"to_email": new, "token": _signer.sign(change.public_id.hex)},
            recipient=user,
            at=at,
        )
        return change


def find_address_change(*, token: str, at: datetime | None = None) -> AddressChange:
    """The change that the link undoes. Refuses LINK_OVER."""
    try:
        public_id = _signer.unsign(token, max_age=UNDO)
    except BadSignature:
        raise AddressError(AddressError.LINK_OVER) from None
    change = AddressChange.objects.filter(public_id=public_id, undone_at=None).select_related("user").first()
    if change is None or change.user.erased_at:
        raise AddressError(AddressError.LINK_OVER)
    return change


def undo_address_change(*, change: AddressChange, at: datetime | None = None) -> None:
    """The old address is the person's again, and nothing that a stranger may have set lets anybody in: every session
    ends, password and recovery code are gone, and so is each second step that was added since, or in the week before:
    whoever took the address may have added one first. What was changed later is undone too.

    Refuses LINK_OVER where it was undone already, ADDRESS_TAKEN where somebody else has proven the address meanwhile.
    """
    at = at or timezone.now()
    user = change.user
    with transaction.atomic():
        if not AddressChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=at):
            raise AddressError(AddressError.LINK_OVER)
        if EmailAddress.objects.filter(email=change.old, verified=True).exclude(user=user).exists():
            raise AddressError(AddressError.ADDRESS_TAKEN)
        AddressChange.objects.filter(user=user, changed_at__gte=change.changed_at, undone_at=None).update(
            undone_at=at
        )
        release_unproven_claims(address=change.old, user=user)
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=change.old, primary=True, verified=True)
        user.email = change.old
        user.save(update_fields=["email"])
        Authenticator.objects.filter(user=user, created_at__gte=change.changed_at - UNDO).delete()
        end_recovery_codes(user=user, at=at)
        drop_password(user=user)
        record_audit(actor=None, action="account.address_restored", on_user=user, at=at)


def forget_address_changes(*, at: datetime | None = None) -> int:
    """Forget the changes that can no longer be undone; their number. Never refuses."""
    at = at or timezone.now()
    return AddressChange.objects.filter(changed_at__lt=at - UNDO).delete()[0]
