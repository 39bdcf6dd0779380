"""What the database itself refuses about reminders."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from maarifa.reminders.models import Reminder
from tests.factories.delivery import DeliveryFactory
from tests.factories.learning import MONDAY, enrolled


@pytest.fixture
def reminder(db):
    return Reminder.objects.create(
        enrolment=enrolled(),
        kind="inactivity",
        occasion=MONDAY,
        settled_at=MONDAY,
        delivery=DeliveryFactory(),
    )


def test_message_is_that_of_one_reminder(reminder):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            enrolment=reminder.enrolment,
            kind="inactivity",
            occasion=MONDAY + timedelta(days=9),
            settled_at=MONDAY,
            delivery=reminder.delivery,
        )


def test_what_a_reminder_rests_on_cannot_be_deleted(reminder):
    for row in (reminder.enrolment, reminder.delivery):
        with pytest.raises(ProtectedError):
            row.delete()
