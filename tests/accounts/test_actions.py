"""What accounts promise, and what they refuse."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.utils.translation import override

from maarifa.accounts import actions, signals
from maarifa.accounts.models import AuditEntry, Consent, User
from maarifa.delivery.models import Delivery, Suppression
from maarifa.lib.personal_data import everything_about
from tests.factories.accounts import PASSWORD, ConsentFactory, UserFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import ManagedAccountFactory, MembershipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def heard():
    """What the signals said, by name."""
    said = []
    receivers = []
    for name in ("consent_withdrawn", "account_closed"):

        def listen(sender, signal, name=name, **kwargs):
            said.append((name, kwargs))

        getattr(signals, name).connect(listen)
        receivers.append((getattr(signals, name), listen))
    yield said
    for signal, listen in receivers:
        signal.disconnect(listen)


# Making an account ------------------------------------------------------------------------------------------


def test_create_account_keeps_what_was_given():
    person = actions.create_account(
        username="  Mariam ",
        name="  مريم   يوسف ",
        email="Mariam@Example.ORG",
        password=PASSWORD,
        language="ar",
        time_zone="Africa/Cairo",
        at=NOW,
    )

    person.refresh_from_db()
    assert (person.username, person.name, person.email) == ("mariam", "مريم يوسف", "mariam@example.org")
    assert (person.language, person.time_zone, person.date_joined) == ("ar", "Africa/Cairo", NOW)
    assert person.check_password(PASSWORD)
    assert list(person.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("mariam@example.org", False, True)
    ]


def test_create_account_without_password_lets_nobody_in():
    person = actions.create_account(username="suharto", name="Suharto", language="en")

    assert not person.has_usable_password()
    assert (person.email, EmailAddress.objects.count()) == (None, 0)


def test_create_account_makes_up_a_username():
    person = actions.create_account(name="Aye", email="aye@example.org", language="en")

    assert len(person.username) == 8
    assert User.check_username(person.username) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "AMINA"}, "USERNAME_TAKEN"),
        ({"username": "ａｍｉｎａ"}, "USERNAME_TAKEN"),
        ({"username": "two words"}, "USERNAME_WRONG"),
        ({"username": "amina@example.net"}, "USERNAME_WRONG"),
        ({"username": "x" * 151}, "USERNAME_WRONG"),
        ({"email": "AMINA@example.org"}, "EMAIL_TAKEN"),
        ({"email": "amina.example.org"}, "EMAIL_WRONG"),
    ],
)
def test_create_account_refuses(fields, code):
    UserFactory(username="amina", email="amina@example.org")

    with pytest.raises(actions.AccountError) as refusal:
        actions.create_account(**{"name": "Somebody", "language": "en", **fields})

    assert refusal.value.code == code
    assert str(refusal.value.message) == refusal.value.message != code
    assert User.objects.count() == 1


def test_sign_up_keeps_the_words_that_were_agreed_to():
    person = actions.sign_up(
        username="binta", name="Binta", password=PASSWORD, language="fr", words="Je suis d’accord.", at=NOW
    )

    assert list(person.consents.values_list("purpose", "words", "language", "given_at", "withdrawn_at")) == [
        ("terms", "Je suis d’accord.", "fr", NOW, None)
    ]


def test_set_password_and_names_ends_other_sessions():
    person = UserFactory()
    before = person.get_session_auth_hash()

    actions.set_password_and_names(user=person, password="another credential", name=" Néné  Diallo ")

    person.refresh_from_db()
    assert (person.name, person.name_sort.split()[0]) == ("Néné Diallo", "nene")
    assert person.check_password("another credential")
    assert person.get_session_auth_hash() != before


# Addresses --------------------------------------------------------------------------------------------------


def test_confirm_address_takes_it_from_who_only_wrote_it_down():
    squatter = UserFactory(email="lindiwe@example.org", proven=False)
    person = UserFactory()

    assert actions.confirm_address(user=person, address="Lindiwe@example.org") is True

    person.refresh_from_db()
    squatter.refresh_from_db()
    assert (person.email, squatter.email) == ("lindiwe@example.org", None)
    assert list(EmailAddress.objects.values_list("user", "verified")) == [(person.pk, True)]
    assert (person.has_verified_email(), squatter.has_verified_email()) == (True, False)


def test_confirm_address_leaves_it_with_who_has_shown_it_to_be_theirs():
    owner = UserFactory(email="lindiwe@example.org")
    person = UserFactory()

    assert actions.confirm_address(user=person, address="lindiwe@example.org") is False

    person.refresh_from_db()
    assert (person.email, owner.has_verified_email()) == (None, True)


# Names on certificates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "latin", "kept"),
    [
        ("  Wanjiru   Mwangi ", "", ("Wanjiru Mwangi", "Wanjiru Mwangi")),
        ("مريم يوسف", "Maryam Yusuf", ("مريم يوسف", "Maryam Yusuf")),
        ("Suharto", "", ("Suharto", "Suharto")),
        ("Kaʻiulani O’Brien-Ngũgĩ", "", ("Kaʻiulani O’Brien-Ngũgĩ", "Kaʻiulani O’Brien-Ngũgĩ")),
    ],
)
def test_confirm_names_keeps_both_scripts(name, latin, kept):
    person = UserFactory()

    actions.confirm_names(user=person, name=name, name_latin=latin, at=NOW)

    person.refresh_from_db()
    assert (person.certificate_name, person.certificate_name_latin) == kept
    assert person.names_confirmed_at == NOW


@pytest.mark.parametrize(
    ("name", "latin", "code"),
    [
        ("  ", "Maryam", "NAME_MISSING"),
        ("مريم يوسف", "", "NAME_NOT_LATIN"),
        ("مريم يوسف", "مريم", "NAME_NOT_LATIN"),
        ("Мария", "Мария", "NAME_NOT_LATIN"),
        ("Maria", "Mаria", "NAME_NOT_LATIN"),  # the second letter is Cyrillic
        ("مريم", "…", "NAME_NOT_LATIN"),
    ],
)
def test_confirm_names_refuses(name, latin, code):
    person = UserFactory()

    with pytest.raises(actions.AccountError) as refusal:
        actions.confirm_names(user=person, name=name, name_latin=latin)

    person.refresh_from_db()
    assert (refusal.value.code, person.names_confirmed_at) == (code, None)


# Consent ----------------------------------------------------------------------------------------------------


def test_give_consent_again_changes_nothing():
    person, member = UserFactory(), uuid4()
    terms = {"user": person, "purpose": "sharing", "subject": member, "words": "Yes.", "language": "en"}

    first = actions.give_consent(**terms, at=NOW)
    again = actions.give_consent(**terms, at=NOW + timedelta(days=1))

    assert (first.pk, Consent.objects.count()) == (again.pk, 1)


def test_give_consent_to_other_words_ends_the_earlier_one():
    person = UserFactory()
    terms = {"user": person, "purpose": "terms", "language": "en"}
    actions.give_consent(**terms, words="The first terms.", at=NOW)
    actions.give_consent(**terms, words="The second terms.", at=NOW + timedelta(days=1))

    assert list(Consent.objects.order_by("id").values_list("words", "withdrawn_at")) == [
        ("The first terms.", NOW + timedelta(days=1)),
        ("The second terms.", None),
    ]


def test_withdraw_consent_tells_who_relied_on_it(heard):
    person, member, other = UserFactory(), uuid4(), uuid4()
    taken = ConsentFactory(user=person, purpose="sharing", subject=member)
    ConsentFactory(user=person, purpose="sharing", subject=other)

    assert actions.withdraw_consent(user=person, purpose="sharing", subject=member, at=NOW) is True
    assert actions.withdraw_consent(user=person, purpose="sharing", subject=member, at=NOW) is False

    assert list(Consent.objects.in_force(user=person).values_list("subject", flat=True)) == [other]
    assert [(name, said["consent"].pk, said["at"]) for name, said in heard] == [
        ("consent_withdrawn", taken.pk, NOW)
    ]


def test_withdraw_consent_refuses_the_terms():
    given = ConsentFactory()

    with pytest.raises(actions.ConsentError) as refusal:
        actions.withdraw_consent(user=given.user, purpose="terms")

    assert refusal.value.code == "TERMS_NEEDED"
    assert Consent.objects.in_force(user=given.user).count() == 1


# Leaving ----------------------------------------------------------------------------------------------------


def test_close_account_keeps_the_person_out(heard):
    person = UserFactory()
    before = person.get_session_auth_hash()

    assert actions.close_account(user=person, by=person, at=NOW) is True
    assert actions.close_account(user=person, by=person, at=NOW + timedelta(days=1)) is False

    person.refresh_from_db()
    assert (person.closed_at, person.is_active) == (NOW, False)
    assert person.get_session_auth_hash() != before
    assert [name for name, _ in heard] == ["account_closed"]
    assert list(AuditEntry.objects.values_list("action", "on_user")) == [("account.closed", person.pk)]


def test_erase_account_goes_past_whoever_took_the_name_that_it_leaves():
    person = UserFactory()
    for name in (f"erased-{person.pk}", f"erased.{person.pk}", f"erased{person.pk}"):
        actions.create_account(username=name, name="A joker", language="en")

    assert actions.erase_account(user=person, by=None) is True
    person.refresh_from_db()
    with pytest.raises(actions.AccountError):
        actions.create_account(username=person.username, name="A joker", language="en")


def test_erase_account_forgets_the_person_and_nobody_else():
    operator = UserFactory(is_superuser=True)
    person = UserFactory(
        username="lindiwe",
        name="Lindiwe Dlamini",
        email="lindiwe@example.org",
        certificate_name="Lindiwe Dlamini",
        certificate_name_latin="Lindiwe Dlamini",
        names_confirmed_at=NOW,
    )
    other = UserFactory(username="thabo", name="Thabo", email="thabo@example.org")
    ConsentFactory(user=person)
    MembershipFactory(user=person)
    ManagedAccountFactory(user=person)
    DeliveryFactory(recipient=person, address="lindiwe@example.org", text="Dear Lindiwe")
    DeliveryFactory(recipient=None, address="lindiwe@example.org", text="Somebody wanted to sign in")
    DeliveryFactory(recipient=other, address="thabo@example.org")
    Suppression.objects.create(address_key="lindiwe@example.org", reason="unsubscribed")
    Suppression.objects.create(address_key="thabo@example.org", reason="unsubscribed")

    assert actions.erase_account(user=person, by=operator, at=NOW) is True
    assert actions.erase_account(user=person, by=operator, at=NOW) is False

    person.refresh_from_db()
    assert (person.closed_at, person.erased_at, person.is_active) == (NOW, NOW, False)
    assert (person.name, person.name_search, person.email) == ("", "", None)
    assert (person.certificate_name, person.names_confirmed_at) == ("", None)
    assert person.username == f"erased/{person.pk}"
    assert not person.has_usable_password()
    assert "indiwe" not in repr(
        [list(model.objects.values()) for model in (User, EmailAddress, Delivery, Suppression)]
    )
    other.refresh_from_db()
    assert (other.name, other.email, other.emailaddress_set.count(), other.deliveries.count()) == (
        "Thabo",
        "thabo@example.org",
        1,
        1,
    )
    assert list(AuditEntry.objects.order_by("id").values_list("action", "actor", "on_user")) == [
        ("account.closed", operator.pk, person.pk),
        ("account.erased", operator.pk, person.pk),
    ]


def test_everything_about_a_person_is_theirs_alone():
    person = UserFactory(username="lindiwe", name="Lindiwe", email="lindiwe@example.org")
    other = UserFactory(username="thabo", name="Thabo", email="thabo@example.org")
    ConsentFactory(user=person, words="Lindiwe agreed.")
    ConsentFactory(user=other, words="Thabo agreed.")
    DeliveryFactory(recipient=other, address="thabo@example.org", text="Dear Thabo")
    actions.record_audit(actor=other, action="person.viewed", on_user=person)

    kept = everything_about(person)

    tables = {table["table"]: table["rows"] for table in kept["tables"]}
    assert kept["person"] == str(person.public_id)
    assert [row["email"] for row in tables["account.EmailAddress"]] == ["lindiwe@example.org"]
    assert [row["words"] for row in tables["accounts.Consent"]] == ["Lindiwe agreed."]
    assert [row["action"] for row in tables["accounts.AuditEntry"]] == ["person.viewed"]
    assert "habo" not in repr(kept)
    assert person.password not in repr(kept)


def test_record_audit_keeps_who_what_and_on_whom():
    staff, person, institution = UserFactory(), UserFactory(), uuid4()

    actions.record_audit(
        actor=staff,
        action="cohort.exported",
        on_user=person,
        institution=institution,
        details={"rows": 3},
        at=NOW,
    )

    entry = AuditEntry.objects.get()
    assert (entry.at, entry.actor, entry.action, entry.on_user) == (NOW, staff, "cohort.exported", person)
    assert (entry.institution, entry.details, entry.request_id) == (institution, {"rows": 3}, "-")


def test_refusal_speaks_the_language_of_the_moment():
    refusal = actions.AccountError("USERNAME_TAKEN", username="amina")

    with override("en"):
        assert refusal.message == "This user name is taken. Choose another one."
