"""Not writing to somebody any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.delivery import kinds
from maarifa.delivery.actions.links import read_token
from maarifa.delivery.models import Delivery, OptOut, Suppression
from maarifa.lib.errors import DomainError
from maarifa.lib.text import casefold_key


class UnsubscribeError(DomainError):
    UNKNOWN = "UNKNOWN"
    ALWAYS_SENT = "ALWAYS_SENT"
    MESSAGES = {
        UNKNOWN: _("This link is incomplete. Open it again from the message, or copy the whole link."),
        ALWAYS_SENT: _("We always send messages of this kind, so you cannot unsubscribe from them."),
    }


def delivery_of(*, token: str) -> Delivery:
    """The message whose unsubscribe link this is. Refuses UNKNOWN, ALWAYS_SENT."""
    public_id = read_token(token)
    delivery = Delivery.objects.exclude(address="").filter(public_id=public_id).first() if public_id else None
    if delivery is None:
        raise UnsubscribeError(UnsubscribeError.UNKNOWN)
    if not delivery.is_unsubscribable:
        raise UnsubscribeError(UnsubscribeError.ALWAYS_SENT, language=delivery.language)
    return delivery


def person_of(*, delivery: Delivery) -> User | None:
    """Whom the message was for; without a recipient, who has shown that the address is theirs. Never refuses."""
    address = User.normalise_address(delivery.address)
    return (
        delivery.recipient
        or User.objects.filter(emailaddress__email=address, emailaddress__verified=True).first()
    )


def unsubscribe(*, delivery: Delivery, at: datetime | None = None) -> None:
    """No more messages of this kind to this person, at whichever address; where the address is nobody's here, none to
    the address. Again changes nothing. Never refuses.
    """
    person = person_of(delivery=delivery)
    if person:
        opt_out(user=person, kind=delivery.kind, at=at)
    else:
        suppress(address=delivery.address, kind=delivery.kind, reason=Suppression.Reason.UNSUBSCRIBED, at=at)


def resubscribe(*, delivery: Delivery, at: datetime | None = None) -> None:
    """The person wants messages of this kind again. What others decided about the address stays. Never
    refuses.
    """
    person = person_of(delivery=delivery)
    if person:
        opt_in(user=person, kind=delivery.kind)
    _unsubscribed({delivery.address}, delivery.kind).delete()


def opt_out(*, user: User, kind: str, at: datetime | None = None) -> None:
    """The person wants no messages of this kind. Again changes nothing. Refuses ALWAYS_SENT."""
    _refuse_always_sent(kind)
    OptOut.objects.bulk_create([OptOut(user=user, kind=kind, at=at or timezone.now())], ignore_conflicts=True)


def opt_in(*, user: User, kind: str, at: datetime | None = None) -> None:
    """The person wants messages of this kind again, at each of their addresses. Refuses ALWAYS_SENT."""
    _refuse_always_sent(kind)
    with transaction.atomic():
        OptOut.objects.filter(user=user, kind=kind).delete()
        _unsubscribed(_addresses(user), kind).delete()


def wanted_kinds(*, user: User) -> dict[str, bool]:
    """Whether the person gets messages of each kind that can be stopped."""
    stopped = set(OptOut.objects.filter(user=user).values_list("kind", flat=True))
    stopped |= set(_unsubscribed(_addresses(user)).values_list("kind", flat=True))
    return {kind: kind not in stopped for kind in sorted(kinds.names_of(can_stop=True))}


def _refuse_always_sent(kind: str) -> None:
    if kind not in kinds.names_of(can_stop=True):
        raise UnsubscribeError(UnsubscribeError.ALWAYS_SENT)


def _addresses(user: User) -> set[str]:
    proven = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    return {*proven, user.email or ""} - {""}


def _unsubscribed(addresses: Iterable[str], kind: str | None = None) -> QuerySet[Suppression]:
    keys = {casefold_key(address) for address in addresses}
    rows = Suppression.objects.filter(address_key__in=keys, reason=Suppression.Reason.UNSUBSCRIBED)
    return rows.filter(kind=kind) if kind else rows


def suppress(*, address: str, kind: str = "", reason: str, at: datetime | None = None) -> None:
    """Don't write to this address any more: of one kind, or with an empty kind at all. Never refuses."""
    Suppression.objects.bulk_create(
        [Suppression(address_key=casefold_key(address), kind=kind, reason=reason, at=at or timezone.now())],
        ignore_conflicts=True,
    )


def give_up_pending(*, user: User, at: datetime | None = None) -> int:
    """An account is closed: what was pending to its person is not sent, but for what is about the account itself, its
    closing, say. The number of messages. What is being sent at this moment arrives. Never refuses.
    """
    pending = Delivery.objects.filter(recipient=user, state=Delivery.State.PENDING).exclude(
        kind__in=kinds.names_of(to_closed=True)
    )
    given_up = {
        "state": Delivery.State.FAILED,
        "finished_at": at or timezone.now(),
        "error": "not sent: the account is closed",
        "turn": None,
    }
    with transaction.atomic():
        # The words of a message with a key in it go with it.
        secret = pending.filter(kind__in=kinds.names_of(secret=True)).update(**given_up, text="", html="")
        return secret + pending.update(**given_up)
