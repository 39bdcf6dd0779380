"""What the database refuses about messages, and whom nobody writes to."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from maarifa.delivery.kinds import names_of
from maarifa.delivery.models import Delivery, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory, SuppressionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "taken"},
        {"key": ""},
        {"address": ""},
        {"message_id": "<taken@example.org>"},
        {"state": "claimed"},
        {"state": "claimed", "claim_token": uuid4()},
        {"state": "pending", "claim_token": uuid4()},
        {"state": "done"},
        {"state": "failed"},
        {"state": "pending", "finished_at": NOW},
    ],
)
def test_message_is_refused_by_constraint(fields):
    DeliveryFactory(key="taken", message_id="<taken@example.org>")
    row = DeliveryFactory.build(**{"key": "free", "message_id": "<free@example.org>"} | fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.bulk_create([row])


def test_recipient_of_a_message_cannot_be_deleted():
    row = DeliveryFactory(recipient=UserFactory())

    with pytest.raises(ProtectedError):
        row.recipient.delete()


@pytest.mark.parametrize("fields", [{}, {"address_key": ""}])
def test_suppression_is_refused_by_constraint(fields):
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder")
    row = Suppression(
        **{"address_key": "wanjiru@example.org", "kind": "reminder", "reason": "refused"} | fields
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.bulk_create([row])


@pytest.mark.parametrize(
    ("suppressed", "reason", "held_back"),
    [
        ("reminder", "unsubscribed", {"reminder"}),
        ("invitation", "unsubscribed", {"invitation"}),
        ("", "refused", {"reminder", "review", "invitation", "certificate", "learning", "new-result"}),
        (
            "",
            "by-hand",
            {
                "reminder",
                "review",
                "invitation",
                "certificate",
                "learning",
                "new-result",
                "sign-in",
                "account",
            },
        ),
    ],
)
def test_suppression_holds_back(suppressed, reason, held_back):
    SuppressionFactory(address_key="wanjiru@example.org", kind=suppressed, reason=reason)

    assert {
        kind for kind in names_of() if not Suppression.objects.allows("Wanjiru@Example.org", kind)
    } == held_back
    assert all(Suppression.objects.allows("other@example.org", kind) for kind in names_of())


def test_claim_is_taken_by_one():
    row = DeliveryFactory(due_at=NOW)

    first = Delivery.objects.claim(row.pk, at=NOW, seconds=60)

    assert Delivery.objects.claim(row.pk, at=NOW, seconds=60) is None
    later = Delivery.objects.claim(row.pk, at=NOW + timedelta(seconds=60), seconds=60)
    assert later is not None
    assert Delivery.objects.finish(row.pk, first, at=NOW) is False
    assert Delivery.objects.finish(row.pk, later, at=NOW) is True


def test_claim_waits_until_it_is_due():
    row = DeliveryFactory(due_at=NOW + timedelta(seconds=1))

    assert Delivery.objects.claim(row.pk, at=NOW, seconds=60) is None
