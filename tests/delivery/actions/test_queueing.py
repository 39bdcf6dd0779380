"""Owing messages: the words are written once, in the language of whom they are for."""

import pytest
from django.db import transaction
from django.utils.translation import override

from maarifa.accounts import actions as accounts
from maarifa.delivery import actions
from maarifa.delivery.models import Delivery
from tests.delivery.pending import NOTICE, NOW, queue
from tests.factories.accounts import UserFactory
from tests.factories.delivery import SuppressionFactory

# Owing ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_queue_message_writes_the_words_now(words):
    person = UserFactory()
    row = queue(recipient=person)

    assert (row.subject, row.state, row.due_at, row.created_at) == (
        "Your next lesson, Wanjiru",
        "pending",
        NOW,
        NOW,
    )
    assert row.recipient == person
    assert row.text.startswith("Dear Wanjiru,\n\nTen minutes.\n")
    assert row.message_id.endswith("@127.0.0.1>")


@pytest.mark.django_db
def test_queue_message_again_queues_once(words):
    first = queue()
    words(subject="Other words")

    again = queue()

    assert (again.pk, again.subject) == (first.pk, "Your next lesson, Wanjiru")
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_queue_message_queues_nothing_to_who_does_not_want_it(words):
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder")

    assert queue(address="Wanjiru@example.org") is None
    assert queue(key="other", address="other@example.org") is not None
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_queue_message_speaks_the_recipients_language(words, language, direction):
    words(subject="{% load i18n %}{% get_current_language as l %}{{ l }}")
    with override("en"):
        row = queue(language=language)

    assert (row.subject, row.language) == (language, language)
    assert f'<html lang="{language}" dir="{direction}">' in row.html


@pytest.mark.django_db
def test_queue_message_keeps_a_subject_on_its_line(words):
    words(subject="Hello {{ name }}\n")

    assert queue(context={"name": "A\r\nBcc: all@example.org"}).subject == "Hello A Bcc: all@example.org"


@pytest.mark.django_db
def test_queue_message_escapes_names_in_html_and_not_in_text(words):
    words(html='{% extends "delivery/frame.html" %}{% block content %}<p>{{ name }}</p>{% endblock %}')
    row = queue(context={"name": "<b>Wanjiru & Co</b>"})

    assert "Dear <b>Wanjiru & Co</b>," in row.text
    assert "<p>&lt;b&gt;Wanjiru &amp; Co&lt;/b&gt;</p>" in row.html


@pytest.mark.django_db
def test_queue_message_makes_html_of_the_text_where_there_is_none(words):
    words(
        text='{% extends "delivery/frame.txt" %}{% block content %}{{ name }}\n\nhttps://example.org/a{% endblock %}'
    )
    row = queue(context={"name": "<b>Wanjiru</b>"})

    assert "<p>&lt;b&gt;Wanjiru&lt;/b&gt;</p>" in row.html
    assert '<a href="https://example.org/a"' in row.html


@pytest.mark.django_db
def test_queue_message_queues_nothing_where_the_words_are_wrong(words):
    words(text="{% include 'missing.txt' %}")

    with pytest.raises(Exception, match=r"missing\.txt"):
        queue()

    assert Delivery.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_queue_messages_keeps_the_promises_in_bulk(words, count, django_assert_num_queries):
    SuppressionFactory(address_key="p1@example.org", kind="reminder")
    queue(key="m/0", address="p0@example.org")
    messages = [NOTICE | {"key": f"m/{n}", "address": f"p{n}@example.org"} for n in range(count)]

    assert actions.queue_messages(messages=messages, at=NOW) == count - 2
    # Who is not written to: by address, by person; and what is pending already.
    with django_assert_num_queries(3):
        assert actions.queue_messages(messages=[messages[0]], at=NOW) == 0

    assert Delivery.objects.count() == count - 1
    assert not Delivery.objects.filter(address="p1@example.org").exists()


@pytest.mark.django_db
def test_account_mail_becomes_a_row_with_its_cause():
    """The app below only says what is pending; if what caused it is taken back, so is the message."""
    with transaction.atomic():
        accounts.queue_mail(
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
        "account_was_closed",
    ],
)
def test_account_mail_has_words(message, language):
    person = UserFactory()
    accounts.queue_mail(
        message=message,
        kind="account",
        address="a@example.org",
        language=language,
        recipient=person,
        context={
            "code": "1234-5678",
            "uid": "1a",
            "key": "c-2",
            "to_email": "new@example.org",
            "token": "t-3",
        },
    )

    row = Delivery.objects.get()
    body = row.text.partition("\n--\n")[0].strip()
    assert row.subject != ""
    assert len(body) > 40
    assert "\n\n\n" not in body
    assert f'lang="{language}"' in row.html
    if "_code" in message:
        assert "1234-5678" in row.html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("certificates/mail/issued", "certificate"),
        ("certificates/mail/corrected", "certificate"),
        ("certificates/mail/revoked", "certificate"),
        ("cohorts/mail/invitation", "invitation"),
        ("reminders/mail/inactivity", "reminder"),
    ],
)
def test_queue_message_shows_letters_as_they_are_written(template, kind):
    """Mail programs show a subject as it stands: L&#x27;IA would be read as that."""
    names = ("course", "institution", "name", "lesson", "cohort")
    numbers = {"days": 7, "done": 1, "total": 2, "url": "https://example.org/"}
    context = dict.fromkeys(names, "L'IA & <vous>") | numbers
    row = queue(key=template, kind=kind, template=template, context=context)

    assert "L'IA & <vous>" in row.subject
    assert "L'IA & <vous>" in row.text
    assert "&amp;" not in row.subject + row.text
    assert "&#x27;" not in row.subject + row.text
    assert "<vous>" not in row.html
