"""Whom to ask stands on every page and in every message."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from maarifa.delivery.actions import queue_message
from maarifa.institutions.models import Institution
from maarifa.lib.contact import Contact, contact_of_site
from maarifa.operations.checks import somebody_can_be_asked
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import enrolled

MAILTO = '<a href="mailto:help@example.org">help@example.org</a>'


@pytest.fixture
def institution(db):
    return InstitutionFactory(
        contact="Mme Traoré", contact_email="desk@example.org", contact_phone="+223 70 00 00 00"
    )


@pytest.fixture
def learner(institution):
    learner = UserFactory(username="awa", name="Awa Keïta")
    enrolled(course=published_course(key="rules-that-work"), learner=learner, institution=institution)
    return learner


def footer(page) -> str:
    return page.content.decode().partition("<footer>")[2]


@pytest.mark.parametrize("path", ["/en/", "/fr/", "/ar/", "/en/help/", "/verify/", "/en/account/login/"])
def test_every_page_names_the_contact_of_the_site(client, db, path):
    assert MAILTO in footer(client.get(path))


def test_error_pages_name_it_too(client, learner):
    assert MAILTO in footer(client.get("/en/nowhere/"))
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/en/account/login/", {"login": "awa", "password": PASSWORD})
    assert (page.status_code, MAILTO in footer(page)) == (403, True)
    for name in ("400.html", "403.html", "429.html"):
        assert MAILTO in render_to_string(name, request=RequestFactory().get("/en/"))


def test_page_of_what_is_not_allowed_asks_a_stranger_to_sign_in(learner):
    request = RequestFactory().get("/en/")
    page = render_to_string("403.html", request=request)
    assert 'class="button arrow" href="/en/account/login/">Sign in</a>' in page
    assert "contact the person who gave you your role." not in page
    request.user, request.session = learner, {}
    page = render_to_string("403.html", request=request)
    assert "contact the person who gave you your role." in page
    assert "Sign in</a>" not in page.partition("<main")[2]


def test_page_of_a_request_not_understood_has_a_way_on_as_django_renders_it():
    assert '<a class="button arrow" href="/">Go to the home page</a>' in render_to_string("400.html")


def test_page_of_our_own_fault_names_it_without_a_context_and_a_database(settings):
    # As Django renders it: without a request, and for a database that may be away.
    for language, said in (("en", "If it happens again, tell"), ("ar", MAILTO)):
        with override(language):
            page = render_to_string("500.html")
        assert said in page
        assert MAILTO in page


def test_institutions_own_contact_comes_first_for_its_learners_and_only_for_them(client, learner):
    client.force_login(learner)
    mine = 'Mme Traoré</bdi>, <a href="mailto:desk@example.org">desk@example.org</a>'
    for path in ("/en/courses/rules-that-work/", "/en/learn/rules-that-work/first/"):
        assert mine in footer(client.get(path))
    # Pages that know of no course have it from the session, without the overview having been seen.
    page = client.get("/en/account/")
    assert mine in footer(page)
    assert '<a href="tel:+22370000000" dir="ltr">+223 70 00 00 00</a>' in footer(page)
    assert MAILTO not in footer(page)
    other = Client()
    other.force_login(UserFactory())
    assert MAILTO in footer(other.get("/en/account/"))


def test_member_is_told_whom_to_ask_from_the_first_page_after_signing_in(client, learner):
    client.post("/en/account/login/", {"login": "awa", "password": PASSWORD})
    assert "+223 70 00 00 00" in footer(client.get("/en/help/"))
    learner.set_unusable_password()
    learner.save()
    card = Client()
    card.force_login(learner)
    warning = card.post("/en/account/logout/").content.decode().partition("<footer>")[0]
    assert ("desk@example.org" in warning, "+223 70 00 00 00" in warning, MAILTO in warning) == (
        True,
        True,
        False,
    )


def test_session_that_does_not_say_finds_out_once(client, learner, django_assert_num_queries):
    client.force_login(learner)
    session = client.session
    del session["contact"]
    session.save()
    assert "desk@example.org" in footer(client.get("/en/help/"))
    # The session is in the cache, and the person one query.
    with django_assert_num_queries(1):
        assert "desk@example.org" in footer(client.get("/en/help/"))


def test_contact_that_changes_is_seen_on_a_lesson_that_the_browser_has(client, learner):
    client.force_login(learner)
    path = "/en/learn/rules-that-work/first/"
    client.get(path)
    etag = client.get(path)["ETag"]
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 304
    Institution.objects.update(contact_email="new-desk@example.org")
    assert "new-desk@example.org" in footer(client.get(path, HTTP_IF_NONE_MATCH=etag))


def test_closing_and_help_say_where_to_write(client, learner):
    client.force_login(learner)
    main = client.get("/en/account/close/").content.decode().partition("<footer>")[0]
    assert MAILTO in main
    assert "Who can I ask for help?" in client.get("/en/help/").content.decode()


def test_message_names_whom_to_ask_and_is_answered_there(db, mailoutbox):
    from maarifa.delivery.actions import send_delivery

    row = queue_message(
        key="one",
        kind="account",
        address="awa@example.org",
        language="fr",
        template="delivery/account/unknown_account",
        context={},
    )
    assert "Une question ? Contactez help@example.org." in row.text.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert "help@example.org" in row.html
    send_delivery(delivery_id=row.pk)
    assert mailoutbox[0].reply_to == ["help@example.org"]


def test_without_a_contact_nothing_is_said_and_deployment_warns(client, db, settings):
    assert somebody_can_be_asked(None) == []
    settings.CONTACT_EMAIL = ""
    assert not contact_of_site()
    assert "Questions?" not in client.get("/en/").content.decode()
    assert [warning.id for warning in somebody_can_be_asked(None)] == ["maarifa.W001"]


def test_contact_is_shown_as_words_never_as_markup():
    contact = Contact("<b>Desk</b>", "desk@example.org", "0700 <1>", "https://example.org/?a=1&b=2")
    assert "<b>" not in contact.html
    assert 'href="tel:07001"' in contact.html
    assert 'href="https://example.org/?a=1&amp;b=2"' in contact.html
    assert str(contact) == "<b>Desk</b>, desk@example.org, 0700 <1>, https://example.org/?a=1&b=2"
