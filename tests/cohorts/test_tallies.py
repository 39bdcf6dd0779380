"""The figures on top of a cohort's page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maarifa.cohorts.models import Seat
from tests.factories.cohorts import CohortFactory, SeatFactory, accepted_seat, staff_of

pytestmark = pytest.mark.django_db


def test_figures_count_who_needs_a_hand_and_who_does_not(client):
    cohort, now = CohortFactory(), timezone.now()
    accepted_seat(cohort=cohort, at=now)
    SeatFactory(cohort=cohort, invited_at=now)
    SeatFactory(cohort=cohort, invited_at=now - timedelta(days=30))
    SeatFactory(cohort=cohort, state=Seat.State.LEFT, invited_at=now, left_at=now)
    client.force_login(staff_of(cohort))

    page = client.get(reverse("cohort", args=[cohort.public_id]))

    figures = next(found for context in page.context for found in context.dicts if "tallies" in found)[
        "tallies"
    ]
    assert figures == {
        "people": 3,
        "track": 1,
        "hand": 1,
        "invited": 2,
        "refused": 0,
        "certified": 0,
        "left": 1,
        "cards": 0,
    }
