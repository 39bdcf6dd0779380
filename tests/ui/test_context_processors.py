"""The frame of every page: languages and menu."""

import re

import pytest

from maarifa.institutions.models import Membership
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root

pytestmark = pytest.mark.django_db


def menu(response) -> list[str]:
    found = re.search(
        r"<summary>Menu</summary><div>(.*?)</div></details></header>", response.content.decode(), re.S
    )
    return [
        re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<a [^>]*>.*?</a>|<button.*?</button>", found[1])
    ]


def languages(response) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]+)" lang="([a-z-]+)"', response.content.decode())


LEARNERS = ["My learning", "Courses", "Certificates", "My account", "Help", "Sign out"]


def test_menu_of_a_visitor(client):
    assert menu(client.get("/en/help/")) == ["Courses", "Check a certificate", "Help", "Sign in"]


def test_menu_of_a_learner(client):
    client.force_login(UserFactory())
    page = client.get("/en/help/")
    assert menu(page) == LEARNERS
    assert '<a href="/en/help/" aria-current="page">Help</a>' in page.content.decode()


@pytest.mark.parametrize("role", Membership.Role)
def test_menu_of_who_has_a_role_in_an_institution_from_the_first_page_on(client, role):
    person = MembershipFactory(unit=root(InstitutionFactory()), role=role).user
    person.set_password(PASSWORD)
    person.save()
    response = client.post("/en/account/login/", {"login": person.username, "password": PASSWORD})
    assert response.status_code == 302
    assert menu(client.get("/en/help/")) == [*LEARNERS[:3], "My institution", *LEARNERS[3:]]


def test_menu_of_who_had_a_role_once_is_a_learners(client):
    membership = MembershipFactory(unit=root(InstitutionFactory()), role=Membership.Role.COORDINATOR)
    client.force_login(membership.user)
    assert "My institution" in menu(client.get("/en/learning/"))
    Membership.objects.update(ended_at=membership.granted_at)
    assert menu(client.get("/en/learning/")) == LEARNERS


def test_menu_of_an_instructor(client):
    client.force_login(UserFactory(is_staff=True))
    assert menu(client.get("/en/help/")) == [*LEARNERS[:5], "Authoring and administration", "Sign out"]


def test_menu_asks_the_database_for_the_person_alone(client, django_assert_num_queries):
    client.force_login(UserFactory())
    client.get("/en/help/")
    with django_assert_num_queries(1):
        client.get("/en/help/")


def test_signing_out_is_a_form(client):
    client.force_login(UserFactory())
    page = client.get("/en/help/").content.decode()
    assert (
        '<form method="post" action="/en/account/logout/"><input type="hidden" name="csrfmiddlewaretoken"'
        in page
    )


def test_language_menu_keeps_the_page_and_what_was_asked(client):
    page = client.get("/en/help/?a=1&b=%22%3E")
    rest = "help/?a=1&amp;b=%22%3E"
    assert languages(page)[:3] == [(f"/{code}/{rest}", code) for code in ("en", "fr", "ar")]
    assert 'lang="en" aria-current="true"' in page.content.decode()


def test_language_menu_of_an_address_without_a_language_asks_for_one(client):
    page = client.get("/verify/?lang=ar&x=1")
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert languages(page)[:3] == [(f"/verify/?lang={code}&amp;x=1", code) for code in ("en", "fr", "ar")]


def test_language_menu_never_leads_to_another_instance(client):
    page = client.get("//evil.example/x")
    assert page.status_code == 404
    assert "//evil.example" not in page.content.decode()


KEEP = "Use English for my account, e-mails and certificates"
KEEP_FRENCH = "pour mon compte, mes e-mails et mes certificats"


def offers(page) -> int:
    """How often the page itself offers it; the menu of languages does so besides."""
    return page.content.decode().partition("<main")[2].count(KEEP)


def test_page_one_lands_on_after_switching_offers_to_keep_the_language(client):
    client.force_login(UserFactory(language="fr"))
    for page in ("help/", "account/", "courses/", "learning/"):
        switched = client.get(f"/en/{page}", HTTP_REFERER=f"http://testserver/fr/{page}")
        assert offers(switched) == 1, page
        french = client.get(f"/fr/{page}", HTTP_REFERER=f"http://testserver/en/{page}")
        assert KEEP_FRENCH not in french.content.decode().partition("<main")[2]
    # From the menu, and on every page of one's learning until the account is in this language.
    assert offers(client.get("/en/help/", HTTP_REFERER="http://testserver/en/courses/")) == 0
    assert offers(client.get("/en/learning/")) == 1
    client.post("/en/account/language/")
    assert offers(client.get("/en/learning/", HTTP_REFERER="http://testserver/fr/learning/")) == 0


def test_visitor_is_offered_nothing(client):
    assert offers(client.get("/en/help/", HTTP_REFERER="http://testserver/fr/help/")) == 0
