"""The demo of `make run`: what var/demo.json names is true, and a second start changes nothing."""

import io
import json
import stat

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import call_command
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.delivery.models import Delivery
from maarifa.operations.demo import make_demo
from maarifa.operations.demo.sign_ins import new_password

pytestmark = pytest.mark.django_db

COURSE = "ai-governance-foundations"


@pytest.fixture
def _courses():
    call_command("load_courses", stdout=io.StringIO())


@pytest.fixture
def file(tmp_path):
    return tmp_path / "demo.json"


@pytest.fixture
def start(_courses, file):
    """What a start does; what it said."""

    def again():
        said = []
        make_demo(file=file, say=said.append)
        return said

    return again


@pytest.fixture
def demo(start, file):
    start()
    return json.loads(file.read_text())


def everything():
    """Every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()
    }


def sign_in(client, person):
    """By the ordinary form."""
    answer = client.post("/en/account/login/", {"login": person["username"], "password": person["password"]})
    assert answer.status_code == 302
    return client


# The file ---------------------------------------------------------------------------------------------------


def test_file_has_what_scripts_need_and_nothing_else(demo, file):
    people = ["learner", "instructor", "coordinator"]
    assert demo == {
        "address": configured.SITE_URL,
        "people": {
            role: {"username": f"demo-{role}", "password": demo["people"][role]["password"]}
            for role in people
        },
        "course": COURSE,
        "lesson": f"/en/learn/{COURSE}/what-governance-is-for/",
        "cohort": str(Cohort.objects.get().public_id),
        "certificate": Certificate.objects.order_by("pk").first().display_code,
    }
    assert list(demo["people"]) == people
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["demo.json"]


def test_learner_signs_in_and_reads_the_lesson(demo, client):
    answer = sign_in(client, demo["people"]["learner"]).get(demo["lesson"])
    assert answer.status_code == 200


def test_instructor_signs_in_and_opens_the_course_in_the_admin(demo, client):
    sign_in(client, demo["people"]["instructor"])
    assert client.get("/admin/curriculum/course/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 403


def test_coordinator_signs_in_and_sees_the_cohort(demo, client):
    answer = sign_in(client, demo["people"]["coordinator"]).get(f"/en/institution/cohorts/{demo['cohort']}/")
    assert answer.status_code == 200


def test_certificate_verifies_before_any_worker_is_there(demo, client):
    answer = client.get(f"/verify/{demo['certificate']}.json")
    assert (answer.status_code, answer.json()["state"]) == (200, "in-force")


def test_learner_may_not_enter_the_admin_nor_the_institution(demo, client):
    sign_in(client, demo["people"]["learner"])
    assert client.get("/admin/").status_code == 302
    assert client.get(f"/en/institution/cohorts/{demo['cohort']}/").status_code == 404


# The group --------------------------------------------------------------------------------------------------


def test_group_has_somebody_in_every_state(demo):
    members = CohortMember.objects.with_attention(timezone.now()).order_by("staff_number")
    assert [
        (member.staff_number, member.state, member.attention, member.lessons_done) for member in members
    ] == [
        ("C-101", "accepted", "", 1),
        ("C-102", "accepted", "", 8),
        ("C-103", "accepted", "", 8),
        ("C-104", "accepted", "quiet", 1),
        ("C-105", "accepted", "failed", 3),
        ("C-106", "accepted", "", 2),
        ("C-107", "accepted", "", 3),
        ("C-108", "accepted", "", 2),
        ("C-109", "accepted", "", 1),
        ("C-110", "invited", "", None),
        ("C-111", "invited", "refused", None),
        ("C-112", "invited", "unanswered", None),
    ]
    assert [member.staff_number for member in members if member.certified] == ["C-102", "C-103"]


def test_certificates_are_issued_in_the_script_of_each(demo):
    versions = [
        (version.language, version.name, version.name_latin)
        for certificate in Certificate.objects.issued().order_by("pk")
        for version in certificate.versions.all()
    ]
    assert versions == [
        ("ar", "أمينة مثال", "Amina Mithal"),
        ("en", "Thandeka Umzekelo", "Thandeka Umzekelo"),
    ]


def test_nobody_real_is_written_to(demo):
    addresses = {*User.objects.exclude(email=None).values_list("email", flat=True)}
    addresses |= {*Delivery.objects.values_list("address", flat=True)}
    assert {address.partition("@")[2] for address in addresses} == {"example.org"}


# Again ------------------------------------------------------------------------------------------------------


def test_second_start_changes_nothing_and_says_nothing(demo, start, file):
    rows, text, written = everything(), file.read_text(), file.stat().st_mtime_ns
    assert start() == []
    assert everything() == rows
    assert (file.read_text(), file.stat().st_mtime_ns) == (text, written)


def test_start_that_was_cut_short_is_finished_by_the_next(start, file):
    class PowerCut(Exception):
        pass

    def cut(_line):
        raise PowerCut

    with pytest.raises(PowerCut):
        make_demo(file=file, say=cut)
    assert not file.exists()
    start()
    assert (CohortMember.objects.count(), Certificate.objects.issued().count()) == (12, 2)
    assert start() == []


def test_password_that_was_changed_is_put_back_and_said(demo, start, client):
    learner = User.objects.get(username="demo-learner")
    learner.set_password("something else")
    learner.save()
    assert start() == ["demo-learner has a new password."]
    sign_in(client, demo["people"]["learner"])


def test_lost_file_is_written_with_new_passwords_that_work(demo, start, file, client):
    file.unlink()
    start()
    again = json.loads(file.read_text())
    assert again | {"people": None} == demo | {"people": None}
    assert again["people"]["learner"]["password"] != demo["people"]["learner"]["password"]
    sign_in(client, again["people"]["learner"])


# Where there can be none ------------------------------------------------------------------------------------


def test_without_the_course_there_is_no_demo_and_no_file(db, file):
    file.write_text("{}")
    said = []
    assert make_demo(file=file, say=said.append) is None
    assert said == [
        f"The demo is not available: The course {COURSE} is not published here, so the demo has nothing to show."
    ]
    assert not file.exists()
    assert not User.objects.exists()


def test_somebody_else_of_that_name_keeps_their_account(start, file):
    real = User.objects.create_user("demo-learner", "a password", email="real@example.net", name="Real")
    assert start() == ["The demo is not available: Someone else already has the user name demo-learner."]
    assert User.objects.values("pk", "password").get(username="demo-learner") == {
        "pk": real.pk,
        "password": real.password,
    }
    assert not file.exists()


@pytest.mark.usefixtures("_courses")
def test_command_makes_nothing_on_a_site_for_real_people(settings, capsys):
    settings.SITE_URL = "https://learn.example.org"
    call_command("demo")
    assert capsys.readouterr().err == (
        "https://learn.example.org is a site for real people. No demo accounts were created.\n"
    )
    assert not User.objects.exists()


def test_passwords_can_be_read_out(db):
    groups = new_password().split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert {letter in "aeiou" for group in groups for letter in group[1::2]} == {True}
