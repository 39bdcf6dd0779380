"""Unsubscribing, as people do it and as their mail programs do."""

import pytest

from maarifa.delivery.actions.links import unsubscribe_token, unsubscribe_url
from maarifa.delivery.models import Delivery, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory, SuppressionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return DeliveryFactory(address="Wanjiru@example.org", language="ar", recipient=UserFactory())


def page_of(message):
    return f"/unsubscribe/{unsubscribe_token(message.public_id)}"


def suppressed():
    return list(Suppression.objects.order_by("id").values_list("address_key", "kind", "reason"))


def test_link_leads_to_the_page(message):
    assert unsubscribe_url(message.public_id) == "http://127.0.0.1:8000" + page_of(message)


def test_looking_changes_nothing_and_is_in_the_recipients_language(client, message):
    page = client.get(page_of(message), headers={"accept-language": "fr"})

    assert (page.status_code, suppressed()) == (200, [])
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_mail_program_unsubscribes_in_one_click(client, message):
    """RFC 8058: no cookie, no token against forgery, no redirect."""
    strict = client.__class__(enforce_csrf_checks=True)

    answers = [strict.post(page_of(message), {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert not answers[0].cookies
    assert suppressed() == [("wanjiru@example.org", "reminder", "unsubscribed")]
    assert Suppression.objects.allows("wanjiru@example.org", "invitation")


def test_person_presses_the_button_and_takes_it_back(client, message):
    SuppressionFactory(address_key="wanjiru@example.org", kind="", reason="refused")
    SuppressionFactory(address_key="other@example.org", kind="reminder")
    client.post(page_of(message))

    client.post(page_of(message), {"again": "1"})

    assert suppressed() == [
        ("wanjiru@example.org", "", "refused"),
        ("other@example.org", "reminder", "unsubscribed"),
    ]


@pytest.mark.parametrize("kind", sorted(set(Delivery.Kind.values) - {"reminder", "invitation"}))
def test_what_was_asked_for_is_always_sent(client, kind):
    message = DeliveryFactory(kind=kind)

    assert client.post(page_of(message)).status_code == 403
    assert suppressed() == []


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "0" * 32 + t[32:], lambda t: "x"]
)
def test_guessed_link_is_not_found(client, message, spoil):
    token = spoil(unsubscribe_token(message.public_id))

    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert suppressed() == []
