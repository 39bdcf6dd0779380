"""Not writing to somebody any more."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.delivery.actions.links import read_token
from maarifa.delivery.models import Delivery, Suppression
from maarifa.lib.refusals import Refusal
from maarifa.lib.text import casefold_key


class UnsubscribeRefusal(Refusal):
    UNKNOWN = "UNKNOWN"
    ALWAYS_SENT = "ALWAYS_SENT"
    MESSAGES = {
        UNKNOWN: _("This link is not complete. Open it again from the message, or copy all of it."),
        ALWAYS_SENT: _("Messages of this kind are sent only when you ask for them."),
    }


def delivery_of(*, token) -> Delivery:
    """The message whose unsubscribe link this is. Refuses UNKNOWN, ALWAYS_SENT."""
    public_id = read_token(token)
    delivery = Delivery.objects.exclude(address="").filter(public_id=public_id).first() if public_id else None
    if delivery is None:
        raise UnsubscribeRefusal(UnsubscribeRefusal.UNKNOWN)
    if not delivery.is_unsubscribable:
        raise UnsubscribeRefusal(UnsubscribeRefusal.ALWAYS_SENT, language=delivery.language)
    return delivery


def unsubscribe(*, delivery, at=None) -> None:
    """No more messages of this kind to this address. Again changes nothing. Never refuses."""
    suppress(address=delivery.address, kind=delivery.kind, reason=Suppression.Reason.UNSUBSCRIBED, at=at)


def resubscribe(*, delivery, at=None) -> None:
    """The person wants messages of this kind again. What others decided about the address stays. Never
    refuses.
    """
    Suppression.objects.filter(
        address_key=casefold_key(delivery.address),
        kind=delivery.kind,
        reason=Suppression.Reason.UNSUBSCRIBED,
    ).delete()


def suppress(*, address, kind="", reason, at=None) -> None:
    """Don't write to this address any more: of one kind, or with an empty kind at all. Never refuses."""
    Suppression.objects.bulk_create(
        [Suppression(address_key=casefold_key(address), kind=kind, reason=reason, at=at or timezone.now())],
        ignore_conflicts=True,
    )


def give_up_owed(*, user, at=None) -> int:
    """An account is closed: what was owed to its person is not sent, but for what is about the account itself, its
    closing, say. The number of messages. What is being sent at this moment arrives. Never refuses.
    """
    owed = Delivery.objects.filter(recipient=user, state=Delivery.State.OWED).exclude(
        kind=Delivery.Kind.ACCOUNT
    )
    given_up = {
        "state": Delivery.State.FAILED,
        "finished_at": at or timezone.now(),
        "error": "not sent: the account is closed",
    }
    with transaction.atomic():
        # The words of a message with a key in it go with it.
        secret = owed.filter(kind__in=Delivery.SECRET).update(**given_up, text="", html="")
        return secret + owed.update(**given_up)
