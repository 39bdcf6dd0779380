"""Owing and sending messages: what arrives, once, and what happens when the mail server says no."""

import smtplib
import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.template import engines
from django.utils.translation import override

from maarifa.accounts import actions as accounts
from maarifa.delivery import actions
from maarifa.delivery.actions.sending import CLAIM_SECONDS, URGENT_WAITS, WAITS
from maarifa.delivery.models import Delivery, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory, SuppressionFactory

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CODE = {
    "kind": "sign-in",
    "template": "delivery/account/login_code",
    "context": {"code": "1234-5678"},
    "language": "en",
}
NOTICE = {"kind": "reminder", "template": "nudge", "context": {"name": "Wanjiru"}, "language": "en"}


@pytest.fixture
def words(settings):
    """A room's own message: `words(subject=…, text=…, html=…)` under the name "nudge"."""
    from django.template.loaders.locmem import Loader

    engine = engines["django"].engine
    loaders = engine.template_loaders
    mine = Loader(engine, {})
    engine.__dict__["template_loaders"] = [mine, *loaders]

    def write(
        subject="Your next lesson, {{ name }}",
        text='{% extends "delivery/frame.txt" %}{% block content %}Dear {{ name }},\n\nTen minutes.{% endblock %}',
        html=None,
    ):
        mine.templates_dict |= {"nudge.subject.txt": subject, "nudge.txt": text}
        if html:
            mine.templates_dict["nudge.html"] = html

    write()
    yield write
    engine.__dict__["template_loaders"] = loaders


def owe(key="reminder/1", address="wanjiru@example.org", **fields):
    return actions.owe_message(**NOTICE | {"key": key, "address": address, "at": NOW} | fields)


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


# Owing ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_owe_message_writes_the_words_now(words):
    person = UserFactory()
    row = owe(recipient=person)

    assert (row.subject, row.state, row.due_at, row.created_at) == (
        "Your next lesson, Wanjiru",
        "owed",
        NOW,
        NOW,
    )
    assert row.recipient == person
    assert row.text.startswith("Dear Wanjiru,\n\nTen minutes.\n")
    assert row.message_id.endswith("@127.0.0.1>")


@pytest.mark.django_db
def test_owe_message_again_owes_once(words):
    first = owe()
    words(subject="Other words")

    again = owe()

    assert (again.pk, again.subject) == (first.pk, "Your next lesson, Wanjiru")
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_owe_message_owes_nothing_to_who_does_not_want_it(words):
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder")

    assert owe(address="Wanjiru@example.org") is None
    assert owe(key="other", address="other@example.org") is not None
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_owe_message_speaks_the_recipients_language(words, language, direction):
    words(subject="{% load i18n %}{% get_current_language as l %}{{ l }}")
    with override("en"):
        row = owe(language=language)

    assert (row.subject, row.language) == (language, language)
    assert f'<html lang="{language}" dir="{direction}">' in row.html


@pytest.mark.django_db
def test_owe_message_keeps_a_subject_on_its_line(words):
    words(subject="Hello {{ name }}\n")

    assert owe(context={"name": "A\r\nBcc: all@example.org"}).subject == "Hello A Bcc: all@example.org"


@pytest.mark.django_db
def test_owe_message_escapes_names_in_html_and_not_in_text(words):
    words(html='{% extends "delivery/frame.html" %}{% block content %}<p>{{ name }}</p>{% endblock %}')
    row = owe(context={"name": "<b>Wanjiru & Co</b>"})

    assert "Dear <b>Wanjiru & Co</b>," in row.text
    assert "<p>&lt;b&gt;Wanjiru &amp; Co&lt;/b&gt;</p>" in row.html


@pytest.mark.django_db
def test_owe_message_makes_html_of_the_text_where_there_is_none(words):
    words(
        text='{% extends "delivery/frame.txt" %}{% block content %}{{ name }}\n\nhttps://example.org/a{% endblock %}'
    )
    row = owe(context={"name": "<b>Wanjiru</b>"})

    assert "<p>&lt;b&gt;Wanjiru&lt;/b&gt;</p>" in row.html
    assert '<a href="https://example.org/a"' in row.html


@pytest.mark.django_db
def test_owe_message_owes_nothing_where_the_words_are_wrong(words):
    words(text="{% include 'missing.txt' %}")

    with pytest.raises(Exception, match=r"missing\.txt"):
        owe()

    assert Delivery.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_owe_messages_keeps_the_promises_in_bulk(words, count, django_assert_num_queries):
    SuppressionFactory(address_key="p1@example.org", kind="reminder")
    owe(key="m/0", address="p0@example.org")
    messages = [NOTICE | {"key": f"m/{n}", "address": f"p{n}@example.org"} for n in range(count)]

    assert actions.owe_messages(messages=messages, at=NOW) == count - 2
    with django_assert_num_queries(2):
        assert actions.owe_messages(messages=[messages[0]], at=NOW) == 0

    assert Delivery.objects.count() == count - 1
    assert not Delivery.objects.filter(address="p1@example.org").exists()


@pytest.mark.django_db
def test_account_mail_becomes_a_row_with_its_cause():
    """The room below only says what is owed; if what caused it is taken back, so is the message."""
    with transaction.atomic():
        accounts.owe_mail(
            message="login_code",
            kind="sign-in",
            address="a@example.org",
            language="en",
            context={"code": "1"},
        )
        transaction.set_rollback(True)

    assert Delivery.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    "message",
    [
        "login_code",
        "email_confirmation",
        "account_already_exists",
        "unknown_account",
        "password_reset_key",
        "password_changed",
        "password_set",
        "password_reset",
        "email_changed",
    ],
)
def test_account_mail_has_words(message, language):
    person = UserFactory()
    accounts.owe_mail(
        message=message,
        kind="account",
        address="a@example.org",
        language=language,
        recipient=person,
        context={"code": "1234-5678", "uid": "1a", "key": "c-2", "to_email": "new@example.org"},
    )

    row = Delivery.objects.get()
    body = row.text.partition("\n--\n")[0].strip()
    assert row.subject != ""
    assert len(body) > 40
    assert "\n\n\n" not in body
    assert f'lang="{language}"' in row.html
    if "_code" in message:
        assert "1234-5678" in row.html


# Sending ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_send_delivery_hands_it_over(words, postbox):
    row = owe(language="ar", context={"name": "مريم"})

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
    row = owe(context={"name": "مريم يوسف " * 8})
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
    row = owe(kind=kind)
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
    row = owe()
    answers = [actions.send_delivery(delivery_id=row.pk, at=NOW) for _ in range(3)]

    assert (answers, len(postbox.letters)) == ([True, False, False], 1)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["sign-in", "account", "invitation"])
def test_send_delivery_keeps_no_words_that_let_somebody_in(postbox, kind):
    row = actions.owe_message(**CODE | {"key": "code", "address": "a@example.org", "at": NOW, "kind": kind})
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert "1234-5678" in postbox.letters[0].text
    assert (row.state, row.text, row.html) == ("done", "", "")


@pytest.mark.django_db
def test_send_delivery_withholds_what_was_unsubscribed_meanwhile(words, postbox):
    row = owe()
    actions.unsubscribe(delivery=row)

    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is False

    row.refresh_from_db()
    assert (row.state, postbox.letters) == ("failed", [])


@pytest.mark.django_db
def test_send_delivery_comes_back_after_who_died_with_it(words, postbox):
    """A process took the row and is gone: before its claim runs out nobody touches it, afterwards one does."""
    row = owe()
    Delivery.objects.claim(row.pk, at=NOW, seconds=CLAIM_SECONDS)

    assert actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(seconds=CLAIM_SECONDS - 1)) is False
    assert actions.send_delivery(delivery_id=row.pk, at=NOW + timedelta(seconds=CLAIM_SECONDS)) is True

    assert len(postbox.letters) == 1


@pytest.mark.django_db
def test_send_delivery_doubles_with_the_same_message_id_after_a_death_before_the_commit(words, postbox):
    row = owe()
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
    row = owe()
    at = NOW
    for _ in range(len(WAITS) + 3):
        assert Delivery.objects.claim(row.pk, at=at, seconds=1) is not None
        at += timedelta(seconds=1)

    assert actions.send_delivery(delivery_id=row.pk, at=at) is False

    assert (states(), postbox.letters) == (["failed"], [])


# The mail server says no ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "waits"), [("reminder", WAITS), ("sign-in", URGENT_WAITS)])
def test_passing_error_is_tried_again_with_growing_waits_and_an_end(words, postbox, kind, waits):
    postbox.refuse = "451 4.3.0 come back later"
    row = owe(kind=kind)
    at, waited = NOW, []
    while True:
        actions.send_delivery(delivery_id=row.pk, at=at)
        row.refresh_from_db()
        if row.state != "owed":
            break
        assert row.error == "451 4.3.0 come back later"
        assert actions.send_delivery(delivery_id=row.pk, at=row.due_at - timedelta(seconds=1)) is False
        waited.append(row.due_at - at)
        at = row.due_at

    assert waited == waits == sorted(waits)
    assert (row.state, row.tries) == ("failed", len(waits) + 1)
    assert row.error == f"given up after {len(waits) + 1} tries: 451 4.3.0 come back later"
    assert Suppression.objects.count() == 0


@pytest.mark.django_db
def test_mail_server_that_is_away_is_tried_again(words, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        row = owe()
        actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.due_at) == ("owed", NOW + WAITS[0])
    assert row.error.startswith("ConnectionRefusedError")


@pytest.mark.django_db
def test_silent_mail_server_keeps_nobody_waiting_for_long(words, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        row = owe()
        actions.send_delivery(delivery_id=row.pk, at=NOW, timeout=0.2)

    row.refresh_from_db()
    assert (row.state, row.error.partition(":")[0]) == ("owed", "SMTPServerDisconnected")


@pytest.mark.django_db
def test_refused_recipient_fails_and_is_written_to_no_more(words, mail_server):
    box = mail_server(rcpt={"wanjiru@example.org": "550 5.1.1 no such mailbox"})
    gone, other = owe(), owe(key="reminder/2", address="kamau@example.org")

    actions.send_delivery(delivery_id=gone.pk, at=NOW)
    actions.send_delivery(delivery_id=other.pk, at=NOW)

    gone.refresh_from_db()
    assert (gone.state, gone.error, gone.tries) == ("failed", "550 5.1.1 no such mailbox", 1)
    assert list(Suppression.objects.values_list("address_key", "kind", "reason", "at")) == [
        ("wanjiru@example.org", "", "refused", NOW)
    ]
    assert owe(key="reminder/3") is None
    assert [letter.recipients for letter in box.letters] == [["kamau@example.org"]]


@pytest.mark.django_db
def test_refused_recipient_is_written_to_again_once_the_server_takes_it(words, postbox):
    SuppressionFactory(address_key="wanjiru@example.org", reason="refused")
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder", reason="unsubscribed")
    row = actions.owe_message(**CODE | {"key": "code", "address": "wanjiru@example.org", "at": NOW})

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert list(Suppression.objects.values_list("kind", "reason")) == [("reminder", "unsubscribed")]


@pytest.mark.django_db
def test_policy_of_the_server_says_nothing_about_the_mailbox(words, mail_server):
    mail_server(rcpt={"wanjiru@example.org": "554 5.7.1 relay access denied"})
    row = owe()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert (states(), Suppression.objects.count()) == (["failed"], 0)


@pytest.mark.django_db
def test_full_mailbox_is_tried_again(words, mail_server):
    mail_server(rcpt={"wanjiru@example.org": "452 4.2.2 mailbox full"})
    row = owe()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.error, Suppression.objects.count()) == ("owed", "452 4.2.2 mailbox full", 0)


@pytest.mark.django_db
def test_sender_that_is_set_up_wrong_loses_no_message(words, mail_server):
    mail_server(mail="550 5.7.1 sender not allowed")
    row = owe()

    actions.send_delivery(delivery_id=row.pk, at=NOW)

    assert (states(), Suppression.objects.count()) == (["owed"], 0)


@pytest.mark.django_db
def test_refused_content_fails_this_message_alone(words, postbox):
    postbox.refuse = "554 5.6.0 message refused"
    row = owe()
    actions.send_delivery(delivery_id=row.pk, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "554 5.6.0 message refused")
    assert Suppression.objects.count() == 0


@pytest.mark.django_db
def test_poisoned_row_fails_and_does_not_stop_the_others(words, postbox):
    poisoned = DeliveryFactory(subject="two\nlines", due_at=NOW)
    sound = owe()

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


# Again, and sweeping ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_owe_again_tries_what_failed_from_the_start(words, postbox):
    row = DeliveryFactory(state="failed", finished_at=NOW, tries=9, error="550")
    done = DeliveryFactory(state="done", finished_at=NOW)
    emptied = DeliveryFactory(state="failed", finished_at=NOW, text="")

    assert [actions.owe_again(delivery=one, at=NOW) for one in (row, done, emptied)] == [True, False, False]

    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("owed", 0, "")
    assert actions.send_delivery(delivery_id=row.pk, at=NOW) is True


@pytest.mark.django_db
def test_sweep_finds_what_is_due_and_leaves_the_rest(settings, django_capture_on_commit_callbacks):
    settings.SWEEP_SECONDS = 60
    late = NOW - timedelta(minutes=5)
    DeliveryFactory(due_at=late)
    DeliveryFactory(due_at=late, state="claimed", claim_token="0" * 32, claimed_until=late)
    DeliveryFactory(
        due_at=late, state="claimed", claim_token="0" * 32, claimed_until=NOW + timedelta(minutes=1)
    )
    DeliveryFactory(due_at=NOW - timedelta(seconds=5))
    DeliveryFactory(due_at=NOW + timedelta(minutes=1))
    DeliveryFactory(state="done", finished_at=late, due_at=late)
    DeliveryFactory(state="failed", finished_at=late, due_at=late)

    with django_capture_on_commit_callbacks() as enqueued:
        assert actions.sweep(at=NOW) == 2

    assert len(enqueued) == 2


# The queue is down ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "state"), [("sign-in", "done"), ("account", "done"), ("reminder", "owed")])
def test_way_in_is_sent_at_once_with_redis_gone(words, postbox, redis_gone, kind, state):
    owe(kind=kind, at=None)

    assert states() == [state]
    assert len(postbox.letters) == (state == "done")


@pytest.mark.django_db(transaction=True)
def test_way_in_is_not_lost_with_redis_and_the_mail_server_gone(postbox, redis_gone):
    postbox.refuse = "421 4.3.2 going down"
    row = actions.owe_message(**CODE | {"key": "code", "address": "a@example.org"})

    row.refresh_from_db()
    assert (row.state, row.tries, row.text != "") == ("owed", 1, True)
    postbox.empty()
    assert actions.send_delivery(delivery_id=row.pk, at=row.due_at) is True
