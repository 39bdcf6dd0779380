"""Settings that were typed before the session ended are saved once their person is back."""

import pytest
from django.test import Client

from maarifa.accounts import actions
from maarifa.accounts.models import KeptPost, User
from tests.accounts.entering import address
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TYPED = {"name": "Lindiwe Dlamini", "language": "fr", "time_zone": "Africa/Mbabane"}


@pytest.fixture
def person():
    return UserFactory(username="lindiwe", name="Lindiwe", language="en")


@pytest.fixture
def strict(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    context = client.get(address("account")).context
    client.form = {"keep": context["seal"], "csrfmiddlewaretoken": context["csrf_token"]}
    return client


def enter(client, username):
    token = client.get(address("account_login")).context["csrf_token"]
    form = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token, "next": address("account")}
    return client.post(address("account_login"), form, follow=True)


@pytest.mark.parametrize("lost", ["session", "all cookies"])
def test_settings_sent_after_the_session_are_saved_after_the_sign_in(strict, person, lost):
    del strict.cookies["sessionid"]
    if lost == "all cookies":
        strict.cookies.clear()
    answer = strict.post(address("account"), TYPED | strict.form)
    assert answer.url.startswith(address("account_login"))
    assert "We kept what you sent" in strict.get(answer.url).content.decode()
    person.refresh_from_db()
    assert person.name == "Lindiwe"

    page = enter(strict, "lindiwe")
    person.refresh_from_db()
    assert (person.name, person.language) == ("Lindiwe Dlamini", "fr")
    assert page.redirect_chain[-1][0] == address("account", "fr")
    assert KeptPost.objects.count() == 0


def test_settings_that_could_not_be_saved_stand_in_the_form_until_others_are(strict, person):
    del strict.cookies["sessionid"]
    strict.post(address("account"), TYPED | strict.form | {"time_zone": "Africa/Nowhere"})
    page = enter(strict, "lindiwe")
    assert 'value="Lindiwe Dlamini"' in page.content.decode()
    assert User.objects.get().name == "Lindiwe"
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    strict.post(address("account"), TYPED | token | {"name": "Lindi"})
    assert (User.objects.get().name, KeptPost.objects.count()) == ("Lindi", 0)


def test_settings_are_nobody_elses(strict, person):
    UserFactory(username="amina", name="Amina")
    del strict.cookies["sessionid"]
    strict.post(address("account"), TYPED | strict.form)
    enter(strict, "amina")
    assert sorted(User.objects.values_list("name", flat=True)) == ["Amina", "Lindiwe"]
    assert KeptPost.objects.get().person == person
    actions.erase_account(user=person, by=None)
    assert KeptPost.objects.count() == 0
