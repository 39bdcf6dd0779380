"""What institutions may do, and what is refused them."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.signals import pre_save

from maarifa.accounts import actions as accounts
from maarifa.accounts.models import AuditEntry, User
from maarifa.institutions import actions
from maarifa.institutions.models import Institution, Membership, Unit
from tests.factories.accounts import UserFactory
from tests.factories.institutions import InstitutionFactory, MembershipFactory, UnitFactory, root

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def refusal_of(action, **arguments):
    with pytest.raises(actions.InstitutionError) as refusal:
        action(**arguments)
    assert refusal.value.message != refusal.value.code
    return refusal.value.code


# Institutions and units -------------------------------------------------------------------------------------


def test_create_institution_makes_the_root_that_bears_its_name():
    institution = actions.create_institution(
        key="ena-ouagadougou",
        name="  ENA   Ouagadougou ",
        language="fr",
        time_zone="Africa/Ouagadougou",
        contact="Mme Sawadogo, 70 00 00 00",
        at=NOW,
    )

    assert (institution.name, institution.created_at) == ("ENA Ouagadougou", NOW)
    assert list(institution.units.values_list("key", "path", "name", "parent")) == [
        ("ena-ouagadougou", "ena-ouagadougou/", "ENA Ouagadougou", None)
    ]


def test_create_institution_refuses_a_key_that_is_taken():
    InstitutionFactory(key="ministry")

    code = refusal_of(actions.create_institution, key="ministry", name="Again", language="en")

    assert (code, Institution.objects.count(), Unit.objects.count()) == ("KEY_TAKEN", 1, 1)


def test_add_unit_refuses_a_key_that_a_sibling_has():
    top = root(InstitutionFactory())
    water = actions.add_unit(parent=top, key="water", name="Water")

    assert refusal_of(actions.add_unit, parent=top, key="water", name="Again") == "KEY_TAKEN"
    assert actions.add_unit(parent=water, key="water", name="Deeper").path.endswith("/water/water/")


def test_add_unit_refuses_a_tree_that_is_too_deep():
    unit = root(InstitutionFactory(key="i" * 60))
    for _ in range(7):
        unit = actions.add_unit(parent=unit, key="u" * 60, name="Deep")

    assert refusal_of(actions.add_unit, parent=unit, key="u" * 60, name="Too deep") == "TREE_TOO_DEEP"


def test_retired_institution_begins_nothing_new():
    operator = UserFactory()
    institution = InstitutionFactory()
    top = root(institution)
    assert actions.retire_institution(institution=institution, by=operator, at=NOW) is True
    assert actions.retire_institution(institution=institution, by=operator, at=NOW) is False
    top.refresh_from_db()

    assert institution.retired_at == NOW
    assert refusal_of(actions.add_unit, parent=top, key="new", name="New") == "RETIRED"
    assert refusal_of(actions.grant_role, user=operator, unit=top, role="observer", by=operator) == "RETIRED"
    assert refusal_of(
        actions.make_managed_account, institution=institution, username="x", name="X", language="en"
    ) == "RETIRED"  # fmt: skip
    assert list(AuditEntry.objects.values_list("action", "institution")) == [
        ("institution.retired", institution.public_id)
    ]


# Roles ------------------------------------------------------------------------------------------------------


def test_grant_role_again_changes_nothing():
    person, operator, unit = UserFactory(), UserFactory(), UnitFactory()

    first = actions.grant_role(user=person, unit=unit, role="coordinator", by=operator, at=NOW)
    again = actions.grant_role(user=person, unit=unit, role="coordinator", by=operator)

    assert (first.pk, first.granted_by, first.granted_at) == (again.pk, operator, NOW)
    assert (Membership.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_grant_role_puts_another_role_in_the_place_of_the_earlier():
    person, operator, unit = UserFactory(), UserFactory(), UnitFactory()
    actions.grant_role(user=person, unit=unit, role="coordinator", by=operator, at=NOW)
    later = NOW + timedelta(days=1)
    actions.grant_role(user=person, unit=unit, role="observer", by=operator, at=later)

    assert list(Membership.objects.order_by("id").values_list("role", "ended_at")) == [
        ("coordinator", later),
        ("observer", None),
    ]
    assert [entry.details["role"] for entry in AuditEntry.objects.order_by("id")] == [
        "coordinator",
        "observer",
    ]


def test_grant_role_refuses_a_closed_account():
    person, operator = UserFactory(), UserFactory()
    accounts.close_account(user=person, by=person)

    code = refusal_of(actions.grant_role, user=person, unit=UnitFactory(), role="observer", by=operator)

    assert (code, Membership.objects.count()) == ("CLOSED", 0)


def test_end_role_ends_it_once():
    membership, operator = MembershipFactory(), UserFactory()

    assert actions.end_role(membership=membership, by=operator, at=NOW + timedelta(days=900)) is True
    assert actions.end_role(membership=membership, by=operator) is False

    assert membership.ended_at == NOW + timedelta(days=900)
    assert list(Unit.objects.visible_to(membership.user)) == []
    assert list(AuditEntry.objects.values_list("action", "on_user")) == [("role.ended", membership.user_id)]


# Accounts that an institution makes -------------------------------------------------------------------------


@pytest.fixture
def institution():
    return InstitutionFactory(time_zone="Asia/Dhaka")


@pytest.fixture
def person(institution):
    return actions.make_managed_account(
        institution=institution, username="Rahima", name="রহিমা", language="bn", at=NOW
    )


def test_make_managed_account_is_the_persons_own(institution, person):
    person.refresh_from_db()
    assert (person.username, person.name, person.language) == ("rahima", "রহিমা", "bn")
    assert (person.time_zone, person.email, person.has_usable_password()) == ("Asia/Dhaka", None, False)
    assert person.managed.institution == institution


def test_make_managed_account_refuses_a_name_that_is_taken(institution, person):
    with pytest.raises(accounts.AccountError) as refusal:
        actions.make_managed_account(institution=institution, username="RAHIMA", name="Other", language="en")

    assert (refusal.value.code, User.objects.count()) == ("USERNAME_TAKEN", 1)


def test_reset_credential_ends_password_and_sessions(institution, person):
    coordinator = UserFactory()
    accounts.set_password_and_names(user=person, password="three blue doors")
    before = person.get_session_auth_hash()

    actions.reset_credential(institution=institution, user=person, learns_elsewhere=False, by=coordinator)

    person.refresh_from_db()
    assert (person.has_usable_password(), person.get_session_auth_hash() != before) == (False, True)
    assert list(AuditEntry.objects.values_list("actor", "action", "on_user", "institution")) == [
        (coordinator.pk, "credential.reset", person.pk, institution.public_id)
    ]


def test_reset_credential_is_refused_to_whoever_did_not_make_the_account(person):
    assert _refusal(InstitutionFactory(), person) == "NOT_MADE_HERE"


def test_reset_credential_is_refused_for_an_account_the_person_made(institution):
    assert _refusal(institution, UserFactory()) == "NOT_MADE_HERE"


def test_reset_credential_is_refused_for_who_has_a_confirmed_address(institution, person):
    accounts.confirm_address(user=person, address="rahima@example.org")

    assert _refusal(institution, person) == "HAS_ADDRESS"


def test_reset_credential_is_granted_beside_an_address_that_was_never_confirmed(institution, person):
    accounts.replace_address(user=person, address="rahima@example.org")

    assert actions.why_not_reset(institution=institution, user=person, learns_elsewhere=False) is None


def test_reset_credential_is_refused_for_who_learns_elsewhere(institution, person):
    assert _refusal(institution, person, learns_elsewhere=True) == "LEARNS_ELSEWHERE"


def test_reset_credential_is_refused_for_staff(institution, person):
    MembershipFactory(user=person)

    assert _refusal(institution, person) == "STAFF"


def test_reset_credential_is_refused_for_a_closed_account(institution, person):
    accounts.close_account(user=person, by=person)

    assert _refusal(institution, person) == "CLOSED"


def _refusal(institution, person, *, learns_elsewhere=False):
    asked = {"institution": institution, "user": person, "learns_elsewhere": learns_elsewhere}
    before = User.objects.get(pk=person.pk).password
    code = refusal_of(actions.reset_credential, by=UserFactory(), **asked)
    assert User.objects.get(pk=person.pk).password == before
    return code


# Two at one moment ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("roles", [("observer", "observer"), ("observer", "coordinator")])
def test_grant_role_twice_at_one_moment_leaves_one(roles):
    person, unit, operator = UserFactory(), root(InstitutionFactory()), UserFactory()
    both_have_looked = threading.Barrier(2)
    granted, errors = [], []

    def wait(sender, instance, **kwargs):
        # On SQLite one of the two can't even look before the other has written.
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_looked.wait(timeout=2)

    def grant(role):
        try:
            granted.append(actions.grant_role(user=person, unit=unit, role=role, by=operator, at=NOW))
        except Exception as error:  # noqa: BLE001 - the test's thread reports it
            errors.append(error)
        finally:
            connection.close()

    pre_save.connect(wait, sender=Membership)
    try:
        threads = [threading.Thread(target=grant, args=[role]) for role in roles]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        pre_save.disconnect(wait, sender=Membership)

    assert errors == []
    assert {one.role for one in granted} == set(roles)
    assert Membership.objects.current().count() == 1
    assert Membership.objects.count() == len(set(roles))
    assert AuditEntry.objects.filter(action="role.granted").count() == len(set(roles))


def test_make_managed_accounts_leaves_an_address_that_somebody_has():
    institution = InstitutionFactory()
    somebody = UserFactory(email="lindiwe@example.org")
    people = [
        accounts.NewPerson(name="Thabo", language="en"),
        accounts.NewPerson(name="Lindiwe", language="en", email="Lindiwe@example.org"),
    ]

    made = actions.make_managed_accounts(institution=institution, people=people, by=UserFactory(), at=NOW)

    assert [user and user.name for user in made] == ["Thabo", None]
    assert [one.user for one in institution.managed_accounts.all()] == [made[0]]
    assert not hasattr(User.objects.get(pk=somebody.pk), "managed")
    assert AuditEntry.objects.get(action="accounts.made").details == {"count": 1}
