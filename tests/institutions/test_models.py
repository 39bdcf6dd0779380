"""Who sees what of the tree, and what the database refuses."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from maarifa.institutions.models import Institution, ManagedAccount, Membership, Unit
from tests.factories.accounts import UserFactory
from tests.factories.institutions import (
    InstitutionFactory,
    ManagedAccountFactory,
    MembershipFactory,
    UnitFactory,
    root,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def tree():
    """ministry / water / wells, ministry / water-quality, and another institution with the same keys."""
    made = {}
    for name in ("ministry", "other"):
        institution = InstitutionFactory(key=f"{name}-of-kilele")
        top = root(institution)
        water = UnitFactory(parent=top, key="water")
        made[name] = {
            "top": top,
            "water": water,
            "wells": UnitFactory(parent=water, key="wells"),
            "water-quality": UnitFactory(parent=top, key="water-quality"),
        }
    return made


def test_path_is_made_of_the_keys_from_the_root_down(tree):
    assert tree["ministry"]["wells"].path == "ministry-of-kilele/water/wells/"


def test_below_is_the_unit_and_what_hangs_under_it(tree):
    ours = tree["ministry"]

    assert set(Unit.objects.below(ours["water"])) == {ours["water"], ours["wells"]}
    assert set(Unit.objects.below(ours["top"])) == set(ours.values())
    assert set(Unit.objects.below(ours["wells"])) == {ours["wells"]}


@pytest.mark.parametrize("role", ["coordinator", "observer"])
def test_visible_to_staff_is_their_subtree(tree, role):
    ours = tree["ministry"]
    person = MembershipFactory(unit=ours["water"], role=role).user

    assert set(Unit.objects.visible_to(person)) == {ours["water"], ours["wells"]}
    assert set(Unit.objects.managed_by(person)) == (
        {ours["water"], ours["wells"]} if role == "coordinator" else set()
    )


def test_visible_to_somebody_with_two_roles_is_both_subtrees_once(tree):
    person = UserFactory()
    MembershipFactory(user=person, unit=tree["ministry"]["top"], role="observer")
    MembershipFactory(user=person, unit=tree["ministry"]["water"])
    MembershipFactory(user=person, unit=tree["other"]["wells"])

    assert sorted(Unit.objects.visible_to(person).values_list("path", flat=True)) == sorted(
        [unit.path for unit in tree["ministry"].values()] + [tree["other"]["wells"].path]
    )
    assert set(Unit.objects.managed_by(person)) == {
        tree["ministry"]["water"],
        tree["ministry"]["wells"],
        tree["other"]["wells"],
    }


def test_visible_to_others_is_nothing(tree):
    gone = MembershipFactory(unit=tree["ministry"]["top"]).user
    Membership.objects.filter(user=gone).update(ended_at=NOW.replace(year=2100))
    retired = MembershipFactory(unit=tree["other"]["top"]).user
    Institution.objects.filter(key="other-of-kilele").update(retired_at=NOW)

    for person in (gone, retired, UserFactory()):
        assert list(Unit.objects.visible_to(person)) == []
        assert list(Unit.objects.managed_by(person)) == []


def refused(model, *rows):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create(rows)


@pytest.mark.parametrize("key", ["", "Water", "wa ter", "water/wells", "wäter"])
def test_key_is_refused_by_constraint(key):
    refused(Institution, Institution(key=key, name="Wrong"))
    refused(Unit, Unit(institution=InstitutionFactory(), key=key, path="x/", name="Wrong"))


def test_institution_key_is_taken_once():
    InstitutionFactory(key="ministry")

    refused(Institution, Institution(key="ministry", name="Again"))


def test_unit_is_refused_by_constraint(tree):
    top = tree["ministry"]["top"]
    fields = {"institution": top.institution, "parent": top, "name": "Wrong", "key": "wrong"}

    refused(Unit, Unit(**fields | {"key": "water"}, path=tree["ministry"]["water"].path))
    refused(Unit, Unit(**fields, path=f"{top.path}wrong"))
    refused(Unit, Unit(**fields | {"parent": None}, path="wrong/"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=top.pk).update(parent=top)


@pytest.mark.parametrize("path", ["other/", "wells-other/", "ministry-of-kilele/water/wel/", "wells/"])
def test_path_that_does_not_end_in_the_key_is_refused(tree, path):
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=tree["ministry"]["wells"].pk).update(path=path)


def test_path_of_a_root_is_its_key(tree):
    for path in ("x/ministry-of-kilele/", "ministry-of-kilele-and-more/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(pk=tree["ministry"]["top"].pk).update(path=path)


def test_unit_hangs_under_one_of_its_own_institution(tree):
    wells = Unit.objects.filter(pk=tree["ministry"]["wells"].pk)

    def move(**fields):
        wells.update(**fields)
        connection.check_constraints()

    for fields in ({"parent": tree["other"]["top"]}, {"institution": tree["other"]["top"].institution}):
        with pytest.raises(IntegrityError), transaction.atomic():
            move(**fields, path="somewhere/else/wells/")
    move(parent=tree["ministry"]["top"], path="ministry-of-kilele/wells/")


def test_what_others_hang_from_cannot_be_deleted(tree):
    member = MembershipFactory(unit=tree["ministry"]["wells"])
    made = ManagedAccountFactory()
    rows = (tree["ministry"]["top"].institution, tree["ministry"]["water"], member.unit, member.user)
    for row in (*rows, made.user, made.institution):
        with pytest.raises(ProtectedError):
            row.delete()


def test_membership_is_refused_by_constraint(tree):
    held = MembershipFactory(unit=tree["ministry"]["water"])
    other = UserFactory()

    refused(Membership, Membership(user=held.user, unit=held.unit, role="observer"))
    refused(
        Membership,
        Membership(user=other, unit=held.unit, role="observer", granted_at=NOW, ended_at=NOW.replace(hour=7)),
    )
    Membership.objects.bulk_create(
        [Membership(user=held.user, unit=held.unit, role="observer", granted_at=NOW, ended_at=NOW)]
    )


def test_account_is_made_by_one_institution():
    made = ManagedAccountFactory()

    refused(ManagedAccount, ManagedAccount(user=made.user, institution=InstitutionFactory()))
