"""Accounts that somebody signed up for with an address that nobody has ever shown to be theirs, and never entered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, ForeignObjectRel, Model, OuterRef, QuerySet
from django.utils import timezone

from maarifa.accounts.account_status import KEEPING
from maarifa.accounts.actions.going import erase_account
from maarifa.accounts.models import Consent, User

BATCH = 100
# What signing up alone leaves, and what is written about a person without them. A row of any other table that points at
# an account keeps it, so that a new table keeps accounts until somebody says otherwise here.
_OF_SIGNING_UP = {"account.EmailAddress", "accounts.Consent", "delivery.Delivery"}
_ABOUT_THEM = {("accounts.AuditEntry", "on_user")}


def forget_unconfirmed(*, at: datetime | None = None, most: int = BATCH) -> int:
    """Erase at most so many accounts that were signed up for more than UNCONFIRMED_DAYS ago, whose address was never
    shown to be anybody's, and that nobody entered, invited or wrote anything for; their number. Never refuses.

    Each in a transaction of its own that asks once more: who dies leaves the rest to the next time, two at once erase
    each once, and who comes back at this moment stays.
    """
    at = at or timezone.now()
    erased = 0
    for user in _unconfirmed(at).order_by("pk")[:most]:
        with transaction.atomic():
            # Holds the row: whoever signs in at this moment was first, or finds the account closed.
            still = _unconfirmed(at).filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
            erased += bool(still) and erase_account(user=user, by=None, at=at)
    return erased


def _unconfirmed(at: datetime) -> QuerySet[User]:
    me = OuterRef("pk")
    users = User.objects.filter(
        Exists(Consent.objects.filter(user=me, purpose=Consent.Purpose.TERMS)),
        ~Exists(EmailAddress.objects.filter(user=me, verified=True)),
        date_joined__lt=at - timedelta(days=settings.UNCONFIRMED_DAYS),
        email__isnull=False,
        last_login__isnull=True,
        closed_at__isnull=True,
        is_staff=False,
        is_superuser=False,
    )
    for model, field in _pointing():
        users = users.exclude(Exists(model._base_manager.filter(**{field: me})))
    for keeping in KEEPING:
        users = users.exclude(keeping())
    return users


def _pointing() -> Iterator[tuple[type[Model], str]]:
    """Every table and column that leads to an account, but for those above."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            table, field = relation.related_model, relation.field.name
            label = table._meta.label
            if label not in _OF_SIGNING_UP and (label, field) not in _ABOUT_THEM:
                yield table, field
