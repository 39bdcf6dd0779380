"""What the database itself refuses about signs of life."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.operations.models import Heartbeat


@pytest.mark.django_db
def test_kind_of_process_has_one_sign_of_life():
    Heartbeat.objects.create(name="worker", at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Heartbeat.objects.create(name="worker", at=timezone.now())
