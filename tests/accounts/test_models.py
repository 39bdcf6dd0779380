"""What the database itself refuses about people, tried past the models' own methods."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from maarifa.accounts.models import AuditEntry, Consent, User
from tests.factories.accounts import AuditEntryFactory, ConsentFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "amina"},
        {"username": "AMINA"},
        {"username": ""},
        {"username": "amina@example.org"},
        {"username": "otheR"},
        {"username": "ÉLODIE"},
        {"username": "ΣΟΦΙΑ"},
        {"username": "ИВАН"},
        {"username": "ｏｔｈｅｒ"},
        {"email": "Amina@Example.org"},
        {"email": ""},
        {"erased_at": NOW},
        {"names_confirmed_at": NOW},
    ],
)
def test_person_is_refused_by_constraint(fields):
    UserFactory(username="amina", email="amina@example.org")
    bare = {"username": "other", "name": "Other", "password": "!"}

    refused(lambda: User.objects.bulk_create([User(**bare | fields)]))


def test_consent_and_audit_keep_the_person():
    for row in (ConsentFactory(), AuditEntryFactory(actor=None, on_user=UserFactory())):
        person = row.user if isinstance(row, Consent) else row.on_user
        with pytest.raises(ProtectedError):
            person.delete()
    with pytest.raises(ProtectedError):
        AuditEntryFactory().actor.delete()


def test_persons_without_address_are_many():
    User.objects.bulk_create([User(username="one"), User(username="two")])

    assert User.objects.filter(email=None).count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"withdrawn_at": F("given_at") - timedelta(seconds=1)},
        {"purpose": Consent.Purpose.SHARING},
    ],
)
def test_consent_is_refused_by_constraint(fields):
    given = ConsentFactory()
    row = Consent(user=given.user, purpose="terms", words="…", language="en", given_at=NOW)
    for name, value in fields.items():
        setattr(row, name, NOW - timedelta(seconds=1) if name == "withdrawn_at" else value)

    refused(lambda: Consent.objects.bulk_create([row]))


def test_consent_for_one_member_stands_beside_that_for_another():
    person = UserFactory()
    member, other = uuid4(), uuid4()
    ConsentFactory(user=person, purpose="sharing", subject=member)
    ConsentFactory(user=person, purpose="sharing", subject=other)

    refused(
        lambda: Consent.objects.bulk_create(
            [Consent(user=person, purpose="sharing", subject=member, words="…", language="en", given_at=NOW)]
        )
    )
    assert set(Consent.objects.in_force(user=person).values_list("subject", flat=True)) == {member, other}


@pytest.mark.parametrize("change", ["save", "delete", "update", "delete all"])
def test_audit_entry_is_append_only(change):
    entry = AuditEntryFactory()
    ways = {
        "save": entry.save,
        "delete": entry.delete,
        "update": lambda: AuditEntry.objects.update(action="nothing"),
        "delete all": lambda: AuditEntry.objects.all().delete(),
    }

    with pytest.raises(TypeError):
        ways[change]()

    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["person.viewed"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Amina", "amina"),
        ("ＡＭＩＮＡ", "amina"),
        (" amina ", "amina"),
        ("ИВАН", "иван"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("Élodie", "élodie"),
        ("مريم", "مريم"),
    ],
)
def test_username_is_compared_folded(typed, stored):
    person = User.objects.create_user(typed)

    assert person.username == stored
    assert User.objects.named(typed) == person
    assert User.objects.named(stored.upper()) == person


def test_address_goes_to_who_has_shown_it_to_be_theirs():
    UserFactory(username="squatter", email="amina@example.org", proven=False)
    owner = UserFactory(username="amina")
    owner.emailaddress_set.create(email="amina@example.org", verified=True)

    assert User.objects.named("Amina@Example.org") == owner


def test_person_is_found_under_another_case_and_without_marks():
    person = UserFactory(name="Дания Ахметова")

    assert list(User.objects.filter(name_search__contains="ахметова")) == [person]
    assert person.name_search == "данияахметова"


def test_session_ends_when_the_epoch_moves_on():
    person = UserFactory()
    before = person.get_session_auth_hash()
    person.session_epoch += 1

    assert person.get_session_auth_hash() != before


def test_session_of_an_earlier_secret_key_goes_on_and_ends_with_the_epoch(client, settings):
    person = UserFactory()
    client.force_login(person)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, " * 5
    assert client.get("/en/account/").status_code == 200

    User.objects.update(session_epoch=F("session_epoch") + 1)
    assert client.get("/en/account/").status_code == 302


@pytest.mark.parametrize(("kept", "spoken"), [("fr", "fr"), ("ar", "ar"), ("sw", "en"), ("", "en")])
def test_person_is_spoken_to_in_a_language_of_the_interface(kept, spoken):
    """An account can keep a language that the interface no longer has."""
    assert User(language=kept).interface_language == spoken
