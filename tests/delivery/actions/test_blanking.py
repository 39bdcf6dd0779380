"""Words of messages are let go of; that they were sent is not."""

from datetime import timedelta

import pytest

from maarifa.delivery import actions
from maarifa.delivery.actions import blanking
from maarifa.delivery.models import Delivery
from tests.delivery.pending import NOW
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db


def finished(ago, state="done"):
    return DeliveryFactory(state=state, finished_at=NOW - ago)


@pytest.mark.parametrize("state", ["done", "failed"])
def test_words_go_after_their_days(settings, state):
    settings.MESSAGE_BODY_DAYS = 30
    old, new = finished(timedelta(days=30, minutes=1), state), finished(timedelta(days=29), state)

    assert actions.blank_bodies(at=NOW) == 1
    assert actions.blank_bodies(at=NOW) == 0

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.text, old.html, old.subject, old.state) == ("", "", "Your next lesson", state)
    assert new.text
    assert new.html


def test_words_of_what_is_still_to_be_sent_stay():
    DeliveryFactory(due_at=NOW - timedelta(days=90), created_at=NOW - timedelta(days=90))
    assert actions.blank_bodies(at=NOW) == 0


def test_one_run_does_so_much_and_the_next_the_rest(monkeypatch):
    monkeypatch.setattr(blanking, "ROWS", 2)
    monkeypatch.setattr(blanking, "MOST", 2)
    for _ in range(5):
        finished(timedelta(days=60))
    assert actions.blank_bodies(at=NOW) == 4
    assert actions.blank_bodies(at=NOW) == 1
    assert Delivery.objects.exclude(text="").count() == 0
