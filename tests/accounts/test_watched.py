"""Whoever reads people's records in the admin leaves a line, and no word that they typed."""

import pytest
from django.contrib import admin

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.models import AuditEntry
from maarifa.lib.personal_data import everything_held
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory, SuppressionFactory
from tests.factories.institutions import ManagedAccountFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    operator = UserFactory(username="operator", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


def lines():
    return list(AuditEntry.objects.order_by("id").values_list("action", "on_user__username", "details"))


def person():
    return UserFactory(username="lindiwe", name="Lindiwe")


def message():
    return DeliveryFactory(recipient=UserFactory(username="lindiwe"))


def role():
    return MembershipFactory(user=UserFactory(username="lindiwe"))


def managed():
    return ManagedAccountFactory(user=UserFactory(username="lindiwe"))


RECORDS = {
    "accounts/user": (person, "people.listed", "person.viewed"),
    "delivery/delivery": (message, "messages.listed", "message.read"),
    "institutions/membership": (role, "roles.listed", "role.read"),
    "institutions/managedaccount": (managed, "managed-accounts.listed", "managed-account.read"),
}


@pytest.mark.parametrize("page", RECORDS)
@pytest.mark.parametrize("view", ["change", "history"])
def test_reading_one_record_writes_one_line_on_its_person(client, operator, page, view):
    make, _listed, read = RECORDS[page]
    row = make()

    assert client.get(f"/admin/{page}/{row.pk}/{view}/").status_code == 200

    ((action, on_user, details),) = lines()
    assert (action, on_user) == (read, "lindiwe")
    assert set(map(str, details.values())) <= {str(getattr(row, "public_id", row.pk)), "True"}


@pytest.mark.parametrize("page", RECORDS)
def test_list_writes_one_line_that_names_filters_and_no_words(client, operator, page):
    make, listed, _read = RECORDS[page]
    make()

    client.get(f"/admin/{page}/", {"q": "Lindiwe Dlamini", "o": "1", "Lindiwe": "Dlamini"}, follow=True)

    # Who asks for a filter that there is none of is led to the plain list.
    assert {(action, on_user) for action, on_user, _ in lines()} == {(listed, None)}
    assert "indiwe" not in repr(lines())


def test_filters_of_a_list_are_named(client, operator):
    client.get(
        "/admin/delivery/delivery/", {"q": "Lindiwe", "state__exact": "pending", "kind__exact": "reminder"}
    )

    assert lines() == [("messages.listed", None, {"filters": ["kind", "search", "state"]})]


def test_stopped_addresses_are_watched_too(client, operator):
    row = SuppressionFactory(address_key="lindiwe@example.org")

    client.get("/admin/delivery/suppression/")
    client.get(f"/admin/delivery/suppression/{row.pk}/change/")

    assert [action for action, _, _ in lines()] == ["suppressions.listed", "suppression.read"]
    assert "indiwe" not in repr(lines())


def test_who_may_not_read_leaves_no_line(client):
    client.force_login(UserFactory(is_staff=True))
    row = message()

    assert client.get(f"/admin/delivery/delivery/{row.pk}/change/").status_code == 403
    assert client.get("/admin/delivery/delivery/").status_code == 403
    assert lines() == []


def test_form_with_mistakes_shows_the_person_and_is_written_down(client, operator):
    row = person()

    assert client.post(f"/admin/accounts/user/{row.pk}/change/", {"name": ""}).status_code == 200
    assert [action for action, _, _ in lines()] == ["person.viewed"]


def test_every_page_over_people_is_watched():
    """All whose table holds something of people, the audit itself included, but what its author alone stands on."""
    of_people = {held.get_model() for held in everything_held() if held.fields}
    bare = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if model in of_people and not isinstance(page, AuditedAdmin)
    ]
    # Who of the staff reviewed a translation, a contact that every learner reads, and who of the staff corrected a
    # question.
    assert sorted(bare) == ["curriculum.Material", "institutions.Institution", "quizzes.Regrade"]
    assert [
        model._meta.label
        for model, page in admin.site._registry.items()
        if isinstance(page, AuditedAdmin) and not (page.listed_as and page.read_as)
    ] == []
