"""Messages to many: a few at a time are in the queue, and institutions take turns."""

from datetime import timedelta

import pytest

from maarifa.delivery import actions
from maarifa.delivery.actions.sending import DELIVERIES
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import WINDOW, requeue_now
from tests.delivery.pending import NOTICE, NOW, committed, queue
from tests.factories.institutions import InstitutionFactory

pytestmark = pytest.mark.django_db


def queue_many(count, *, institution=None, name="m", at=NOW):
    messages = [
        NOTICE
        | {
            "key": f"{name}/{n}",
            "address": f"{name}{n}@example.org",
            "institution": institution and institution.pk,
        }
        for n in range(count)
    ]
    with committed():
        assert actions.queue_messages(messages=messages, at=at) == count


def queued():
    return Delivery.objects.filter(queued_at__isnull=False).order_by("turn", "pk")


def whose(rows):
    return list(rows.values_list("institution__name", flat=True))


def test_what_was_put_off_is_not_what_is_served(words):
    many, few = InstitutionFactory(name="Many"), InstitutionFactory(name="Few")
    queue_many(60, institution=many, name="many")
    first = Delivery.objects.order_by("turn").first()
    Delivery.objects.filter(pk=first.pk).update(tries=1, due_at=NOW + timedelta(days=1), queued_at=None)
    Delivery.objects.filter(turn__lte=40).exclude(pk=first.pk).update(
        state="done", finished_at=NOW, turn=None, queued_at=None
    )
    queue_many(21, institution=few, name="few")
    left = Delivery.objects.filter(turn__isnull=False).exclude(pk=first.pk)
    assert whose(left.order_by("turn", "pk"))[:4] == ["Many", "Few"] * 2


def test_what_waits_alternates_between_institutions(words):
    many, few = InstitutionFactory(name="Many"), InstitutionFactory(name="Few")
    queue_many(60, institution=many, name="many")
    queue_many(25, institution=few, name="few")
    queue_many(25, name="nobody")
    order = whose(Delivery.objects.order_by("turn", "pk"))
    assert order[:9] == ["Many", "Few", None] * 3
    assert set(order[:75]) == {"Many", "Few", None}
    assert order[75:] == ["Many"] * 35


def test_who_comes_later_begins_with_the_turn_that_is_served(words):
    many, few = InstitutionFactory(name="Many"), InstitutionFactory(name="Few")
    queue_many(60, institution=many, name="many")
    Delivery.objects.filter(turn__lte=40).update(state="done", finished_at=NOW, turn=None)
    queue_many(21, institution=few, name="few")
    assert (
        whose(Delivery.objects.filter(turn__isnull=False).order_by("turn", "pk"))[:4] == ["Many", "Few"] * 2
    )


def test_queue_holds_a_window_of_them_and_is_filled_up_when_half_is_gone(words, postbox):
    queue_many(WINDOW + 80)
    first = list(queued())
    assert len(first) == WINDOW
    assert requeue_now("bulk", at=NOW + timedelta(seconds=1)) == 0
    for row in first[: WINDOW // 2 - 1]:
        assert actions.send_delivery(delivery_id=row.pk, at=NOW)
    assert queued().count() == WINDOW // 2 + 1
    assert actions.send_delivery(delivery_id=first[WINDOW // 2].pk, at=NOW)
    assert queued().count() == WINDOW
    left = Delivery.objects.exclude(state="done")
    assert set(queued()) < set(left)


def test_transaction_that_queues_messages_fills_the_queue_once_it_is_through(words):
    """Until then it holds no row of others, and counts what others have put there meanwhile."""
    queue_many(30)
    Delivery.objects.update(queued_at=None)
    with committed():
        queue("one more")
        actions.queue_messages(messages=[NOTICE | {"key": "last", "address": "last@example.org"}], at=NOW)
        assert not queued()
    assert queued().count() == 32


def test_requeue_fills_a_queue_that_was_flushed(words, settings):
    settings.REQUEUE_SECONDS = 60
    queue_many(WINDOW + 1)
    before = set(queued())
    assert requeue_now("bulk", at=NOW + timedelta(seconds=119)) == 0
    later = NOW + timedelta(seconds=120)
    assert requeue_now("bulk", at=later) == WINDOW
    assert set(queued().filter(queued_at=later)) == before


def test_queue_is_not_fed_with_what_still_stands_in_it(words, settings):
    """Workers that are away for an hour find each message once: only a requeue says that it was lost."""
    settings.REQUEUE_SECONDS = 60
    queue_many(WINDOW + 30)
    before = set(queued())
    queue_many(30, name="more", at=NOW + timedelta(hours=1))
    assert set(queued()) == before


def test_few_are_single_messages_and_reminders_never(words):
    actions.queue_messages(
        messages=[
            NOTICE | {"key": f"i/{n}", "address": f"i{n}@example.org", "kind": "invitation"}
            for n in range(20)
        ],
        at=NOW,
    )
    reminder = queue()
    code = queue(key="code", kind="sign-in")
    by_queue = {
        queue: Delivery.objects.filter(queue=queue).count() for queue in ("urgent", "default", "bulk")
    }
    assert by_queue == {"urgent": 1, "default": 20, "bulk": 1}
    assert (reminder.turn is None, code.turn is None) == (False, True)
    queue_many(21, name="list")
    assert Delivery.objects.filter(queue="bulk").count() == 22


def test_what_failed_is_sent_again_before_other_peoples_mass_mail(words):
    queue_many(30)
    row = Delivery.objects.order_by("turn").first()
    row_claim = Delivery.objects.claim(row.pk, at=NOW, seconds=60)
    Delivery.objects.fail(row.pk, row_claim, at=NOW, error="554", turn=None)
    row.refresh_from_db()
    assert actions.queue_again(deliveries=Delivery.objects.filter(pk=row.pk), at=NOW) == 1
    row.refresh_from_db()
    assert (row.queue, row.turn, row.queued_at) == ("default", None, NOW)


@pytest.mark.django_db(transaction=True)
def test_row_that_the_queue_refused_is_free_again(words, redis_gone):
    row = queue(kind="certificate", at=None)
    row.refresh_from_db()
    assert (row.state, row.queued_at) == ("pending", None)


def test_row_that_was_not_due_stands_in_no_queue_any_more(words):
    row = queue(kind="certificate")
    Delivery.objects.filter(pk=row.pk).update(due_at=NOW + timedelta(hours=1))
    assert DELIVERIES.run(row.pk, at=NOW) is False
    row.refresh_from_db()
    assert row.queued_at is None


def test_much_that_failed_is_sent_again_by_the_bulk_queue(words):
    queue_many(30)
    Delivery.objects.update(state="failed", finished_at=NOW, turn=None, queued_at=None)
    with committed():
        assert actions.queue_again(deliveries=Delivery.objects.all(), at=NOW) == 30
        assert not queued()
    assert Delivery.objects.filter(queue="bulk", state="pending", turn__isnull=False).count() == 30
    assert queued().count() == 30
