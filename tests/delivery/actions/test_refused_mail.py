"""What happens when a mail server says no."""

import smtplib
import socket
from datetime import timedelta

import pytest

from maarifa.delivery import actions
from maarifa.delivery.messages import SIGN_IN
from maarifa.delivery.models import Suppression
from maarifa.lib.jobs import WAITS
from tests.delivery.pending import CODE, NOW, queue, states
from tests.factories.delivery import DeliveryFactory, SuppressionFactory

# The mail server says no ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "waits"), [("reminder", WAITS), ("sign-in", SIGN_IN.waits), ("account", WAITS)]
)
def test_passing_error_is_tried_again_with_growing_waits_and_an_end(words, postbox, settings, kind, waits):
    lost_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    postbox.refuse = "451 4.3.0 come back later"
    row = queue(kind=kind)
    at, waited = NOW, []
    while True:
        actions.send_delivery(delivery_id=row.pk, at=at)
        row.refresh_from_db()
        if row.state != "pending":
            break
        assert row.error == "451 4.3.0 come back later"
        assert actions.send_delivery(delivery_id=row.pk, at=row.due_at - timedelta(seconds=1)) is False
        # No message waits in the queue for so long that the queue takes it for lost.
        soon = row.queue == "urgent" and (row.due_at - at).total_seconds() < lost_after
        assert (row.queued_at is not None) == soon
        waited.append(row.due_at - at)
        at = row.due_at

    assert waited == list(waits) == sorted(waits)
    assert (row.state, row.tries) == ("failed", len(waits) + 1)
    assert row.error == f"given up after {len(waits) + 1} tries: 451 4.3.0 come back later"
    assert Suppression.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("message", "refuse", "kept"),
    [
        (CODE, "550 5.7.1 not from here", False),
        (CODE, "451 4.3.0 come back later", False),
        ({}, "550 5.7.1 not from here", True),
    ],
    ids=["code-refused", "code-given-up", "reminder-refused"],
)
def test_words_with_a_key_in_them_are_gone_when_a_message_is_given_up(words, postbox, message, refuse, kept):
    postbox.refuse = refuse
    row, at = queue(**message), NOW
    assert row.text != ""
    for _ in range(20):
        actions.send_delivery(delivery_id=row.pk, at=at)
        row.refresh_from_db()
        if row.state == "failed":
            break
        # As long as it may still be sent, there is something to send.
        assert row.text != ""
        at = row.due_at
    assert row.state == "failed"
    assert bool(row.text) is kept
    assert kept or row.html == ""
    # Sent again, it has nothing to say: it is not.
    assert actions.queue_again(deliveries=type(row).objects.filter(pk=row.pk)) == kept


@pytest.mark.django_db
def test_mail_server_that_is_away_is_tried_again(words, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        row = queue()
        actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.due_at) == ("pending", NOW + WAITS[0])
    assert row.error.startswith("ConnectionRefusedError")


@pytest.mark.django_db
def test_silent_mail_server_keeps_nobody_waiting_for_long(words, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        row = queue()
        actions.send_delivery(delivery_id=row.pk, at=NOW, timeout=0.2)

    row.refresh_from_db()
    assert (row.state, row.error.partition(":")[0]) == ("pending", "SMTPServerDisconnected")


@pytest.mark.django_db
def test_refused_recipient_fails_and_is_written_to_no_more(words, mail_server):
    box = mail_server(rcpt={"wanjiru@example.org": "550 5.1.1 no such mailbox"})
    gone, other = queue(), queue(key="reminder/2", address="kamau@example.org")

    actions.send_delivery(delivery_id=gone.pk, at=NOW)
    actions.send_delivery(delivery_id=other.pk, at=NOW)

    gone.refresh_from_db()
    assert (gone.state, gone.error, gone.tries) == ("failed", "550 5.1.1 no such mailbox", 1)
    assert list(Suppression.objects.values_list("address_key", "kind", "reason", "at")) == [
        ("wanjiru@example.org", "", "refused", NOW)
    ]
    assert queue(key="reminder/3") is None
    assert [letter.recipients for letter in box.letters] == [["kamau@example.org"]]


@pytest.mark.django_db
def test_refused_recipient_is_written_to_again_once_the_server_takes_it(words, postbox):
    SuppressionFactory(address_key="wanjiru@example.org", reason="refused")
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder", reason="unsubscribed")
    row = actions.queue_message(**CODE | {"key": "code", "address": "wanjiru@example.org", "at": NOW})

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert list(Suppression.objects.values_list("kind", "reason")) == [("reminder", "unsubscribed")]


@pytest.mark.django_db
def test_policy_of_the_server_says_nothing_about_the_mailbox(words, mail_server):
    mail_server(rcpt={"wanjiru@example.org": "554 5.7.1 relay access denied"})
    row = queue()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert (states(), Suppression.objects.count()) == (["failed"], 0)


@pytest.mark.django_db
def test_full_mailbox_is_tried_again(words, mail_server):
    mail_server(rcpt={"wanjiru@example.org": "452 4.2.2 mailbox full"})
    row = queue()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.error, Suppression.objects.count()) == ("pending", "452 4.2.2 mailbox full", 0)


@pytest.mark.django_db
def test_sender_that_is_set_up_wrong_loses_no_message(words, mail_server):
    mail_server(mail="550 5.7.1 sender not allowed")
    row = queue()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert (states(), Suppression.objects.count()) == (["pending"], 0)


@pytest.mark.django_db
def test_refused_content_fails_this_message_alone(words, postbox):
    postbox.refuse = "554 5.6.0 message refused"
    row = queue()
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "554 5.6.0 message refused")
    assert Suppression.objects.count() == 0


@pytest.mark.django_db
def test_poisoned_row_fails_and_does_not_stop_the_others(words, postbox):
    poisoned = DeliveryFactory(subject="two\nlines", due_at=NOW)
    sound = queue()

    for row in (poisoned, sound):
        actions.send_delivery(delivery_id=row.pk, at=NOW)

    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.error.partition(":")[0]) == ("failed", "BadHeaderError")
    assert states() == ["failed", "done"]
    assert len(postbox.letters) == 1


def test_errors_of_smtplib_are_all_known():
    """A new kind of error must be thought about: does it pass?"""
    known = {
        *("SMTPException", "SMTPServerDisconnected", "SMTPResponseException", "SMTPSenderRefused"),
        *("SMTPRecipientsRefused", "SMTPDataError", "SMTPConnectError", "SMTPHeloError"),
        *("SMTPNotSupportedError", "SMTPAuthenticationError"),
    }

    assert {name for name in vars(smtplib) if name.startswith("SMTP") and name[4:5].isupper()} - known <= {
        "SMTP_SSL"
    }


@pytest.mark.django_db
def test_what_was_not_sent_is_seen_in_the_log_by_its_id_and_without_an_address(words, postbox, caplog):
    postbox.refuse = "451 <wanjiru@example.org> is busy"
    row = queue()
    with caplog.at_level("WARNING", logger="maarifa.delivery"):
        actions.send_delivery(delivery_id=row.pk, at=NOW)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith(f"delivery {row.public_id} will be tried again in 0:01:00: 451 ")
    assert "busy" in said
    assert "@example.org" not in said
