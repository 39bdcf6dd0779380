"""What those who run the site do to people."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group, Permission

from maarifa.accounts.models import AuditEntry, User
from maarifa.delivery.models import Delivery
from tests.factories.accounts import PASSWORD, AuditEntryFactory, ConsentFactory, UserFactory
from tests.factories.institutions import MembershipFactory

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"
FORM = {
    "name": "Lindiwe",
    "username": "lindiwe",
    "email": "",
    "language": "en",
    "time_zone": "UTC",
    "emailaddress_set-TOTAL_FORMS": 0,
    "emailaddress_set-INITIAL_FORMS": 0,
    "consents-TOTAL_FORMS": 0,
    "consents-INITIAL_FORMS": 0,
}


@pytest.fixture
def operator(client):
    operator = UserFactory(username="operator", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.fixture
def clerk(client):
    """May change people, but not do everything."""
    clerk = UserFactory(username="clerk", is_staff=True)
    clerk.user_permissions.set(
        Permission.objects.filter(content_type__app_label="accounts", codename__endswith="_user")
    )
    client.force_login(clerk)
    return clerk


@pytest.mark.parametrize("page", [PEOPLE, "/admin/accounts/auditentry/"])
def test_learner_gets_nothing_of_it(client, page):
    client.force_login(UserFactory())

    assert client.get(page, follow=True).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_people_are_listed_in_as_many_queries(client, operator, count, django_assert_num_queries):
    for _ in range(count):
        UserFactory()
    client.get(PEOPLE)

    with django_assert_num_queries(6):
        assert client.get(PEOPLE).status_code == 200


def test_people_are_found_in_another_case_and_without_marks(client, operator):
    found = UserFactory(name="Néné Diallo", username="one")
    UserFactory(name="Thabo", username="two")

    assert list(client.get(PEOPLE, {"q": "NENE"}).context["cl"].queryset) == [found]


def test_looking_at_a_person_is_written_down(client, operator):
    person = ConsentFactory().user

    assert client.get(f"{PEOPLE}{person.pk}/change/").status_code == 200

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.on_user) == (operator, "person.viewed", person)
    assert entry.request_id not in ("", "-")


def test_person_is_added_by_the_same_action(client, operator):
    answer = client.post(f"{PEOPLE}add/", FORM | {"username": "LINDIWE", "email": "Lindiwe@example.org"})

    person = User.objects.get(username="lindiwe")
    assert answer.status_code == 302
    assert (person.email, person.has_usable_password()) == ("lindiwe@example.org", False)
    assert list(AuditEntry.objects.values_list("action", "on_user")) == [("person.added", person.pk)]


def test_person_is_not_added_under_a_name_that_is_taken(client, operator):
    UserFactory(username="lindiwe", email="lindiwe@example.org")

    answer = client.post(f"{PEOPLE}add/", FORM | {"username": "LINDIWE", "email": "Lindiwe@example.org"})

    assert set(answer.context["adminform"].form.errors) == {"username", "email"}


def test_address_written_by_staff_counts_once_it_is_proven(client, operator):
    person = UserFactory(username="lindiwe", name="Lindiwe", email="old@example.org")
    epoch = person.session_epoch

    client.post(f"{PEOPLE}{person.pk}/change/", FORM | {"email": "new@example.org", "is_active": "on"})

    person.refresh_from_db()
    assert list(person.emailaddress_set.values_list("email", "verified")) == [("new@example.org", False)]
    assert (person.email, person.session_epoch) == ("new@example.org", epoch + 1)
    assert AuditEntry.objects.get(action="person.changed").details == {"fields": ["email"]}


def test_clerk_changes_no_operator_and_gives_no_rights(client, clerk):
    operator = UserFactory(username="root", is_staff=True, is_superuser=True)
    person = UserFactory(username="lindiwe", name="Lindiwe")
    colleague = UserFactory(username="thabo", name="Thabo", is_staff=True)
    client.post(f"{PEOPLE}{colleague.pk}/change/", FORM | {"email": "clerk@example.org"})

    refused = client.post(f"{PEOPLE}{operator.pk}/change/", FORM | {"email": "clerk@example.org"})
    client.post(f"{PEOPLE}{person.pk}/change/", FORM | {"is_staff": "on", "is_superuser": "on"})

    person.refresh_from_db()
    operator.refresh_from_db()
    colleague.refresh_from_db()
    assert (refused.status_code, operator.email, colleague.email) == (403, None, None)
    assert (person.is_staff, person.is_superuser) == (False, False)


def asked(client, action, people, **more):
    return client.post(
        PEOPLE, {"action": action, "_selected_action": [one.pk for one in people], **more}, follow=True
    )


@pytest.mark.parametrize(("action", "name"), [("close", "Lindiwe"), ("erase", "")])
def test_accounts_are_closed_and_erased_after_a_question(client, operator, action, name):
    person, other = UserFactory(username="lindiwe", name="Lindiwe"), UserFactory(name="Thabo")

    page = asked(client, action, [person]).content.decode()
    person.refresh_from_db()
    assert person.closed_at is None
    assert "What will happen" in page
    assert "Lindiwe" in page
    assert "Thabo" not in page

    asked(client, action, [person], confirmed="1", typed="Lindiwe ")
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.name, person.closed_at is None, other.closed_at) == (name, False, None)


@pytest.mark.parametrize("typed", [None, "", "yes", "thabo", "lindiwe thabo"])
def test_nobody_is_erased_without_their_user_name_typed(client, operator, typed):
    person = UserFactory(username="lindiwe", name="Lindiwe")
    given = {} if typed is None else {"typed": typed}

    page = asked(client, "erase", [person], confirmed="1", **given).content.decode()

    person.refresh_from_db()
    assert (person.name, person.closed_at) == ("Lindiwe", None)
    assert "The text that you typed does not match. Nothing was done. Type it exactly as shown below." in page


@pytest.mark.parametrize(
    ("action", "count", "said"),
    [
        ("close", 1, "1 account closed."),
        ("close", 2, "2 accounts closed."),
        ("erase", 1, "Personal data of 1 person erased."),
        ("erase", 2, "Personal data of 2 people erased."),
    ],
)
def test_counts_are_said_as_one_says_them(client, operator, action, count, said):
    people = [UserFactory(name=f"Person {number}") for number in range(count)]

    typed = people[0].username if count == 1 else str(count)
    page = asked(client, action, people, confirmed="1", typed=typed)

    assert [str(message) for message in page.context["messages"]] == [said]


def test_many_are_erased_by_their_number_and_one_is_not(client, operator):
    people = [UserFactory(username=name, name=name) for name in ("lindiwe", "thabo")]

    page = asked(client, "erase", people).content.decode()
    assert 'To confirm, type: <bdi dir="ltr">2</bdi>' in page
    assert "The audit log and the texts that they agreed to are kept." in page
    for chosen, typed in ((people, "lindiwe thabo"), (people, "1"), (people[:1], "1")):
        asked(client, "erase", chosen, confirmed="1", typed=typed)
    assert not User.objects.filter(closed_at__isnull=False).exists()


def test_page_of_a_person_asks_staff_for_that_persons_name(client, operator):
    page = client.get(f"{PEOPLE}add/").content.decode()
    assert "As the person usually writes it, in any script." in page


def test_clerk_erases_nobody(client, clerk):
    person = UserFactory(name="Lindiwe")

    asked(client, "erase", [person], confirmed="1", typed=person.username)

    person.refresh_from_db()
    assert person.closed_at is None


def test_person_is_not_deleted(client, operator):
    person = UserFactory()

    assert client.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("page", "status"), [("", 200), ("{pk}/change/", 200), ("{pk}/delete/", 403), ("add/", 403)]
)
def test_audit_is_read_only(client, operator, page, status):
    entry = AuditEntryFactory()

    assert client.get("/admin/accounts/auditentry/" + page.format(pk=entry.pk)).status_code == status


# Pages beside ours ------------------------------------------------------------------------------------------


def test_admin_has_these_pages_and_no_others():
    """A page that a package adds is not watched by our rules: whoever adds one looks at it, then lists it."""
    assert sorted(model._meta.label for model in admin.site._registry) == [
        "accounts.AuditEntry",
        "accounts.User",
        "auth.Group",
        "certificates.Certificate",
        "curriculum.Course",
        "curriculum.Lesson",
        "curriculum.Material",
        "curriculum.Module",
        "delivery.Delivery",
        "delivery.Suppression",
        "institutions.Institution",
        "institutions.ManagedAccount",
        "institutions.Membership",
        "institutions.Unit",
        "quizzes.Attempt",
        "quizzes.AttemptGrant",
        "quizzes.Bank",
        "quizzes.Question",
        "quizzes.Quiz",
        "quizzes.Regrade",
        "quizzes.RegradedAnswer",
    ]
    assert {type(page).__module__.split(".")[0] for page in admin.site._registry.values()} == {"maarifa"}


def test_nobody_gives_an_operator_an_address(client, clerk):
    """Who had every right on addresses could sign in as the operator, with a code to their own mailbox."""
    operator = UserFactory(username="root", is_staff=True, is_superuser=True)
    clerk.user_permissions.add(*Permission.objects.filter(content_type__app_label="account"))
    given = {"user": operator.pk, "email": "clerk@example.org", "verified": "on", "primary": "on"}

    assert client.post("/admin/account/emailaddress/add/", given).status_code == 404
    assert not EmailAddress.objects.exists()


def test_clerk_does_not_widen_a_set_of_rights(client, clerk):
    clerk.user_permissions.add(*Permission.objects.filter(content_type__model="group"))
    own = Group.objects.create(name="clerks")
    clerk.groups.add(own)
    every = list(Permission.objects.values_list("pk", flat=True))

    answer = client.post(f"/admin/auth/group/{own.pk}/change/", {"name": "clerks", "permissions": every})

    assert (answer.status_code, own.permissions.count()) == (403, 0)


# Whose address staff may change -----------------------------------------------------------------------------


@pytest.fixture
def helper(client):
    """Staff who may change people, and are no superuser."""
    helper = UserFactory(username="helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client.force_login(helper)
    return helper


def change(client, person, **fields):
    form = FORM | {"name": person.name, "username": person.username, "email": person.email or ""} | fields
    form["emailaddress_set-TOTAL_FORMS"] = form["emailaddress_set-INITIAL_FORMS"] = (
        person.emailaddress_set.count()
    )
    return client.post(f"{PEOPLE}{person.pk}/change/", form)


def test_staff_take_over_nobody_who_has_a_role_or_more_rights(client, helper):
    coordinator = MembershipFactory(user=UserFactory(email="coordinator@example.org")).user
    others = [
        UserFactory(is_staff=True, email="staff@example.org"),
        UserFactory(is_superuser=True),
        coordinator,
    ]
    for person in others:
        for fields in ({"email": "thief@example.org"}, {"username": "thief"}, {"name": "Thief"}):
            assert change(client, person, **fields).status_code == 403
        before = (person.username, person.email, person.name)
        person.refresh_from_db()
        assert (person.username, person.email, person.name) == before


def test_learner_whose_address_staff_change_is_told_at_the_old_one(client, helper):
    learner = UserFactory(email="amina@example.org", language="fr")
    assert change(client, learner, email="other@example.org", language="fr").status_code == 302
    learner.refresh_from_db()
    assert learner.email == "other@example.org"
    message = Delivery.objects.get()
    assert (message.address, message.language, message.recipient) == ("amina@example.org", "fr", learner)
    assert "other@example.org" in message.text
    line = AuditEntry.objects.get(action="person.changed")
    assert (line.actor, line.on_user, "email" in line.details["fields"]) == (helper, learner, True)


def test_role_that_has_ended_gives_no_protection(client, helper):
    role = MembershipFactory()
    role.__class__.objects.update(ended_at=role.granted_at + timedelta(days=1))
    assert change(client, role.user, name="Amina Diallo").status_code == 302


def test_names_offered_while_one_types_are_read_too(client, operator):
    UserFactory(name="Amina Diallo")
    field = {"app_label": "institutions", "model_name": "membership", "field_name": "user", "term": "Amina"}
    assert len(client.get("/admin/autocomplete/", field).json()["results"]) == 1
    line = AuditEntry.objects.get()
    assert (line.action, line.details) == ("people.listed", {"filters": ["autocomplete"]})


def test_password_is_changed_on_the_page_of_the_account(client):
    operator = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(operator)
    given = {
        "old_password": PASSWORD,
        "new_password1": "another of theirs",
        "new_password2": "another of theirs",
    }
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", given)):
        assert answer.url == "/en/account/password/change/"
    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)
