"""Recovery codes: a credential on paper for people without e-mail."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.actions.people import drop_password
from maarifa.accounts.models import RecoveryCode, User
from maarifa.lib.codes import display_code, new_code, normalise_code
from maarifa.lib.errors import DomainError
from maarifa.lib.holding import hold

# 60 bits: beyond guessing, and short enough to copy by hand.
LENGTH = 12
# Of the codes that were used, so many are told from mistyped ones.
REMEMBERED = 1
# As long as an address that was changed can be taken back.
OLD_RECOVERY_CODE = timedelta(days=7)


class RecoveryError(DomainError):
    MESSAGES = {
        "WRONG": _("This user name and this code do not match. Check both and try again."),
        "USED": _(
            "This code has already been used and no longer works. Use your newer code, or ask for help."
        ),
    }


def make_recovery_code(*, user: User, at: datetime | None = None) -> str:
    """A new code for this person, shown to them once. The one before opens nothing any more. Never refuses."""
    at = at or timezone.now()
    code = new_code(LENGTH)
    digest = make_password(code)
    with transaction.atomic():
        # The person's row makes two that are asked for at once wait for each other.
        hold(User.objects.filter(pk=user.pk))
        RecoveryCode.objects.unused().filter(user=user).update(replaced_at=at)
        RecoveryCode.objects.create(user=user, digest=digest, made_at=at)
    return display_code(code)


def find_recovery_code(*, typed_name: str, code: str) -> RecoveryCode:
    """The unused code of the person with this user name, or address.

    Refuses USED to whoever types the right name and the code used last, and else WRONG; a name that nobody has takes as
    long as one that somebody has.
    """
    person = User.objects.named(typed_name)
    bare = normalise_code(code) or ""
    known = RecoveryCode.objects.filter(user=person) if person and person.closed_at is None else None
    unused = list(known.unused().select_related("user")) if known is not None else []
    used = list(known.used().order_by("-used_at")[:REMEMBERED]) if known is not None else []
    good = [row for row in unused if check_password(bare, row.digest)]
    gone = [row for row in used if check_password(bare, row.digest)]
    for _missing in range(1 + REMEMBERED - len(unused) - len(used)):
        make_password(bare)
    if gone:
        raise RecoveryError("USED")
    if not good:
        raise RecoveryError("WRONG")
    return good[0]


def use_recovery_code(*, code_id: int, at: datetime | None = None) -> User:
    """The person whose code this is (its pk). Their password is gone, and every session of theirs ended: they choose
    another one now. The code is used up. Refuses USED where it is used or replaced already.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if not RecoveryCode.objects.unused().filter(pk=code_id).update(used_at=at):
            raise RecoveryError("USED")
        person = User.objects.get(recovery_codes=code_id)
        drop_password(user=person)
        record_audit(actor=person, action="account.recovered", on_user=person, at=at)
        if person.email:
            queue_mail(
                message="password_changed",
                kind="account",
                address=person.email,
                language=person.language,
                context={},
                recipient=person,
                at=at,
            )
    return person


def end_recovery_codes(*, user: User, at: datetime | None = None) -> None:
    """No recovery code of this person opens anything any more. Never refuses."""
    RecoveryCode.objects.unused().filter(user=user).update(replaced_at=at or timezone.now())


def has_been_used(*, user: User) -> bool:
    """True once an account is its owner's: they have signed in, or have a credential of their own."""
    return bool(
        user.last_login
        or user.has_usable_password()
        or user.has_verified_email()
        or user.authenticator_set.exists()
        or RecoveryCode.objects.unused().filter(user=user).exists()
    )


def is_shut_out_by_signing_out(*, user: User) -> bool:
    """True for somebody who could not come back: no password, no address shown to be theirs, no unused code."""
    return not (
        user.has_usable_password()
        or EmailAddress.objects.filter(user=user, verified=True).exists()
        or RecoveryCode.objects.unused().filter(user=user).exists()
    )


def needs_recovery_code(*, user: User) -> bool:
    """True for somebody who has no e-mail address, and no unused code for the day when the password is forgotten."""
    return not user.email and not RecoveryCode.objects.unused().filter(user=user).exists()
