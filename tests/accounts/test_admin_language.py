"""The admin's addresses name no language: it speaks that of the account, or the one that its reader chose there."""

import pytest

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(is_staff=True, language="ar"))
    return client


def language_of(page):
    return page.text.partition('<html lang="')[2].partition('"')[0]


def test_admin_speaks_the_language_of_the_account(desk):
    page = desk.get("/admin/", HTTP_ACCEPT_LANGUAGE="fr")
    assert (language_of(page), page["Content-Language"]) == ("ar", "ar")
    assert 'dir="rtl"' in page.text


def test_switch_of_the_admin_holds_for_the_session_and_leaves_the_address(desk):
    assert '<a href="/admin/?lang=fr" lang="fr">' in desk.get("/admin/").text
    answer = desk.get("/admin/accounts/user/?q=amina&lang=fr")
    assert answer.url == "/admin/accounts/user/?q=amina"
    assert language_of(desk.get("/admin/")) == "fr"
    # Pages for learners name their language themselves.
    assert '<html lang="en"' in desk.get("/en/help/").text


def test_unknown_language_and_strangers(desk, client):
    assert language_of(desk.get("/admin/?lang=xx")) == "ar"
    desk.logout()
    assert language_of(client.get("/admin/login/?lang=fr", follow=True)) in ("en", "fr")
