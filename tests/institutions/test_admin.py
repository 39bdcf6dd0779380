"""Institutions, units and roles, as those who run the site keep them."""

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.institutions.models import Institution, Membership, Unit
from tests.factories.accounts import UserFactory
from tests.factories.institutions import (
    InstitutionFactory,
    ManagedAccountFactory,
    MembershipFactory,
    UnitFactory,
    root,
)

pytestmark = pytest.mark.django_db
ADMIN = "/admin/institutions/"


@pytest.fixture
def operator(client):
    operator = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.mark.parametrize("page", ["institution", "unit", "membership", "managedaccount"])
def test_coordinator_gets_nothing_of_it(client, page):
    client.force_login(MembershipFactory().user)

    assert client.get(f"{ADMIN}{page}/", follow=True).status_code == 403


@pytest.mark.parametrize(
    ("page", "make"),
    [
        ("institution", InstitutionFactory),
        ("unit", UnitFactory),
        ("membership", MembershipFactory),
        ("managedaccount", ManagedAccountFactory),
    ],
)
def test_list_asks_the_same_for_one_and_for_three(
    client, operator, page, make, django_assert_max_num_queries
):
    counts = []
    for _ in range(2):
        make()
        client.get(f"{ADMIN}{page}/")
        with django_assert_max_num_queries(9) as asked:
            assert client.get(f"{ADMIN}{page}/").status_code == 200
        counts.append(len(asked))
        make()

    assert counts[0] == counts[1]


def test_institution_is_added_with_its_root(client, operator):
    client.post(
        f"{ADMIN}institution/add/",
        {"key": "ministry", "name": "Ministry", "language": "en", "time_zone": "UTC", "contact": ""},
    )

    assert list(Unit.objects.values_list("path", "name")) == [("ministry/", "Ministry")]
    assert list(AuditEntry.objects.values_list("actor", "action")) == [(operator.pk, "institution.created")]


def test_institution_keeps_its_key(client, operator):
    institution = InstitutionFactory(key="ministry")
    page = f"{ADMIN}institution/{institution.pk}/change/"
    assert client.get(page).status_code == 200

    client.post(
        page,
        {
            "key": "other",
            "name": "New name",
            "language": "en",
            "time_zone": "UTC",
            "contact": "",
            "units-TOTAL_FORMS": 0,
            "units-INITIAL_FORMS": 0,
        },
    )

    assert list(Institution.objects.values_list("key", "name")) == [("ministry", "New name")]


def test_unit_is_added_below_its_parent(client, operator):
    top = root(InstitutionFactory(key="ministry"))
    client.post(f"{ADMIN}unit/add/", {"parent": top.pk, "key": "water", "name": "Water"})
    again = client.post(f"{ADMIN}unit/add/", {"parent": top.pk, "key": "water", "name": "Water"})
    second_root = client.post(f"{ADMIN}unit/add/", {"parent": "", "key": "fire", "name": "Fire"})

    assert list(Unit.objects.values_list("path", flat=True)) == ["ministry/", "ministry/water/"]
    assert list(again.context["adminform"].form.errors) == ["key"]
    assert list(second_root.context["adminform"].form.errors) == ["parent"]


def test_role_is_granted_changed_and_ended(client, operator):
    person, unit = UserFactory(), UnitFactory()
    for role in ("coordinator", "observer"):
        client.post(f"{ADMIN}membership/add/", {"user": person.pk, "unit": unit.pk, "role": role})
    current = Membership.objects.current().get()
    assert (current.role, current.granted_by) == ("observer", operator)

    asked = {"action": "end", "_selected_action": [current.pk]}
    assert (
        "can no longer see the learners of these units"
        in client.post(f"{ADMIN}membership/", asked).content.decode()
    )
    assert not Membership.objects.exclude(ended_at=None).filter(pk=current.pk).exists()
    client.post(f"{ADMIN}membership/", asked | {"confirmed": "1"})

    assert Membership.objects.current().count() == 0
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        *("role.granted", "role.granted", "roles.listed", "role.ended")
    ]


def test_institution_is_retired_not_deleted(client, operator):
    institution = InstitutionFactory()

    assert client.post(f"{ADMIN}institution/{institution.pk}/delete/", {"post": "yes"}).status_code == 403
    asked = {"action": "retire", "_selected_action": [institution.pk]}
    assert "You cannot undo this." in client.post(f"{ADMIN}institution/", asked).content.decode()
    institution.refresh_from_db()
    assert institution.retired_at is None
    client.post(f"{ADMIN}institution/", asked | {"confirmed": "1"})

    institution.refresh_from_db()
    assert institution.retired_at is not None
