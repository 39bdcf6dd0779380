"""Accounts that were signed up for and never confirmed expire; every other account stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from maarifa.accounts import actions
from maarifa.accounts.models import AuditEntry, User
from maarifa.accounts.tasks import forget_unconfirmed
from tests.accounts.entering import address, sign_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, applied
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import ManagedAccountFactory, MembershipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def signed_up(email="never@example.org", *, days=31, at=NOW, **more):
    return actions.sign_up(
        **{
            "name": "Néné Diallo",
            "email": email,
            "password": PASSWORD,
            "language": "fr",
            "words": "J’accepte.",
            "at": at - timedelta(days=days),
            **more,
        }
    )


def stays(person) -> bool:
    person.refresh_from_db()
    return person.erased_at is None and person.closed_at is None


def test_account_that_was_never_confirmed_is_erased_after_thirty_days(settings):
    person, recent = signed_up(), signed_up("recent@example.org", days=29)
    # The code that was sent, and somebody of the staff who looked.
    DeliveryFactory(recipient=person, address=person.email, kind="sign-in")
    actions.record_audit(actor=UserFactory(), action="person.viewed", on_user=person)

    assert actions.forget_unconfirmed(at=NOW) == 1

    person.refresh_from_db()
    assert (person.email, person.name, person.erased_at) == (None, "", NOW)
    assert AuditEntry.objects.filter(action="account.erased", on_user=person, actor=None).count() == 1
    assert stays(recent)
    # Who wants the address can have it.
    assert stays(signed_up(days=0))

    assert actions.forget_unconfirmed(at=NOW) == 0
    settings.UNCONFIRMED_DAYS = 28
    assert actions.forget_unconfirmed(at=NOW) == 1


def confirmed(person):
    person.emailaddress_set.update(verified=True)


def entered(person):
    User.objects.filter(pk=person.pk).update(last_login=NOW - timedelta(days=31))


def without_address(person):
    person.emailaddress_set.all().delete()
    User.objects.filter(pk=person.pk).update(email=None)


def staff(person):
    User.objects.filter(pk=person.pk).update(is_staff=True)


def with_a_right(person):
    person.user_permissions.add(Permission.objects.first())


def in_a_group(person):
    person.groups.add(Group.objects.create(name="translators"))


def ended_role(person):
    role = MembershipFactory(user=person)
    type(role).objects.filter(pk=role.pk).update(ended_at=role.granted_at)


def invited(person):
    CohortMemberFactory(email=person.email)


def invited_and_declined(person):
    CohortMemberFactory(email=person.email, state="left", left_at=NOW, declined_at=NOW)


def actor(person):
    actions.record_audit(actor=person, action="person.viewed", on_user=UserFactory())


KEPT = [
    confirmed,
    entered,
    without_address,
    staff,
    with_a_right,
    in_a_group,
    lambda person: MembershipFactory(user=person),
    ended_role,
    lambda person: ManagedAccountFactory(user=person),
    lambda person: accepted_member(learner=person),
    invited,
    invited_and_declined,
    lambda person: CohortMemberFactory(email="", staff_number="A-1", learner=person),
    lambda person: actions.make_recovery_code(user=person),
    lambda person: actions.note_address_change(user=person, old="a@example.org", new="b@example.org"),
    lambda person: actions.keep_post(person=person, page="/x/", fields={"a": ["b"]}),
    actor,
]


def test_whatever_an_account_has_keeps_it():
    people = [signed_up(f"never{number}@example.org") for number in range(len(KEPT))]
    for keep, person in zip(KEPT, people, strict=True):
        keep(person)
    gone = signed_up()

    assert actions.forget_unconfirmed(at=NOW) == 1
    assert [keep for keep, person in zip(KEPT, people, strict=True) if not stays(person)] == []
    assert not stays(gone)


def test_accounts_that_others_made_wait_for_their_person():
    """By staff, by the list of an institution with an address or a card: nobody signed up there."""
    person = actions.create_account(name="Issa", email="issa@example.org", language="fr", at=NOW)
    applied([["Rakoto", "rakoto@example.org", "", ""], ["Nivo", "", "A-3", ""]], cohort=CohortFactory())
    count = User.objects.open().count()

    assert actions.forget_unconfirmed(at=NOW + timedelta(days=4000)) == 0
    assert stays(person)
    assert User.objects.open().count() == count


def test_run_takes_a_bounded_number_and_who_dies_leaves_the_rest(monkeypatch):
    people = [signed_up(f"never{number}@example.org") for number in range(5)]
    assert actions.forget_unconfirmed(at=NOW, most=2) == 2

    real, erased = actions.unconfirmed.erase_account, []

    def dies(**told):
        if erased:
            raise KeyboardInterrupt
        erased.append(real(**told))
        return erased[0]

    monkeypatch.setattr(actions.unconfirmed, "erase_account", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.forget_unconfirmed(at=NOW)
    monkeypatch.undo()
    assert sum(map(stays, people)) == 2
    assert actions.forget_unconfirmed(at=NOW) == 2
    assert actions.forget_unconfirmed(at=NOW) == 0


def test_who_comes_at_the_last_moment_finds_the_account(client):
    """Between the question and the erasure: the account is asked for once more."""
    person = signed_up()
    found = actions.unconfirmed._unconfirmed(NOW)
    assert list(found) == [person]
    confirmed(person)
    assert found.filter(pk=person.pk).update(session_epoch=1) == 0
    sign_in(client, "never@example.org")
    assert client.get(address("account")).status_code == 200
    assert actions.forget_unconfirmed(at=NOW) == 0


def test_task_does_it():
    person = signed_up(at=datetime.now(tz=UTC))
    forget_unconfirmed()
    assert not stays(person)
