"""A learner's certificates, the public page, and what strangers see."""

import io
import json
from datetime import date
from urllib.parse import quote

import pytest
from django.utils import translation
from pypdf import PdfReader

from maarifa.accounts.actions import erase_account
from maarifa.accounts.models import AuditEntry
from maarifa.certificates.actions import correct_certificate, issue_certificate, revoke_certificate
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.printing import earned_line
from tests.certificates.conftest import LATER, address
from tests.factories.accounts import UserFactory


@pytest.fixture
def learner(make_learner):
    return make_learner("mariem", names=("مريم بنت أحمد", "Mariem Mint Ahmed"), email="mariem@example.org")


@pytest.fixture
def stranger(make_learner):
    return make_learner("stranger", names=None, email="stranger@example.org")


# The learner's own ------------------------------------------------------------------------------------------


def test_certificates_shows_the_holder_theirs_and_nobody_else(client, certificate, learner, stranger):
    client.force_login(learner)
    page = client.get(address("certificates")).content.decode()
    assert certificate.display_code in page
    client.force_login(stranger)
    page = client.get(address("certificates")).content.decode()
    assert certificate.display_code not in page
    assert "Rules that work" not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"earned": "open-exam"}, "Unsupervised examination passed on 12 December 2026."),
        (
            {"earned": "supervised-exam", "earned_place": "Dakar"},
            "Supervised examination passed in Dakar on 12 December 2026, identity checked.",
        ),
    ],
)
def test_how_it_was_earned_is_one_sentence(changes, said):
    assert earned_line(CertificateVersion(earned_on=date(2026, 12, 12), **changes)) == said


def test_certificates_asks_for_names_before_one_is_made(client, make_learner, finish):
    learner = make_learner(names=None)
    finish(learner)
    client.force_login(learner)
    page = client.get(address("certificates")).content.decode()
    assert address("confirm-names") in page


@pytest.mark.parametrize("items", [1, 3])
def test_certificates_asks_the_database_the_same_for_one_and_three(
    client, make_learner, django_assert_num_queries, items, institution
):
    from maarifa.learning.actions import enrol
    from maarifa.learning.models import CourseCompletion
    from tests.factories.curriculum import published_course

    learner = make_learner()
    for _ in range(items):
        course = published_course()
        enrolment = enrol(learner=learner, course=course.course, language="en")
        from maarifa.certificates.actions import queue_certificate

        completion = CourseCompletion.objects.create(
            enrolment=enrolment, edition=course.edition, completed_at=LATER
        )
        issue_certificate(certificate_id=queue_certificate(completion=completion).pk, at=LATER)
    client.force_login(learner)
    client.get(address("certificates"))
    with django_assert_num_queries(2):
        client.get(address("certificates"))


def test_certificate_file_is_the_holders_pdf(client, certificate, learner):
    client.force_login(learner)
    answer = client.get(address("certificate-pdf", certificate.display_code.lower()))
    assert answer["Content-Type"] == "application/pdf"
    assert certificate.display_code in answer["Content-Disposition"]
    assert "Mariem Mint Ahmed" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_certificate_file_is_nobody_elses(client, certificate, stranger, make_learner):
    url = address("certificate-pdf", certificate.display_code)
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(make_learner("staff", names=None, email=None, is_staff=True))
    assert client.get(url).status_code == 404


def test_confirm_names_prints_what_was_confirmed(client, make_learner):
    learner = make_learner(names=None)
    client.force_login(learner)
    answer = client.post(
        address("confirm-names") + "?next=/en/courses/",
        {"name": "ወርቅነሽ ታደሰ", "name_latin": "Workinesh Tadesse", "step": "confirm"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/en/courses/")
    learner.refresh_from_db()
    assert (learner.certificate_name, learner.certificate_name_latin) == ("ወርቅነሽ ታደሰ", "Workinesh Tadesse")
    assert learner.names_confirmed_at is not None


@pytest.mark.parametrize(
    ("name", "latin", "wrong"),
    [
        ("", "", "name"),
        ("ወርቅነሽ ታደሰ", "", "name_latin"),
        ("ወርቅነሽ ታደሰ", "ታደሰ", "name_latin"),
        ("Wanjiru 🌍", "", "name"),
    ],
)
def test_confirm_names_names_the_field_that_is_wrong(client, make_learner, name, latin, wrong):
    learner = make_learner(names=None)
    client.force_login(learner)
    answer = client.post(address("confirm-names"), {"name": name, "name_latin": latin})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    learner.refresh_from_db()
    assert learner.names_confirmed_at is None


def test_confirm_names_does_not_lead_away_from_here(client, make_learner):
    client.force_login(make_learner(names=None))
    answer = client.post(
        address("confirm-names") + "?next=https://elsewhere.example/",
        {"name": "Wanjiru", "name_latin": "", "step": "confirm"},
    )
    assert answer["Location"] == address("certificates")


# The public page --------------------------------------------------------------------------------------------


def test_verify_shows_every_printed_field(client, certificate):
    page = client.get(f"/verify/{certificate.display_code}?lang=en").content.decode()
    for words in (
        "This certificate is genuine and valid.",
        "مريم بنت أحمد",
        "Mariem Mint Ahmed",
        "Rules that work",
        "edition 1",
        "Course completed on 2 November 2026: lessons read and module quizzes passed, no examination.",
        "If any detail differs, that certificate was altered.",
        "Institute of Public Administration, Kilele",
        "2 November 2026",
        "Find the rule that binds your office.",
    ):
        assert words in page


def test_verify_asks_few_queries_and_does_not_read_the_pdf(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(2) as captured:
        client.get(f"/verify/{certificate.display_code}")
    assert not any('"pdf"' in query["sql"] for query in captured)


TYPED = {
    "lower": lambda code: code.lower(),
    "bare": lambda code: code.replace("-", ""),
    "spaced": lambda code: code.replace("-", " "),
    "confused": lambda code: code.replace("0", "O").replace("1", "l").lower(),
}


@pytest.mark.parametrize("typed", TYPED)
def test_verify_forgives_how_the_code_was_typed(client, certificate, typed):
    Certificate.objects.filter(pk=certificate.pk).update(code="K7QF2M9D01TW0B5Z")
    code = TYPED[typed]("K7QF-2M9D-01TW-0B5Z")
    answer = client.get("/verify/", {"code": code, "lang": "fr"})
    assert answer["Location"] == "/verify/K7QF-2M9D-01TW-0B5Z?lang=fr"
    for ending in ("", ".json"):
        answer = client.get(f"/verify/{quote(code)}{ending}?lang=ar")
        assert answer["Location"] == f"/verify/K7QF-2M9D-01TW-0B5Z{ending}?lang=ar"
        answer = client.get(f"/verify/{quote(code)}{ending}", follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain == [(f"/verify/K7QF-2M9D-01TW-0B5Z{ending}", 302)]


def test_verify_says_plainly_that_a_code_is_unknown(client, certificate):
    answer = client.get("/verify/0000-0000-0000-0000")
    assert answer.status_code == 404
    assert "Mariem" not in answer.content.decode()
    assert client.get("/verify/0000-0000-0000-0000.json").status_code == 404
    assert client.get("/verify/", {"code": "<script>!"}).status_code == 422


def test_verify_of_a_certificate_not_yet_issued_is_unknown(client, learner, finish):
    pending = finish(learner)
    assert client.get(f"/verify/{pending.display_code}").status_code == 404


def test_verify_shows_correction_and_revocation(client, certificate, make_learner):
    registrar = make_learner("registrar", names=None, email=None, is_staff=True)
    correct_certificate(
        certificate=certificate,
        by=registrar,
        name="مريم بنت أحمد",
        name_latin="Maryam Bint Ahmad",
        reason="spelling of the Latin name",
    )
    page = client.get(f"/verify/{certificate.display_code}?lang=en").content.decode()
    assert "Maryam Bint Ahmad" in page
    assert "Mariem Mint Ahmed" not in page
    assert "spelling of the Latin name" in page
    assert "This certificate was corrected on " in page
    assert "was altered or has been replaced by a corrected one." in page
    revoke_certificate(certificate=certificate, by=registrar, reason="issued to the wrong person")
    page = client.get(f"/verify/{certificate.display_code}?lang=en").content.decode()
    assert "it is no longer valid" in page
    assert "issued to the wrong person" in page
    assert "This certificate is genuine and valid." not in page


def test_verify_json_says_the_state_on_its_own(client, certificate, make_learner):
    url = f"/verify/{certificate.display_code}.json"
    told = json.loads(client.get(url).content)
    assert told["state"] == "in-force"
    assert (told["name"], told["name_latin"]) == ("مريم بنت أحمد", "Mariem Mint Ahmed")
    assert told["course"]["title"] == "Rules that work"
    assert told["earned"]["how"] == "completed"
    registrar = make_learner("registrar", names=None, email=None, is_staff=True)
    revoke_certificate(certificate=certificate, by=registrar, reason="issued in error")
    told = json.loads(client.get(url).content)
    assert (told["state"], told["revoked"]["reason"]) == ("revoked", "issued in error")


def test_verify_of_an_erased_person_says_withdrawn_and_no_more(client, certificate, learner):
    erase_account(user=learner, by=None)
    page = client.get(f"/verify/{certificate.display_code}?lang=en")
    assert page.status_code == 200
    assert "This certificate has been withdrawn." in page.content.decode()
    told = json.loads(client.get(f"/verify/{certificate.display_code}.json").content)
    assert told == {"code": certificate.display_code, "state": "withdrawn"}
    for words in ("Mariem", "مريم", "Rules that work"):
        assert words not in page.content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_verify_is_read_in_the_language_asked_for(client, certificate, language):
    answer = client.get(f"/verify/{certificate.display_code}?lang={language}")
    assert f'lang="{language}"' in answer.content.decode()
    assert answer["Content-Language"] == language


def test_verify_records_nobody(client, certificate):
    answer = client.get(f"/verify/{certificate.display_code}")
    assert answer.cookies == {}


def test_verify_escapes_what_people_wrote(client, make_learner, finish):
    learner = make_learner(names=("<script>alert(1)</script>", "<script>alert(1)</script>"))
    certificate = finish(learner)
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    page = client.get(f"/verify/{certificate.display_code}").content.decode()
    assert "<script>" not in page


def test_title_of_a_certificate_is_given_the_language_that_it_is_in(client, make_learner, finish):
    learner = make_learner("mariem", names=("Mariem", "Mariem"), language="fr", email="mariem@example.org")
    certificate = finish(learner, language="ar")
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    version = certificate.versions.get()
    assert (version.language, version.title_language) == ("fr", "ar")
    client.force_login(learner)
    page = client.get(address("certificates")).content.decode()
    assert '<h2 lang="ar" dir="rtl">قواعد نافعة</h2>' in page
    page = client.get(f"/verify/{certificate.display_code}?lang=en").content.decode()
    assert '<bdi lang="ar" dir="rtl">قواعد نافعة</bdi>' in page
    certificate.versions.update(title_language="")
    page = client.get(address("certificates")).content.decode()
    assert '<h2 dir="auto">قواعد نافعة</h2>' in page


# The admin --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["change", "history", "correct", "revoke"])
def test_certificate_looked_at_by_staff_is_written_down(client, certificate, learner, page):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get(f"/admin/certificates/certificate/{certificate.pk}/{page}/").status_code == 200

    entry = AuditEntry.objects.order_by("id").last()
    assert (entry.action, entry.on_user) == ("certificate.read", learner)


# The public page in the reader's language -------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "issued-before-languages-were-kept"])
def test_verify_says_title_and_outcomes_in_the_readers_language(client, certificate, kept):
    if not kept:
        certificate.versions.update(texts={})
    page = client.get(f"/verify/{certificate.display_code}?lang=ar").content.decode()
    assert "<bdi>قواعد نافعة</bdi>" in page
    assert '<bdi lang="en" dir="ltr">Rules that work</bdi>' in page
    assert "Find the rule" not in page
    page = client.get(f"/verify/{certificate.display_code}?lang=en").content.decode()
    assert "قواعد" not in page


def test_verify_shows_what_is_in_one_language_only_in_its_direction(client, certificate):
    page = client.get(f"/verify/{certificate.display_code}?lang=fr").content.decode()
    assert '<ul lang="en" dir="ltr"><li>Find the rule that binds your office.</li></ul>' in page


def test_verify_of_what_was_issued_before_does_not_mix_editions(client, certificate):
    certificate.versions.update(texts={}, course_title="Another title")
    page = client.get(f"/verify/{certificate.display_code}?lang=ar").content.decode()
    assert '<bdi lang="en" dir="ltr">Another title</bdi>' in page


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ({"HTTP_ACCEPT_LANGUAGE": "ar-EG,fr;q=0.5"}, "ar"),
        ({"HTTP_ACCEPT_LANGUAGE": "ar", "HTTP_REFERER": "http://testserver/fr/help/"}, "fr"),
        ({"HTTP_ACCEPT_LANGUAGE": "ar", "HTTP_REFERER": "http://testserver/verify/?lang=fr"}, "fr"),
        ({"HTTP_ACCEPT_LANGUAGE": "ar", "HTTP_REFERER": "https://elsewhere.example/fr/"}, "ar"),
        ({"HTTP_ACCEPT_LANGUAGE": "ar", "HTTP_REFERER": "http://[bad"}, "ar"),
        ({"HTTP_REFERER": "http://testserver/admin/"}, "en"),
    ],
)
def test_verify_speaks_the_language_one_came_from_or_the_browsers(client, certificate, asked, language):
    for path in ("/verify/", f"/verify/{certificate.display_code}"):
        assert f'<html lang="{language}"' in client.get(path, **asked).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "https://learn.example.org/verify/{}",
        "http://learn.example.org/verify/{}/",
        "learn.example.org/verify/{}?lang=fr",
        "https://learn.example.org/verify/ {} ",
        "https://learn.example.org/verify/{}.json",
        "/verify/{}#top",
    ],
)
@pytest.mark.parametrize("spelt", [str, str.lower, lambda code: code.replace("-", " ")])
def test_verify_takes_the_whole_printed_address(client, certificate, typed, spelt):
    answer = client.get("/verify/", {"code": typed.format(spelt(certificate.display_code)), "lang": "fr"})
    assert answer["Location"] == f"/verify/{certificate.display_code}?lang=fr"


@pytest.mark.parametrize("path", ["{}/", "{}/?lang=ar"])
@pytest.mark.parametrize("spelt", [str, str.lower])
def test_verify_forgives_a_slash_at_the_end(client, certificate, path, spelt):
    answer = client.get(f"/verify/{path.format(spelt(certificate.display_code))}", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0].partition("?")[0] == f"/verify/{certificate.display_code}"
    assert client.get("/verify/0000-0000-0000-0000/").status_code == 302


@pytest.mark.parametrize("minutes", [45, 119, 120, 256, 285, 600])
def test_certificate_and_pages_say_one_length(minutes):
    from maarifa.certificates.printing import hours
    from maarifa.lib.dates import about_minutes

    with translation.override("en"):
        assert about_minutes(minutes, language="en") == f"about {hours(minutes)}"
