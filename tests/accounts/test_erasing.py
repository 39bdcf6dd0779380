"""Nothing that names an erased person stays, wherever it was written."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.utils import timezone

from maarifa.accounts import actions
from maarifa.accounts.tasks import forget_expired_sessions
from maarifa.cohorts.models import RosterImport
from maarifa.delivery.models import Suppression
from maarifa.lib.personal_data import everything_held
from tests.accounts.entering import ask_for_code, codes, is_in, sign_in, type_code
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, accepted_member, confirmed, planned
from tests.factories.institutions import InstitutionFactory, root

pytestmark = pytest.mark.django_db
NAMED = ["Lindiwe Dlamini", "lindiwe@example.org", "D-17", ""]
OTHERS = ["Thabo Nkosi", "thabo@example.org", "D-18", ""]


@pytest.fixture
def operator(client):
    operator = UserFactory(username="operator", name="Operator", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.fixture
def person():
    return UserFactory(username="lindiwe", name="Lindiwe Dlamini", email="lindiwe@example.org")


def erase(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_account(user=person, by=None)


def everything_written():
    """Every row of every table, as text."""
    return "\n".join(repr(row) for model in apps.get_models() for row in model._base_manager.values())


def test_name_left_behind_is_one_that_nobody_can_take():
    """Columns that are unique are blanked to a value that their own validators refuse."""
    takeable = []
    for held in everything_held():
        for name in held.fields if held.on_erasure == "blank" else ():
            column = held.get_model()._meta.get_field(name)
            if column.unique and not column.null:
                try:
                    column.run_validators(held._blank(name, held.get_model()(pk=7)))
                    takeable.append(f"{held.model}.{name}")
                except ValidationError:
                    pass
    assert takeable == []


# Lists of people ------------------------------------------------------------------------------------------


def test_list_that_was_not_applied_forgets_them():
    """No member leads from it to the person: their address does."""
    person = UserFactory(email="lindiwe@example.org")
    roster = planned([NAMED, OTHERS])

    actions.erase_account(user=person, by=None)

    roster.refresh_from_db()
    assert bytes(roster.file) == b""
    assert [row.values["name"] for row in roster.rows.all()] == ["Thabo Nkosi"]
    assert "Dlamini" not in everything_written()


def test_list_that_names_nobody_stays_whole():
    person = UserFactory(name="Lindiwe Dlamini", email="lindiwe@example.org")
    roster = planned([OTHERS, ["Lindiwe Dlamini", "another@example.org", "", ""]])

    actions.erase_account(user=person, by=None)

    roster.refresh_from_db()
    assert (bytes(roster.file) != b"", roster.rows.count()) == (True, 2)


def test_list_is_searched_by_name_only_where_they_have_a_member():
    person = UserFactory(name="Lindiwe Dlamini")
    member = accepted_member(learner=person, staff_number="D-17")
    here = planned([["LINDIWE DLAMINI", "", "D-99", ""], OTHERS], cohort=member.cohort)
    elsewhere = planned([["Lindiwe Dlamini", "", "D-1", ""]], cohort=CohortFactory())

    actions.erase_account(user=person, by=None)

    assert [row.values["name"] for row in here.rows.all()] == ["Thabo Nkosi"]
    assert elsewhere.rows.count() == 1


def test_row_that_misspells_them_is_found_where_they_have_a_member():
    person = UserFactory(name="Lindiwe Dlamini")
    member = accepted_member(learner=person, staff_number="D-17")
    here = planned(
        [["Lindiwe Dlamni", "", "D-99", ""], ["Lindani Dube", "", "D-98", ""]], cohort=member.cohort
    )

    actions.erase_account(user=person, by=None)

    assert [row.values["name"] for row in here.rows.all()] == ["Lindani Dube"]


def test_file_called_by_their_name_is_called_so_no_more():
    person = UserFactory(name="Lindiwe Dlamini")
    cohort = accepted_member(learner=person).cohort
    named = planned([OTHERS], cohort=cohort, file_name="Marks of LINDIWE-2.csv")
    other = planned([OTHERS], cohort=cohort, file_name="autumn.csv")

    actions.erase_account(user=person, by=None)

    for roster in (named, other):
        roster.refresh_from_db()
    assert (named.title, other.title) == ("untitled list", "autumn.csv")


def test_list_being_applied_goes_on_without_them():
    person = UserFactory(email="lindiwe@example.org")
    roster = confirmed([NAMED, OTHERS])

    actions.erase_account(user=person, by=None)

    assert [row.values["name"] for row in roster.rows.all()] == ["Thabo Nkosi"]
    assert RosterImport.objects.get().stage == RosterImport.Stage.CONFIRMED


# What the admin remembers -------------------------------------------------------------------------------------


def test_log_of_the_admin_forgets_them(client, operator, person, django_capture_on_commit_callbacks):
    unit = root(InstitutionFactory())
    given = {"user": person.pk, "unit": unit.pk, "role": "observer"}
    assert client.post("/admin/institutions/membership/add/", given).status_code == 302
    given = {"address_key": "lindiwe@example.org", "kind": ""}
    assert client.post("/admin/delivery/suppression/add/", given).status_code == 302
    assert Suppression.objects.exists()
    # As they were written before rows lost their names.
    LogEntry.objects.update(object_repr="Lindiwe Dlamini – Health", change_message="lindiwe@example.org")
    other = LogEntry.objects.create(user=operator, action_flag=2, object_repr="A course", object_id="1")

    erase(person, django_capture_on_commit_callbacks)

    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("", ""), ("A course", "")}
    assert LogEntry.objects.filter(pk=other.pk, user=operator).exists()
    assert not [what for what in ("Dlamini", "indiwe") if what in everything_written()]


def test_rows_are_called_by_no_name(client, operator, person):
    unit = root(InstitutionFactory(name="Health"))
    client.post(
        "/admin/institutions/membership/add/", {"user": person.pk, "unit": unit.pk, "role": "observer"}
    )
    client.post("/admin/delivery/suppression/add/", {"address_key": "lindiwe@example.org", "kind": ""})

    assert [entry.object_repr for entry in LogEntry.objects.order_by("id")] == [
        "Health (observer)",
        "* (by-hand)",
    ]


# Sessions -------------------------------------------------------------------------------------------------


def test_session_forgets_the_address_once_its_code_is_used(client, person):
    ask_for_code(client, "lindiwe@example.org")
    assert "login_code" in client.session

    type_code(client, codes("lindiwe@example.org")[0])

    assert is_in(client)
    assert "login_code" not in client.session


def test_sessions_of_an_erased_person_are_gone_from_both_places(
    client, person, django_capture_on_commit_callbacks
):
    other = UserFactory()
    client.force_login(other)
    kept = client.session.session_key
    client.cookies.clear()
    sign_in(client, "lindiwe")
    signed_in = client.session.session_key
    client.cookies.clear()
    ask_for_code(client, "lindiwe@example.org")
    waiting = client.session.session_key
    assert len({kept, signed_in, waiting}) == 3

    erase(person, django_capture_on_commit_callbacks)

    assert list(Session.objects.values_list("pk", flat=True)) == [kept]
    cached = caches["sessions"]
    prefix = "django.contrib.sessions.cached_db"
    assert [cached.get(prefix + key) is None for key in (kept, signed_in, waiting)] == [False, True, True]


def test_sessions_that_ran_out_are_forgotten(monkeypatch):
    monkeypatch.setattr("maarifa.accounts.actions.sessions.BATCH", 2)
    now = timezone.now()
    for n in range(5):
        Session.objects.create(session_key=f"old{n}", session_data="", expire_date=now - timedelta(hours=n))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))

    forget_expired_sessions()

    assert list(Session.objects.values_list("pk", flat=True)) == ["new"]


def test_beat_knows_every_task_by_its_name(settings):
    from maarifa.celery import app

    app.loader.import_default_modules()
    planned_tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned_tasks - set(app.tasks) == set()
