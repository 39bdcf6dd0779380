"""Nobody is written to whose account is closed, but about the account."""

from datetime import timedelta

import pytest

from maarifa.accounts.actions import close_account
from maarifa.accounts.models import User
from maarifa.delivery import actions
from maarifa.delivery.models import Delivery
from tests.delivery.pending import NOW, queue
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db


def test_closing_gives_up_what_was_pending_to_the_person():
    person, other = UserFactory(), UserFactory()
    reminder = DeliveryFactory(recipient=person, kind="reminder")
    code = DeliveryFactory(recipient=person, kind="sign-in", text="1234-5678", html="1234-5678")
    notice = DeliveryFactory(recipient=person, kind="account")
    sent = DeliveryFactory(recipient=person, kind="reminder", state="done", finished_at=NOW)
    others = DeliveryFactory(recipient=other, kind="reminder")

    close_account(user=person, by=person, at=NOW)

    state = dict(Delivery.objects.values_list("pk", "state"))
    assert {name: state[row.pk] for name, row in locals().items() if isinstance(row, Delivery)} == {
        "reminder": "failed",
        "code": "failed",
        "notice": "pending",
        "sent": "done",
        "others": "pending",
    }
    code.refresh_from_db()
    reminder.refresh_from_db()
    assert (code.text, code.html) == ("", "")
    assert (reminder.error, reminder.finished_at) == ("not sent: the account is closed", NOW)


@pytest.mark.parametrize(("kind", "sent"), [("reminder", 0), ("certificate", 0), ("account", 1)])
def test_what_was_pending_after_closing_is_not_sent(words, postbox, kind, sent):
    person = UserFactory()
    close_account(user=person, by=person, at=NOW)
    row = queue(kind=kind, recipient=User.objects.get(pk=person.pk))

    assert actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(minutes=1)) is bool(sent)

    assert len(postbox.letters) == sent
    assert Delivery.objects.get(pk=row.pk).state == ("done" if sent else "failed")
