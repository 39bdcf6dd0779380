"""What happens to institutions, their units, their staff and the accounts they make."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import actions as accounts
from maarifa.accounts.models import AuditEntry, User
from maarifa.institutions.models import PATH_LENGTH, Institution, ManagedAccount, Membership, Unit
from maarifa.lib.errors import DomainError
from maarifa.lib.text import clean_name


class InstitutionError(DomainError):
    KEY_TAKEN = "KEY_TAKEN"
    TREE_TOO_DEEP = "TREE_TOO_DEEP"
    RETIRED = "RETIRED"
    CLOSED = "CLOSED"
    NOT_MADE_HERE = "NOT_MADE_HERE"
    HAS_ADDRESS = "HAS_ADDRESS"
    LEARNS_ELSEWHERE = "LEARNS_ELSEWHERE"
    STAFF = "STAFF"
    MESSAGES = {
        KEY_TAKEN: _("The key “%(key)s” is already in use here. Choose another key."),
        TREE_TOO_DEEP: _(
            "This unit has too many levels above it: its path would be longer than %(most)s "
            "characters. Use a shorter key, or add the unit at a higher level."
        ),
        RETIRED: _("%(institution)s is closed on this site. You cannot add anything new to it."),
        CLOSED: _("This account is closed."),
        NOT_MADE_HERE: _(
            "This account was not created by %(institution)s. Only its owner can change how they sign in."
        ),
        # One sentence for all: an institution is not told what somebody does elsewhere.
        **dict.fromkeys(
            (HAS_ADDRESS, LEARNS_ELSEWHERE, STAFF),
            _(
                "Only this person or the site administrators can change how this person signs in. If "
                "they have added an e-mail address, they can sign in with a code sent to it."
            ),
        ),
    }


def create_institution(
    *,
    key: str,
    name: str,
    language: str,
    time_zone: str = "UTC",
    contact: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> Institution:
    """A new institution with the root of its tree of units, which bears its name. Refuses KEY_TAKEN."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            institution = Institution.objects.create(
                key=key,
                name=clean_name(name),
                language=language,
                time_zone=time_zone,
                contact=clean_name(contact),
                contact_email=contact_email,
                contact_phone=clean_name(contact_phone),
                created_at=at,
            )
            Unit.objects.create(institution=institution, key=key, path=f"{key}/", name=institution.name)
            if by is not None:
                accounts.record_audit(
                    actor=by, action="institution.created", institution=institution.public_id, at=at
                )
            return institution
    except IntegrityError:
        if not Institution.objects.filter(key=key).exists():
            raise
        raise InstitutionError(InstitutionError.KEY_TAKEN, key=key)


def add_unit(
    *, parent: Unit, key: str, name: str, by: User | None = None, at: datetime | None = None
) -> Unit:
    """A new unit under `parent`. Refuses KEY_TAKEN among its siblings, TREE_TOO_DEEP, RETIRED."""
    institution = parent.institution
    _refuse_retired(institution)
    path = f"{parent.path}{key}/"
    if len(path) > PATH_LENGTH:
        raise InstitutionError(InstitutionError.TREE_TOO_DEEP, most=PATH_LENGTH)
    try:
        with transaction.atomic():
            unit = Unit.objects.create(
                institution=institution, parent=parent, key=key, path=path, name=clean_name(name)
            )
            if by is not None:
                accounts.record_audit(
                    actor=by,
                    action="unit.added",
                    institution=institution.public_id,
                    details={"unit": str(unit.public_id)},
                    at=at,
                )
            return unit
    except IntegrityError:
        if not Unit.objects.filter(institution=institution, path=path).exists():
            raise
        raise InstitutionError(InstitutionError.KEY_TAKEN, key=key)


def retire_institution(*, institution: Institution, by: User | None, at: datetime | None = None) -> bool:
    """Nobody works there any more, and nothing new begins; what was learnt stays. False where it was retired.

    Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        retired = Institution.objects.filter(pk=institution.pk, retired_at=None).update(retired_at=at)
        if retired:
            accounts.record_audit(
                actor=by, action="institution.retired", institution=institution.public_id, at=at
            )
    institution.refresh_from_db(fields=["retired_at"])
    return bool(retired)


def grant_role(
    *, user: User, unit: Unit, role: str, by: User | None, at: datetime | None = None
) -> Membership:
    """The person works in this unit and everything under it. The same role again changes nothing; another one
    takes the earlier one's place, and of two at one moment the later one stays. Refuses RETIRED, and CLOSED for
    a closed account.
    """
    at = at or timezone.now()
    _refuse_retired(unit.institution)
    if not User.objects.open().filter(pk=user.pk).exists():
        raise InstitutionError(InstitutionError.CLOSED)
    for _again in range(3):
        try:
            return _grant(user=user, unit=unit, role=role, by=by, at=at)
        except IntegrityError as error:
            # Somebody else's was written between our look and our writing: now there is one to see.
            lost = error
    raise lost


def _grant(*, user: User, unit: Unit, role: str, by: User | None, at: datetime) -> Membership:
    with transaction.atomic():
        current = Membership.objects.current().filter(user=user, unit=unit)
        held = current.first()
        if held and held.role == role:
            return held
        # Never before it began, whichever of two clocks was ahead.
        current.update(ended_at=Greatest("granted_at", Value(at)))
        membership = Membership.objects.create(user=user, unit=unit, role=role, granted_by=by, granted_at=at)
        accounts.record_audit(
            actor=by,
            action="role.granted",
            on_user=user,
            institution=unit.institution.public_id,
            details={"unit": str(unit.public_id), "role": str(role)},
            at=at,
        )
        return membership


def end_role(*, membership: Membership, by: User | None, at: datetime | None = None) -> bool:
    """The person no longer works there. False where that was so already. Never refuses."""
    at = at or timezone.now()
    with transaction.atomic():
        ended = Membership.objects.current().filter(pk=membership.pk).update(ended_at=at)
        if ended:
            accounts.record_audit(
                actor=by,
                action="role.ended",
                on_user=membership.user,
                institution=membership.unit.institution.public_id,
                details={"unit": str(membership.unit.public_id), "role": membership.role},
                at=at,
            )
    membership.refresh_from_db(fields=["ended_at"])
    return bool(ended)


def make_managed_account(
    *,
    institution: Institution,
    username: str | None = None,
    name: str,
    language: str,
    time_zone: str | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> User:
    """An account for somebody without an e-mail address. The account is the person's; the institution may
    reset the credential, see `why_not_reset`. It has no password: they sign in by a card or a link that the caller
    gives out.

    Refuses USERNAME_TAKEN, USERNAME_WRONG (an AccountError), RETIRED.
    """
    at = at or timezone.now()
    _refuse_retired(institution)
    with transaction.atomic():
        user = accounts.create_account(
            username=username,
            name=name,
            language=language,
            time_zone=time_zone or institution.time_zone,
            at=at,
        )
        ManagedAccount.objects.create(user=user, institution=institution, created_at=at)
        if by is not None:
            accounts.record_audit(
                actor=by, action="account.made", on_user=user, institution=institution.public_id, at=at
            )
        return user


def make_managed_accounts(
    *,
    institution: Institution,
    people: Iterable[accounts.NewPerson],
    by: User | None = None,
    at: datetime | None = None,
) -> list[User | None]:
    """As `make_managed_account`, for many people (`accounts.NewPerson`) at once, in their order, with one
    line of audit for all; None for an address that somebody has, whose account is not the institution's.
    Refuses RETIRED.
    """
    at = at or timezone.now()
    _refuse_retired(institution)
    with transaction.atomic():
        users = accounts.create_accounts(people=people, at=at)
        ManagedAccount.objects.bulk_create(
            ManagedAccount(user=user, institution=institution, created_at=at) for user in users if user
        )
        count = sum(user is not None for user in users)
        if by is not None and count:
            accounts.record_audit(
                actor=by,
                action="accounts.made",
                institution=institution.public_id,
                details={"count": count},
                at=at,
            )
        return users


def why_not_reset(*, institution: Institution, user: User, learns_elsewhere: bool) -> InstitutionError | None:
    """The reason why this institution may not reset this person's credential; None where it may.

    Only for an account that it made, that has no confirmed address and no rights over others, and whose person is in no
    cohort of another institution. Cohorts are a higher app's: the caller says whether there is one.
    """
    if user.closed_at:
        return InstitutionError(InstitutionError.CLOSED)
    if not ManagedAccount.objects.filter(user=user, institution=institution).exists():
        return InstitutionError(InstitutionError.NOT_MADE_HERE, institution=institution.name)
    if user.has_verified_email():
        return InstitutionError(InstitutionError.HAS_ADDRESS)
    if learns_elsewhere:
        return InstitutionError(InstitutionError.LEARNS_ELSEWHERE)
    if user.is_staff or user.is_superuser or Membership.objects.current().filter(user=user).exists():
        return InstitutionError(InstitutionError.STAFF)
    return None


def reset_credential(
    *,
    institution: Institution,
    user: User,
    learns_elsewhere: bool,
    by: User | None,
    at: datetime | None = None,
) -> None:
    """The old password and recovery code no longer work and every session ends; the caller gives out a new card.

    Refuses with the reasons of `why_not_reset`.
    """
    refusal = why_not_reset(institution=institution, user=user, learns_elsewhere=learns_elsewhere)
    if refusal is not None:
        raise refusal
    with transaction.atomic():
        accounts.drop_password(user=user, at=at)
        accounts.end_recovery_codes(user=user, at=at)
        accounts.record_audit(
            actor=by, action="credential.reset", on_user=user, institution=institution.public_id, at=at
        )


def credential_was_reset(*, institution: Institution, user: User) -> bool:
    """Whether this institution has reset the person's credential, and nobody has signed in or set a password since."""
    resets = AuditEntry.objects.filter(
        on_user=user, action="credential.reset", institution=institution.public_id
    )
    if user.last_login:
        resets = resets.filter(at__gte=user.last_login)
    return not user.has_usable_password() and resets.exists()


def _refuse_retired(institution: Institution) -> None:
    if institution.retired_at:
        raise InstitutionError(InstitutionError.RETIRED, institution=institution.name)
