"""Sending what is pending: once, again after a death, and with the queue gone."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from maarifa.delivery import actions
from maarifa.delivery.actions.sending import DELIVERIES
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import WAITS, requeue_now
from tests.delivery.pending import CODE, NOW, queue, states
from tests.factories.delivery import DeliveryFactory

CLAIM_SECONDS = DELIVERIES.claim_seconds

# Sending ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_send_delivery_hands_it_over(words, postbox):
    row = queue(language="ar", context={"name": "مريم"})

    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is True

    (letter,) = postbox.letters
    message = letter.message
    assert letter.recipients == ["wanjiru@example.org"]
    assert letter.subject == "Your next lesson, مريم"
    assert message["Message-ID"] == row.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ar"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert letter.text.startswith("Dear مريم,")
    assert '<html lang="ar" dir="rtl">' in letter.html
    row.refresh_from_db()
    assert (row.state, row.finished_at, row.tries, row.error) == ("done", NOW, 1, "")


@pytest.mark.django_db
def test_send_delivery_writes_a_subject_that_every_server_takes(words, postbox):
    row = queue(context={"name": "مريم يوسف " * 8})
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    raw = postbox.letters[0].message.as_bytes().partition(b"\n\n")[0]
    assert raw.isascii()
    # A long header begins on the line after its name.
    assert postbox.letters[0].subject.strip() == row.subject


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "has_link"), [("reminder", True), ("invitation", True), ("certificate", False)]
)
def test_send_delivery_offers_to_unsubscribe_in_one_click(words, postbox, kind, has_link):
    row = queue(kind=kind)
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    letter = postbox.letters[0]
    link = letter.message["List-Unsubscribe"]
    assert (link is not None) is has_link
    assert (letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") is has_link
    if has_link:
        url = link.strip(" <>")
        assert url.startswith("http://127.0.0.1:8000/unsubscribe/")
        assert "wanjiru" not in url
        assert (url in letter.text, url in letter.html) == (True, True)


@pytest.mark.django_db
def test_send_delivery_sends_once_however_often_it_is_asked(words, postbox):
    row = queue()
    answers = [actions.send_delivery(delivery_id=row.pk, at=NOW) for _ in range(3)]

    assert (answers, len(postbox.letters)) == ([True, False, False], 1)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["sign-in", "account", "invitation"])
def test_send_delivery_keeps_no_words_that_let_somebody_in(postbox, kind):
    row = actions.queue_message(**CODE | {"key": "code", "address": "a@example.org", "at": NOW, "kind": kind})
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert "1234-5678" in postbox.letters[0].text
    assert (row.state, row.text, row.html) == ("done", "", "")


@pytest.mark.django_db
def test_send_delivery_withholds_what_was_unsubscribed_meanwhile(words, postbox):
    row = queue()
    actions.unsubscribe(delivery=row)

    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is False

    row.refresh_from_db()
    assert (row.state, postbox.letters) == ("failed", [])


@pytest.mark.django_db
def test_send_delivery_comes_back_after_who_died_with_it(words, postbox):
    """A process took the row and is gone: before its claim runs out nobody touches it, afterwards one does."""
    row = queue()
    Delivery.objects.claim(row.pk, at=NOW, seconds=CLAIM_SECONDS)

    assert actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(seconds=CLAIM_SECONDS - 1)) is False
    assert actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(seconds=CLAIM_SECONDS)) is True

    assert len(postbox.letters) == 1


@pytest.mark.django_db
def test_send_delivery_doubles_with_the_same_message_id_after_a_death_before_the_commit(words, postbox):
    row = queue()
    with pytest.MonkeyPatch.context() as patch:
        # The plug is pulled after the mail server's yes.
        patch.setattr("maarifa.delivery.actions.sending._sent", _die)
        with pytest.raises(KeyboardInterrupt):
            actions.send_delivery(delivery_id=row.pk, at=NOW)
    assert states() == ["claimed"]

    actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(seconds=CLAIM_SECONDS))

    first, second = postbox.letters
    assert first.message["Message-ID"] == second.message["Message-ID"] == row.message_id
    assert first.message["Date"] == second.message["Date"]
    assert states() == ["done"]


def _die(*args, **kwargs):
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_send_delivery_gives_a_row_up_that_takes_its_process_with_it(words, postbox):
    row = queue()
    at = NOW
    for _ in range(len(WAITS) + 3):
        assert Delivery.objects.claim(row.pk, at=at, seconds=1) is not None
        at += timedelta(seconds=1)

    assert actions.send_delivery(delivery_id=row.pk, at=at) is False

    assert (states(), postbox.letters) == (["failed"], [])


# Again, and into the queue ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_row_that_cannot_be_loaded_is_given_up(words, postbox, monkeypatch):
    """Else it would be claimed, lost and queued again for ever."""
    row = queue()
    monkeypatch.setattr(DELIVERIES, "load", lambda pk: int("unreadable"))

    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is False

    row.refresh_from_db()
    assert (row.state, row.claim_token) == ("failed", None)
    assert row.error.startswith("ValueError: ")
    assert postbox.letters == []


@pytest.mark.django_db
def test_row_that_cannot_be_loaded_while_the_database_is_away_stays_claimed(words, monkeypatch):
    row = queue()

    def away(pk):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(DELIVERIES, "load", away)
    with pytest.raises(OperationalError):
        actions.send_delivery(delivery_id=row.pk, at=NOW)
    row.refresh_from_db()
    assert row.state == "claimed"


@pytest.mark.django_db
def test_row_that_is_gone_once_it_is_claimed_is_nothing_to_do(words, postbox, monkeypatch):
    row = queue()
    load = DELIVERIES.load

    def late(pk):
        Delivery.objects.filter(pk=pk).delete()
        return load(pk)

    monkeypatch.setattr(DELIVERIES, "load", late)
    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is False
    assert postbox.letters == []


@pytest.mark.django_db
def test_queue_again_tries_what_failed_from_the_start(words, postbox):
    row = DeliveryFactory(state="failed", finished_at=NOW, tries=9, error="550")
    done = DeliveryFactory(state="done", finished_at=NOW)
    emptied = DeliveryFactory(state="failed", finished_at=NOW, text="")

    assert actions.queue_again(deliveries=Delivery.objects.all(), at=NOW) == 1

    for one in (row, done, emptied):
        one.refresh_from_db()
    assert (done.state, emptied.state) == ("done", "failed")
    assert (row.state, row.tries, row.error) == ("pending", 0, "")
    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is True


@pytest.mark.django_db
def test_requeue_finds_what_is_due_and_not_on_its_way(settings, django_capture_on_commit_callbacks):
    settings.REQUEUE_SECONDS = 60
    late = NOW - timedelta(minutes=5)
    dead = {"state": "claimed", "claim_token": "0" * 32, "due_at": late}
    wanted = [
        DeliveryFactory(due_at=late),
        DeliveryFactory(**dead, claimed_until=late),
        # Nobody has taken it since: the queue was flushed.
        DeliveryFactory(due_at=late, queued_at=NOW - timedelta(seconds=120)),
    ]
    DeliveryFactory(due_at=late, queued_at=NOW - timedelta(seconds=119))
    DeliveryFactory(due_at=late, queue="urgent")
    DeliveryFactory(**dead, claimed_until=NOW + timedelta(minutes=1))
    DeliveryFactory(due_at=NOW + timedelta(minutes=1))
    DeliveryFactory(state="done", finished_at=late, due_at=late)
    DeliveryFactory(state="failed", finished_at=late, due_at=late)

    with django_capture_on_commit_callbacks() as enqueued:
        assert requeue_now("default", at=NOW) == 3
        # One whose claim has run out, one that is due by now, and one that nobody has taken for two minutes.
        assert requeue_now("default", at=NOW + timedelta(seconds=60)) == 3

    assert len(enqueued) == 6
    assert set(Delivery.objects.filter(queued_at=NOW)) == set(wanted)


# The queue is down ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "state"), [("sign-in", "done"), ("account", "done"), ("reminder", "pending")]
)
def test_sign_in_mail_is_sent_at_once_with_redis_gone(words, postbox, redis_gone, kind, state):
    queue(kind=kind, at=None)

    assert states() == [state]
    assert len(postbox.letters) == (state == "done")


@pytest.mark.django_db(transaction=True)
def test_sign_in_mail_is_not_lost_with_redis_and_the_mail_server_gone(postbox, redis_gone):
    postbox.refuse = "421 4.3.2 going down"
    row = actions.queue_message(**CODE | {"key": "code", "address": "a@example.org"})

    row.refresh_from_db()
    assert (row.state, row.tries, row.text != "") == ("pending", 1, True)
    postbox.empty()
    assert actions.send_delivery(delivery_id=row.pk, at=row.due_at) is True
