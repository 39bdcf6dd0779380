"""Names on certificates: shown before they are printed, corrected once by the holder, and who checked them."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import translation
from pypdf import PdfReader

from maarifa.accounts.models import User
from maarifa.certificates.actions import (
    CertificateError,
    correct_certificate,
    correct_own_certificate,
    issue_certificate,
    revoke_certificate,
)
from maarifa.certificates.models import Certificate
from maarifa.certificates.naming import same_name
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import CourseText
from maarifa.delivery.models import Delivery
from maarifa.learning.actions import enrol
from tests.certificates.conftest import LATER, address, paper
from tests.factories.cohorts import CohortFactory, CohortMemberFactory
from tests.factories.curriculum import published_course

TYPO = {"name": "Wanjiru Mwagni", "name_latin": ""}
RIGHT = {"name": "Wanjiru Mwangi", "name_latin": ""}
STATED = "Name as stated by the holder."


@pytest.fixture
def learner(make_learner):
    return make_learner(names=("Wanjiru Mwagni", ""))


@pytest.fixture
def certificate(learner, finish):
    return issued(finish(learner))


def issued(certificate, *, at=LATER):
    assert issue_certificate(certificate_id=certificate.pk, at=at)
    certificate.refresh_from_db()
    return certificate


def verified(client, certificate, language="en"):
    return client.get(f"/verify/{certificate.display_code}?lang={language}").content.decode()


def told(client, certificate):
    return json.loads(client.get(f"/verify/{certificate.display_code}.json").content)


# The preview ------------------------------------------------------------------------------------------------


def test_names_are_shown_as_they_will_be_printed_before_they_are_kept(client, make_learner, finish):
    learner = make_learner("mariem", names=None, language="ar", email="m@example.org")
    finish(learner, language="ar")
    client.force_login(learner)
    names = {"name": "مريم بنت أحمد", "name_latin": "Mariem Mint Ahmed"}

    page = client.post(address("confirm-names"), names)

    shown = page.content.decode()
    assert page.status_code == 200
    for words in (
        "مريم بنت أحمد",
        "Mariem Mint Ahmed",
        "قواعد نافعة",
        'class="card" lang="ar" dir="rtl"',
    ):
        assert words in shown
    learner.refresh_from_db()
    assert (learner.names_confirmed_at, Certificate.objects.issued().count()) == (None, 0)
    changed = client.post(address("confirm-names"), names | {"step": "change"}).content.decode()
    assert 'value="Mariem Mint Ahmed"' in changed


def test_preview_on_paper_is_marked_and_has_no_code_of_a_certificate(client, make_learner, finish):
    learner = make_learner(names=None)
    certificate = finish(learner)
    client.force_login(learner)

    answer = client.post(address("confirm-names"), RIGHT | {"step": "paper"})

    printed = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-cache")
    assert "Preview, not a certificate" in printed
    assert "Wanjiru Mwangi" in printed
    assert certificate.display_code not in printed


def test_preview_on_paper_is_drawn_ten_times_a_minute(client, make_learner):
    form = RIGHT | {"step": "paper"}
    with time_machine.travel("2027-03-01T09:00:00Z", tick=False):
        client.force_login(make_learner(names=None))
        pages = [client.post(address("confirm-names"), form).status_code for _number in range(11)]
        assert pages == [200] * 10 + [429]
        said = client.post(address("confirm-names"), form).content.decode()
        assert "Try again in 1 minute." in said
        # The form goes on, and so does everybody else.
        assert client.post(address("confirm-names"), RIGHT).status_code == 200
        client.force_login(make_learner("joao", names=None, email="joao@example.org"))
        assert client.post(address("confirm-names"), form).status_code == 200


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Rules that work"), ("ar", "قواعد نافعة"), ("fr", "Rules that work")]
)
def test_preview_before_a_course_is_finished_has_its_title_and_institution(
    client, make_learner, course, institution, language, title
):
    learner = make_learner(names=None)
    client.force_login(learner)
    enrol(learner=learner, course=course.course, language="en", at=LATER, institution=institution)
    where = address("confirm-names", language=language)

    page = client.post(where, RIGHT).content.decode()
    with translation.override(language):
        assert translation.gettext("Course title") not in page
    assert f'<strong><bdi dir="auto">{title}</bdi></strong>' in page
    assert institution.name in page

    paper = client.post(where, RIGHT | {"step": "paper"})
    printed = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    if language != "ar":
        assert (title in printed, institution.name in printed) == (True, True)


def test_preview_for_the_next_certificate_is_of_the_course_that_is_not_finished(
    client, learner, certificate, institution
):
    other = published_course(key="rules-again")
    CourseText.objects.filter(course=other.course).update(title="Rules again")
    other.edition = publish_course(course=other.course, by=None)
    enrol(learner=learner, course=other.course, language="en", at=certificate.created_at - timedelta(days=9))
    client.force_login(learner)
    page = client.post(address("confirm-names"), RIGHT).content.decode()
    assert '<strong><bdi dir="auto">Rules again</bdi></strong>' in page
    assert institution.name not in page.partition("</h1>")[2].partition("</form>")[0]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_preview_before_a_course_is_begun_says_what_will_stand_there(client, make_learner, language):
    client.force_login(make_learner(names=None))

    page = client.post(address("confirm-names", language=language), RIGHT)

    with translation.override(language):
        assert translation.gettext("Course title") in page.content.decode()


@pytest.mark.parametrize(
    ("name", "code"), [("ᏣᎳᎩ ᎠᎹ", "script"), ("Ama Ꮳ", "signs"), ("Ama 🌍", "signs"), ("🌍", "NO_LETTER")]
)
def test_what_cannot_be_printed_gets_a_sentence_that_helps(client, make_learner, name, code):
    client.force_login(make_learner(names=None))

    page = client.post(address("confirm-names"), {"name": name, "name_latin": "Ama"})

    errors = page.context["form"].errors.as_data()
    assert [error.code for error in errors["name"]] == [code]
    assert list(errors) == ["name"]
    if code == "script":
        assert "Latin letters" in str(page.context["form"].errors["name"])


# The correction ---------------------------------------------------------------------------------------------


def test_holder_corrects_the_name_once_under_the_same_code(client, certificate, learner):
    client.force_login(learner)
    correct = address("correct-name", certificate.display_code)
    assert correct in client.get(address("certificates")).content.decode()
    assert 'value="Wanjiru Mwagni"' in client.get(correct).content.decode()

    shown = client.post(correct, RIGHT).content.decode()
    assert "Wanjiru Mwangi" in shown
    assert certificate.versions.count() == 1
    answer = client.post(correct, RIGHT | {"step": "confirm"})

    assert answer.url == address("certificates")
    old, new = certificate.versions.order_by("number")
    assert (old.name, new.name, new.by_holder, new.made_by) == (
        "Wanjiru Mwagni",
        "Wanjiru Mwangi",
        True,
        learner,
    )
    assert "Wanjiru Mwangi" in paper(new)
    assert certificate.display_code in paper(new)
    assert User.objects.get(pk=learner.pk).certificate_name == "Wanjiru Mwangi"
    assert "Wanjiru Mwangi" in Delivery.objects.order_by("-pk").first().text
    page = verified(client, certificate)
    assert "Wanjiru Mwangi" in page
    assert "name corrected by the holder" in page
    assert "Mwagni" not in page
    assert [one["by"] for one in told(client, certificate)["history"]] == ["issuer", "holder"]

    mine = client.get(address("certificates")).content.decode()
    assert "Wanjiru Mwangi" in mine
    assert "Mwagni" not in mine
    assert correct not in mine
    assert "If it is still wrong, contact" in mine
    assert "Ms Achieng, 0700 000 000" in mine
    again = client.post(correct, {"name": "Wanjiru", "name_latin": "", "step": "confirm"}, follow=True)
    assert "You have already corrected this certificate." in again.content.decode()
    assert certificate.versions.count() == 2


def test_page_of_certificates_says_the_name_on_each_and_the_name_to_come(client, certificate, learner):
    client.force_login(learner)
    client.post(address("confirm-names"), RIGHT | {"step": "confirm"})

    page = client.get(address("certificates")).content.decode()

    assert 'The name on the certificate is <bdi dir="auto">Wanjiru Mwagni</bdi>' in page
    assert 'The name on your future certificates will be <bdi dir="auto">Wanjiru Mwangi</bdi>' in page


def test_correction_is_the_holders_alone(client, certificate, make_learner):
    correct = address("correct-name", certificate.display_code)
    assert client.post(correct, RIGHT | {"step": "confirm"}).status_code == 302
    for person in (
        make_learner("stranger", names=None, email=None),
        make_learner("staff", names=None, email=None, is_staff=True),
    ):
        client.force_login(person)
        assert client.get(correct).status_code == 404
        assert client.post(correct, RIGHT | {"step": "confirm"}).status_code == 404
    assert certificate.versions.count() == 1


def test_correction_is_refused_where_there_is_nothing_to_correct(certificate, learner, make_learner):
    with pytest.raises(CertificateError, match="Nothing was changed"):
        correct_own_certificate(certificate=certificate, by=learner, **TYPO)
    with pytest.raises(CertificateError) as refused:
        correct_own_certificate(certificate=certificate, by=learner, name="Ꮳ Wanjiru", name_latin="Wanjiru")
    assert (refused.value.code, refused.value.params["signs"]) == ("CANNOT_PRINT", "Ꮳ")
    learner.refresh_from_db()
    assert learner.certificate_name == "Wanjiru Mwagni"
    registrar = make_learner("registrar", names=None, email=None, is_staff=True)
    revoke_certificate(certificate=certificate, by=registrar, reason="issued in error")
    with pytest.raises(CertificateError) as refused:
        correct_own_certificate(certificate=certificate, by=learner, **RIGHT)
    assert refused.value.code == "REVOKED"


def test_two_corrections_of_a_holder_cannot_both_be_kept(certificate, learner):
    correct_own_certificate(certificate=certificate, by=learner, **RIGHT)
    version = certificate.versions.order_by("number").last()
    version.pk, version.number = None, 3

    with pytest.raises(IntegrityError, match="certificate"), transaction.atomic():
        version.save(force_insert=True)


def test_staff_may_correct_after_the_holder_and_say_that_they_checked(certificate, learner, make_learner):
    registrar = make_learner("registrar", names=None, email=None, is_staff=True)
    correct_own_certificate(certificate=certificate, by=learner, **RIGHT)

    version = correct_certificate(
        certificate=certificate, by=registrar, reason="passport seen", checked=True, **RIGHT
    )

    assert (version.number, version.by_holder, version.name_check) == (3, False, "issuer")
    assert "Name checked against an official document" in paper(version)


# Who checked the name ---------------------------------------------------------------------------------------


@pytest.fixture
def on_the_list(institution, course):
    """The institution has this learner on a list of its own, under this name."""

    def put(certificate, given, *, institution=institution, **more):
        cohort = CohortFactory(unit=institution.units.get(), course=course.course)
        enrolment = certificate.completion.enrolment
        fields = {
            "learner": enrolment.learner,
            "enrolment": enrolment,
            "state": "accepted",
            "accepted_at": LATER,
        }
        return CohortMemberFactory(cohort=cohort, given_name=given, **{**fields, **more})

    return put


@pytest.mark.parametrize(
    ("names", "given", "check"),
    [
        (("Wanjiru Mwangi", ""), "MWANGI, Wanjiru", "institution"),
        (("Wanjiru Mwangi", ""), "Wanjiru N. Mwangi", "stated"),
        (("Dr. Prof. Lee, awarded with distinction by the UN", ""), "Lee", "stated"),
        (("فاطمة الزهراء", "Fatima Zahra"), "فاطمه الزهراء", "institution-name"),
        (("فاطمة الزهراء", "Fatima Zahra"), "Fatima ZAHRA", "institution-latin"),
        (("فاطمة الزهراء", "Fatima Zahra"), "Khadija", "stated"),
    ],
)
def test_name_that_the_institution_gave_says_so_and_any_other_is_as_stated(
    client, make_learner, finish, on_the_list, names, given, check
):
    certificate = finish(make_learner(names=names))
    on_the_list(certificate, given)
    version = issued(certificate).versions.get()

    line = {
        "stated": STATED,
        "institution": "Name confirmed by Institute of Public Administration, Kilele.",
        "institution-name": "spelling in Latin letters as stated by the holder.",
        "institution-latin": "name in the holder’s own script as stated by the holder.",
    }[check]
    assert version.name_check == check
    assert line in " ".join(paper(version).split())
    assert line in verified(client, certificate)
    machine = told(client, certificate)
    assert (machine["name_check"], machine["name_as_stated_by_holder"]) == (check, check == "stated")


def test_lists_that_are_not_the_institutions_confirm_nothing(
    make_learner, finish, on_the_list, django_user_model
):
    from tests.factories.institutions import InstitutionFactory

    certificate = finish(make_learner())
    on_the_list(certificate, "Wanjiru Mwangi", institution=InstitutionFactory(key="another"))
    on_the_list(certificate, "Wanjiru Mwangi", state="left", left_at=LATER)

    assert issued(certificate).versions.get().name_check == "stated"


def test_correction_of_a_confirmed_name_is_as_stated_again(make_learner, finish, on_the_list):
    learner = make_learner()
    certificate = finish(learner)
    on_the_list(certificate, "Wanjiru Mwangi")
    issued(certificate)

    version = correct_own_certificate(certificate=certificate, by=learner, name="Lee", name_latin="")

    assert version.name_check == "stated"


def test_name_of_nothing_is_nobodys():
    assert not same_name("-", ".")
    assert same_name("عبد الله", "عبدالله")


# The day ----------------------------------------------------------------------------------------------------

EVENING = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)  # in Bogotá still the evening of the 2nd


def test_day_on_a_certificate_is_the_holders_and_does_not_move_with_them(make_learner, finish):
    learner = make_learner(time_zone="America/Bogota")
    certificate = finish(learner, at=EVENING)
    type(learner).objects.filter(pk=learner.pk).update(time_zone="Asia/Tokyo")

    version = issued(certificate, at=EVENING).versions.get()

    assert (certificate.earned_on.isoformat(), version.earned_on.isoformat()) == ("2026-11-02", "2026-11-02")


def test_day_of_who_was_never_asked_is_the_institutions(make_learner, finish):
    certificate = finish(make_learner(), at=datetime(2026, 11, 2, 22, 30, tzinfo=UTC))

    assert certificate.earned_on.isoformat() == "2026-11-03"
