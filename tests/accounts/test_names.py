"""User names in any script, passwords in any form, names that can be seen."""

import unicodedata

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from maarifa.accounts import actions
from maarifa.accounts.models import User
from maarifa.lib.refolding import refold
from tests.accounts.entering import SIGN_UP, address, who
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
COMPOSED = "Été à Lomé 2026"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


# User names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("İpek", "ipek"),
        ("प्रिया", "प्रिया"),
        ("மீனா", "மீனா"),
        ("محمّد", "محمّد"),
        ("ọ̀lá", "ọ̀lá"),
        ("Ɓaɗaƙu_2026", "ɓaɗaƙu_2026"),
        ("ⵜⵉⵙⵉⵜ", "ⵜⵉⵙⵉⵜ"),
        ("علی\u200cرضا", "علیرضا"),
    ],
)
def test_user_name_may_be_in_any_script_with_its_marks(client, typed, stored):
    client.post(address("account_signup"), SIGN_UP | {"username": typed})

    assert User.objects.values_list("username", flat=True).get() == unicodedata.normalize("NFC", stored)
    client.cookies.clear()
    client.post(
        address("account_login"),
        {"login": unicodedata.normalize("NFD", typed), "password": SIGN_UP["password1"]},
    )
    assert who(client) == User.objects.get()


@pytest.mark.parametrize(
    "typed",
    ["two words", "a/b", "amina!", "amina@example.org", "\u0301amina", "\u064b", "amina\u2028b", "a’b"],
)
def test_user_name_refuses_what_is_no_letter_in_a_sentence(client, typed):
    page = client.post(address("account_signup"), SIGN_UP | {"username": typed})

    assert page.context["form"].errors["username"] == [str(actions.AccountError.MESSAGES["USERNAME_WRONG"])]
    assert User.objects.count() == 0


@pytest.mark.parametrize("unseen", ["\u202e", "\u200f", "\u200d", "\u3164", "\u034f", "\U000e0041", "\ufe0f"])
def test_user_name_with_something_unseen_in_it_is_the_same_user_name(client, unseen):
    UserFactory(username="amina")

    page = client.post(address("account_signup"), SIGN_UP | {"username": f"am{unseen}ina"})

    assert page.context["form"].errors["username"] == [str(actions.AccountError.MESSAGES["USERNAME_TAKEN"])]


# Passwords --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_password_is_the_same_in_either_form(client, chosen, typed):
    person = UserFactory(username="afi")
    person.set_password(chosen)
    person.save()

    client.post(address("account_login"), {"login": "afi", "password": typed})

    assert who(client) == person


def test_password_set_before_there_was_one_form_still_works_and_is_brought_up(client):
    person = UserFactory(username="afi")
    User.objects.filter(pk=person.pk).update(password=make_password(DECOMPOSED))

    client.post(address("account_login"), {"login": "afi", "password": COMPOSED})
    assert who(client) is None
    client.post(address("account_login"), {"login": "afi", "password": DECOMPOSED})
    assert who(client) == person
    client.cookies.clear()
    client.post(address("account_login"), {"login": "afi", "password": COMPOSED})
    assert who(client) == person


def test_password_that_is_another_one_is_refused():
    person = UserFactory.build()
    person.set_password(COMPOSED)

    assert [person.check_password(word) for word in ("Ete a Lome 2026", "", COMPOSED[:-1])] == [False] * 3


# Names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("…", "NO_LETTER"), ("12 34", "NO_LETTER"), ("A" * 201, "TOO_LONG"), ("\ue000a", "UNREADABLE")],
)
def test_sign_up_and_settings_refuse_what_cannot_be_a_name(client, name, code):
    page = client.post(address("account_signup"), SIGN_UP | {"username": "nene", "name": name})
    person = UserFactory(name="Néné")
    client.force_login(person)
    settings = client.post(reverse("account"), {"name": name, "language": "en", "time_zone": "UTC"})

    for form in (page.context["form"], settings.context["form"]):
        assert [error.code for error in form.errors.as_data()["name"]] == [code]
    with pytest.raises(actions.AccountError) as refused:
        actions.create_account(name=name, language="en")
    assert refused.value.code == code
    assert list(User.objects.values_list("name", flat=True)) == ["Néné"]


@pytest.mark.parametrize("name", ["\u3164", "\u202e\u202c", "\u200d", " \u2800 "])
def test_name_of_which_nothing_can_be_seen_is_no_name(client, name):
    page = client.post(address("account_signup"), SIGN_UP | {"username": "nene", "name": name})

    assert [error.code for error in page.context["form"].errors.as_data()["name"]] == ["required"]


def test_name_is_kept_without_what_turns_its_direction(client):
    client.post(address("account_signup"), SIGN_UP | {"username": "nene", "name": "Néné \u202eollaiD\u202c"})

    assert User.objects.get().name == "Néné ollaiD"


# Searching --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("عبد الله حسن", "عبدالله"), ("كريم", "کریم"), ("Łukasz Đặng", "dang lukasz"), ("Işık", "ışık")],
)
@pytest.mark.parametrize("page", ["accounts/user", "certificates/certificate", "quizzes/attempt"])
def test_admin_finds_people_as_one_types(client, stored, typed, page):
    client.force_login(UserFactory(username="operator", name="Operator", is_staff=True, is_superuser=True))
    person = UserFactory(name=stored)
    UserFactory(name="Somebody else")

    answer = client.get(f"/admin/{page}/", {"q": typed})

    assert answer.status_code == 200
    if page == "accounts/user":
        assert list(answer.context["cl"].queryset) == [person]


def test_admin_finds_people_by_address_and_user_name(client):
    operator = UserFactory(username="operator", name="Boss", is_staff=True, is_superuser=True)
    client.force_login(operator)
    person = UserFactory(username="o.k-wanjiru", email="wanjiru@example.org", name="Wanjiru")

    for typed in ("Wanjiru@Example.org", "o.k-", "wanjiru wanjiru@"):
        assert list(client.get("/admin/accounts/user/", {"q": typed}).context["cl"].queryset) == [person]


# What was stored before -------------------------------------------------------------------------------------


def test_refold_brings_old_rows_up_in_batches_and_is_done_once():
    people = [UserFactory(name=f"عبد الله {n}") for n in range(5)]
    users = User.objects.filter(pk__in=[person.pk for person in people])
    before = sorted(users.values_list("name_search", "name_sort"))
    users.update(name_search="عبد", name_sort="")
    model = apps.get_model("accounts", "User")

    changed = refold(model, names=["name", "certificate_name"], batch=2)

    assert changed == 5
    assert sorted(users.values_list("name_search", "name_sort")) == before
    assert refold(model, names=["name", "certificate_name"], batch=2) == 0
