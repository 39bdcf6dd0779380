"""The person's own page, and what strangers get of it."""

import json
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from maarifa.accounts.models import AuditEntry, Consent, User
from tests.accounts.entering import codes
from tests.factories.accounts import PASSWORD, ConsentFactory, UserFactory
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db

PAGES = ["account", "account-export", "account-close", "account_change_password"]
POSTS = ["account-sign-out-everywhere", "account_email"]


def address(name, *args, language="en"):
    with override(language):
        return reverse(name, args=args)


@pytest.fixture
def person(client):
    person = UserFactory(username="lindiwe", name="Lindiwe", email="lindiwe@example.org")
    client.force_login(person)
    return person


@pytest.mark.parametrize("page", [*PAGES, *POSTS])
def test_outsider_is_sent_to_sign_in(client, page):
    answer = client.post(address(page))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, address("account_login"))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens(client, person, page, language):
    assert client.get(address(page, language=language)).status_code == 200


def test_password_is_set_by_who_has_none(client, person):
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    asked = client.get(address("account_set_password")).url
    client.get(asked)
    client.post(asked, {"code": codes("lindiwe@example.org")[0]})
    assert "<h1>Set a password</h1>" in client.get(address("account_set_password")).content.decode()

    assert client.get(address("account_change_password"), follow=True).status_code == 200
    answer = client.post(address("account_set_password"), {"password1": "four green doors"}, follow=True)

    # Not on another form for a password.
    assert answer.redirect_chain[-1][0] == address("account")
    assert "Password saved." in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password("four green doors")
    assert client.get(address("account")).status_code == 200


def test_account_page_keeps_the_settings(client, person):
    answer = client.post(
        address("account"), {"name": " Lindiwe  Dlamini ", "language": "fr", "time_zone": "Africa/Mbabane"}
    )

    person.refresh_from_db()
    assert answer.url == address("account", language="fr")
    assert (person.name, person.name_search) == ("Lindiwe Dlamini", "lindiwedlamini")
    assert (person.language, person.time_zone) == ("fr", "Africa/Mbabane")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"language": "xx"}, "language"),
        ({"time_zone": "Africa/Nowhere"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
    ],
)
def test_account_page_refuses_wrong_settings(client, person, given, field):
    answer = client.post(
        address("account"), {"name": "Lindiwe", "language": "en", "time_zone": "UTC"} | given
    )

    assert list(answer.context["form"].errors) == [field]
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("Lindiwe", "en", "UTC")


def test_account_page_never_makes_anybody_staff(client, person):
    client.post(
        address("account"),
        {"name": "Lindiwe", "language": "en", "time_zone": "UTC", "is_staff": "on", "username": "root"},
    )

    person.refresh_from_db()
    assert (person.is_staff, person.username) == (False, "lindiwe")


def test_account_page_lists_the_persons_own_consents_in_force(client, person):
    ConsentFactory(user=person, words="The terms in force.")
    taken = ConsentFactory(user=person, purpose="sharing", subject=uuid4(), words="Taken back.")
    Consent.objects.filter(pk=taken.pk).update(withdrawn_at=taken.given_at)
    ConsentFactory(words="Of somebody else.")

    answer = client.get(address("account"))

    assert [consent.words for consent in answer.context["consents"]] == ["The terms in force."]


@pytest.mark.parametrize("count", [1, 3])
def test_account_page_asks_the_same_whatever_was_agreed_to(client, person, count, django_assert_num_queries):
    for _ in range(count):
        ConsentFactory(user=person, purpose="sharing", subject=uuid4())
    client.get(address("account"))

    with django_assert_num_queries(3):
        client.get(address("account"))


@pytest.mark.parametrize("contact", ["help@example.org", ""])
def test_account_page_says_whom_to_ask_for_what_it_does_not_do(client, person, settings, contact):
    settings.CONTACT_EMAIL = contact
    settings.CONTACT_NAME = settings.CONTACT_PHONE = settings.CONTACT_URL = ""
    page = client.get(address("account")).content.decode()
    asked = (
        f'write to <a href="mailto:{contact}">{contact}</a>.' if contact else "ask the site administrators."
    )
    assert f"that you cannot change on this page, or to have your data erased, {asked}" in page
    assert "<h2>Close my account</h2>" in page


def test_account_page_offers_to_add_an_address_to_one_who_has_none(client, person):
    assert "Change e-mail address" in client.get(address("account")).content.decode()
    User.objects.filter(pk=person.pk).update(email=None)
    page = client.get(address("account")).content.decode()
    assert "Add e-mail address" in page
    assert "Change e-mail address" not in page


def test_consent_is_taken_back(client, person):
    mine = ConsentFactory(user=person, purpose="sharing", subject=uuid4())
    terms = ConsentFactory(user=person)
    theirs = ConsentFactory(purpose="sharing", subject=uuid4())

    answers = [client.post(address("account-withdraw", one.public_id)) for one in (mine, terms, theirs)]

    assert [answer.status_code for answer in answers] == [302, 302, 404]
    assert set(Consent.objects.in_force()) == {terms, theirs}
    assert client.get(address("account-withdraw", terms.public_id)).status_code == 302


def test_consent_is_not_taken_back_by_looking(client, person):
    mine = ConsentFactory(user=person, purpose="sharing", subject=uuid4())
    page = client.get(address("account-withdraw", mine.public_id))
    assert (
        "You leave the group. The institution can no longer see your progress and results."
        in page.content.decode()
    )
    assert list(Consent.objects.in_force()) == [mine]


def test_every_other_device_is_signed_out(client, person):
    phone = client.__class__()
    phone.force_login(person)

    client.post(address("account-sign-out-everywhere"))

    assert client.get(address("account")).status_code == 200
    assert phone.get(address("account")).status_code == 302


def test_who_signs_in_on_the_way_to_signing_out_elsewhere_is_led_back_to_the_button(client, person):
    phone = client.__class__()
    phone.force_login(person)
    client.logout()
    sign_in = client.post(address("account-sign-out-everywhere")).url
    client.force_login(person)

    page = client.get(parse_qs(urlsplit(sign_in).query)["next"][0], follow=True)

    assert page.redirect_chain == [(address("account"), 302)]
    assert (
        "No other device has been signed out yet. Press “Sign out every other device” again."
        in page.content.decode()
    )
    assert phone.get(address("account")).status_code == 200


def test_export_holds_what_is_kept_of_the_person_alone(client, person):
    DeliveryFactory(recipient=person, address="lindiwe@example.org", subject="Dear Lindiwe")
    DeliveryFactory(recipient=UserFactory(name="Thabo"), address="thabo@example.org", subject="Dear Thabo")

    answer = client.get(address("account-export"))

    kept = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="maarifa.json"'
    assert kept["person"] == str(person.public_id)
    assert "Dear Lindiwe" in answer.content.decode()
    assert "habo" not in answer.content.decode()


def test_account_is_closed_with_the_password_and_a_tick(client, person):
    refused = client.post(address("account-close"), {"sure": "on", "password": "not this"})
    unsure = client.post(address("account-close"), {"password": PASSWORD})
    person.refresh_from_db()
    assert (list(refused.context["form"].errors), list(unsure.context["form"].errors)) == (
        ["password"],
        ["sure"],
    )
    assert person.closed_at is None

    answer = client.post(address("account-close"), {"sure": "on", "password": PASSWORD})

    person.refresh_from_db()
    assert person.closed_at is not None
    assert (answer.url, answer["Clear-Site-Data"]) == (address("home"), '"cache"')
    assert client.get(address("account")).status_code == 302
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("account.closed", person.pk)]


def test_clocks_are_the_persons(client, person):
    person.time_zone = "Asia/Kathmandu"
    person.save()
    ConsentFactory(user=person, given_at="2026-09-01T19:00:00Z")

    assert "2 September 2026" in client.get(address("account")).content.decode()


def test_clocks_that_are_gone_do_no_harm(client, person):
    type(person).objects.filter(pk=person.pk).update(time_zone="Africa/Nowhere")

    assert client.get(address("account")).status_code == 200


def test_language_of_the_page_is_kept_for_the_account_only_when_asked(client, person):
    page = client.get("/fr/help/").content.decode()
    assert 'href="/fr/account/language/"' in page
    asked = client.get("/fr/account/language/").content.decode()
    assert "English" in asked
    person.refresh_from_db()
    assert person.language == "en"

    answer = client.post("/fr/account/language/")

    person.refresh_from_db()
    assert (person.language, answer.url) == ("fr", "/fr/account/")
    assert 'href="/fr/account/language/"' not in client.get("/fr/help/").content.decode()
    assert 'href="/en/account/language/"' in client.get("/en/help/").content.decode()


def test_keeping_a_language_wants_somebody_signed_in(client, person):
    client.logout()
    for answer in (client.get("/fr/account/language/"), client.post("/fr/account/language/")):
        assert answer.url.startswith("/fr/account/login/")
    assert "account/language/" not in client.get("/fr/help/").content.decode()
    person.refresh_from_db()
    assert person.language == "en"
