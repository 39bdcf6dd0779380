"""Unsubscribing, as people do it and as their mail programs do."""

import re

import pytest
from allauth.account.models import EmailAddress

from maarifa.delivery import actions
from maarifa.delivery.actions.links import unsubscribe_token, unsubscribe_url
from maarifa.delivery.kinds import names_of
from maarifa.delivery.models import OptOut, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory, SuppressionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return DeliveryFactory(address="Wanjiru@example.org", language="ar", recipient=UserFactory())


def page_of(message):
    return f"/unsubscribe/{unsubscribe_token(message.public_id)}"


def opted_out():
    return [(one.user, one.kind) for one in OptOut.objects.order_by("id")]


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
    assert f'href="{WANTED.replace("/en/", "/ar/")}"' in answers[0].content.decode()
    assert opted_out() == [(message.recipient, "reminder")]
    assert not Suppression.objects.allows("wanjiru@example.org", "reminder", message.recipient)
    assert Suppression.objects.allows("wanjiru@example.org", "invitation", message.recipient)


def test_opt_out_stays_with_the_person_and_leaves_the_address_to_others(client, message):
    person, other = message.recipient, UserFactory()
    client.post(page_of(message))

    assert not Suppression.objects.allows("new@example.org", "reminder", person)
    assert Suppression.objects.allows(message.address, "reminder", other)
    assert suppressed() == []


def test_stopping_what_was_for_nobody_known_is_for_the_address(client):
    message = DeliveryFactory(kind="invitation", address="new@example.org", recipient=None)
    page = client.post(page_of(message))

    assert WANTED not in page.content.decode()
    assert suppressed() == [("new@example.org", "invitation", "unsubscribed")]
    assert not Suppression.objects.allows("new@example.org", "invitation")
    client.post(page_of(message), {"again": "1"})
    assert suppressed() == []


def test_stopping_invitations_to_a_proven_address_is_for_all_that_its_owner_has(client):
    person = UserFactory(email="wanjiru@example.org")
    message = DeliveryFactory(kind="invitation", address="Wanjiru@example.org", recipient=None)
    page = client.post(page_of(message))

    assert f'href="{WANTED}"' in page.content.decode()
    assert opted_out() == [(person, "invitation")]
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    EmailAddress.objects.create(user=person, email="third@example.org", verified=False)
    held_back = [
        address for address in ("wanjiru", "second", "third") if not allowed(f"{address}@example.org")
    ]
    assert held_back == ["wanjiru", "second"]


def allowed(address):
    return Suppression.objects.allows(address, "invitation")


def test_person_presses_the_button_and_takes_it_back(client, message):
    SuppressionFactory(address_key="wanjiru@example.org", kind="reminder")
    SuppressionFactory(address_key="wanjiru@example.org", kind="", reason="refused")
    SuppressionFactory(address_key="other@example.org", kind="reminder")
    client.post(page_of(message))

    client.post(page_of(message), {"again": "1"})

    assert opted_out() == []
    assert suppressed() == [
        ("wanjiru@example.org", "", "refused"),
        ("other@example.org", "reminder", "unsubscribed"),
    ]


@pytest.mark.parametrize("kind", sorted(names_of(can_stop=False)))
def test_what_was_asked_for_is_always_sent(client, kind):
    message = DeliveryFactory(kind=kind)

    page = client.post(page_of(message))
    assert page.status_code == 403
    assert '<a class="button arrow" href="/en/">Go to the home page</a>' in page.content.decode()
    assert suppressed() == []


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "0" * 32 + t[32:], lambda t: "x"]
)
def test_guessed_link_is_not_found(client, message, spoil):
    token = spoil(unsubscribe_token(message.public_id))

    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert suppressed() == []


# In the account ---------------------------------------------------------------------------------------------

WANTED = "/en/account/messages/"


def test_account_shows_what_one_gets_and_stops_it_and_takes_it_back(client):
    person = UserFactory(email="wanjiru@example.org")
    SuppressionFactory(address_key="wanjiru@example.org", kind="invitation")
    client.force_login(person)
    assert f'href="{WANTED}"' in client.get("/en/account/").content.decode()

    page = client.get(WANTED).content.decode()
    headings = re.findall(r"<h[12]>(.*?)</h[12]>", page)
    assert headings == [
        "Messages you get",
        "Invitations from institutions",
        "Results that were graded again",
        "Reminders to continue a course",
        "Questions to review each week",
    ]
    assert (page.count("You get these messages."), page.count("You do not get these messages.")) == (3, 1)
    client.post(WANTED, {"kind": "reminder"})
    assert opted_out() == [(person, "reminder")]
    assert client.get(WANTED).content.decode().count("You do not get these messages.") == 2
    for kind in ("reminder", "invitation"):
        client.post(WANTED, {"kind": kind, "again": "1"})
    assert (opted_out(), suppressed()) == ([], [])
    assert client.get(WANTED).content.decode().count("You get these messages.") == 4


@pytest.mark.parametrize("again", ["", "1"])
@pytest.mark.parametrize("kind", ["", "certificate", "sign-in", "account", "nonsense"])
def test_account_stops_nothing_that_is_always_sent(client, kind, again):
    client.force_login(UserFactory())
    assert client.post(WANTED, {"kind": kind, "again": again}).status_code == 404
    assert opted_out() == []


def test_account_page_of_messages_is_for_who_is_signed_in(client):
    assert client.get(WANTED).url.startswith("/en/account/login/")
    assert client.post(WANTED, {"kind": "reminder"}).url.startswith("/en/account/login/")


def test_unsubscribed_person_with_a_new_address_is_not_reminded(client, message):
    client.post(page_of(message))
    told = {"kind": "reminder", "language": "en", "template": "reminders/mail/inactivity"}
    context = {"name": "", "course": "x", "days": 7, "lesson": "", "done": 0, "total": 1, "url": "/"}
    told |= {"context": context, "recipient": message.recipient, "address": "new@example.org"}

    assert actions.queue_message(key="one", **told) is None
    assert actions.queue_messages(messages=[{"key": "two", **told}]) == 0
    actions.opt_in(user=message.recipient, kind="reminder")
    assert actions.queue_messages(messages=[{"key": "two", **told}]) == 1
