"""Columns that keep themselves right, whichever way a value comes in."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.institutions.models import Institution, Unit
from maarifa.lib.rows import Column
from tests.factories.accounts import UserFactory
from tests.factories.institutions import InstitutionFactory

pytestmark = pytest.mark.django_db
DECOMPOSED = unicodedata.normalize("NFD", "Université  Lomé ")
NAME = "Université Lomé"
FORM = {"language": "en", "time_zone": "UTC", "units-TOTAL_FORMS": 0, "units-INITIAL_FORMS": 0}


@pytest.fixture
def operator(client):
    operator = UserFactory(username="operator", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


WAYS = {
    "save": lambda one: (setattr(one, "name", DECOMPOSED), one.save()),
    "update": lambda one: Institution.objects.filter(pk=one.pk).update(name=DECOMPOSED),
    "bulk_update": lambda one: (
        setattr(one, "name", DECOMPOSED),
        Institution.objects.bulk_update([one], ["name"]),
    ),
    "clean": lambda one: (setattr(one, "name", DECOMPOSED), one.full_clean(), one.save()),
}


@pytest.mark.parametrize("way", WAYS)
def test_name_is_stored_in_one_form(way):
    institution = InstitutionFactory()

    WAYS[way](institution)

    assert Institution.objects.values_list("name", flat=True).get() == NAME
    assert Institution.objects.get(name=DECOMPOSED) == institution


def test_name_of_a_new_row_is_right_in_memory_too():
    made = Institution.objects.create(key="lome", name=DECOMPOSED)
    (many,) = Institution.objects.bulk_create([Institution(key="lome2", name=DECOMPOSED)])

    assert (made.name, many.name) == (NAME, NAME)


def test_institution_and_unit_renamed_in_the_admin_keep_to_it(client, operator):
    institution = InstitutionFactory(key="lome")
    unit = institution.units.get()

    client.post(
        f"/admin/institutions/institution/{institution.pk}/change/",
        FORM | {"name": DECOMPOSED, "contact": DECOMPOSED},
    )
    client.post(f"/admin/institutions/unit/{unit.pk}/change/", {"name": DECOMPOSED})

    assert Institution.objects.values_list("name", "contact").get() == (NAME, NAME)
    assert Unit.objects.get().name == NAME


# Languages and clocks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"), [("language", "klingon"), ("time_zone", "Mars/X"), ("time_zone", "../etc/passwd")]
)
@pytest.mark.parametrize("page", ["institutions/institution", "accounts/user"])
def test_admin_refuses_what_the_instance_does_not_know(client, operator, page, field, value):
    row = UserFactory(name="Thabo") if page == "accounts/user" else InstitutionFactory(key="lome")
    given = FORM | {"name": "Lomé", "username": "thabo", "email": ""} | {field: value}
    for formset in ("emailaddress_set", "consents"):
        given |= {f"{formset}-TOTAL_FORMS": 0, f"{formset}-INITIAL_FORMS": 0}

    changed = client.post(f"/admin/{page}/{row.pk}/change/", given)
    added = client.post(f"/admin/{page}/add/", given | {"key": "new"})

    assert list(changed.context["adminform"].form.errors) == [field]
    assert list(added.context["adminform"].form.errors) == [field]
    assert list(type(row).objects.filter(**{field: value})) == []


@pytest.mark.parametrize("field", ["language", "time_zone"])
def test_admin_and_settings_offer_the_same_list(client, operator, field):
    institution = InstitutionFactory()
    pages = [
        client.get(f"/admin/institutions/institution/{institution.pk}/change/").context["adminform"].form,
        client.get(f"/admin/accounts/user/{operator.pk}/change/").context["adminform"].form,
        client.get(reverse("account")).context["form"],
    ]

    offered = [list(form.fields[field].choices) for form in pages]

    # A person may not have said yet where they are; an institution has.
    offered = [[choice for choice in choices if choice[0]] for choices in offered]
    assert offered[0] == offered[1] == offered[2]
    assert ("en" if field == "language" else "Africa/Nairobi") in dict(offered[0])
    assert "Etc/GMT+3" not in dict(offered[0])


def test_zone_that_is_on_no_list_stays_whose_it_is(client):
    person = UserFactory(name="Thabo", time_zone="Etc/GMT+3")
    client.force_login(person)
    account = reverse("account")

    assert client.get(account).context["form"]["time_zone"].value() == "Etc/GMT+3"
    assert "<option value=Etc/GMT+3 selected>" in client.get(account).content.decode()
    answer = client.post(account, {"name": "Thabo", "language": "en", "time_zone": "Etc/GMT+3"})

    assert answer.status_code == 302
    assert User.objects.get().time_zone == "Etc/GMT+3"


@pytest.mark.parametrize("fields", [{"language": "klingon"}, {"time_zone": "Mars/X"}, {"time_zone": "/etc"}])
def test_row_says_what_is_wrong_with_it(fields):
    institution = InstitutionFactory.build(key="lome", **fields)

    with pytest.raises(ValidationError) as refused:
        institution.full_clean()

    assert set(refused.value.message_dict) == set(fields)


def test_column_with_choices_says_which_there_are():
    levels = Column("Level", choices=(("recall", "recall"), ("judgement", "judgement")))
    assert levels.fits == "Choose one of these: recall, judgement."
    assert Column("Date", right="Write a day.").fits == "Write a day."
