"""From a finished course to a certificate, corrected and revoked."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from maarifa.accounts.actions import confirm_names
from maarifa.accounts.models import AuditEntry
from maarifa.certificates.actions import (
    CertificateError,
    correct_certificate,
    correcting,
    issue_certificate,
    names_were_confirmed,
    queue_certificate,
    revoke_certificate,
)
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from maarifa.delivery.models import Delivery
from maarifa.lib.digests import digest
from maarifa.lib.jobs import requeue_now
from maarifa.lib.pdf import PdfError
from tests.certificates.conftest import LATER, NOW, paper


def test_queue_certificate_queues_one_however_often_it_is_asked(make_learner, finish):
    certificate = finish(make_learner())
    again = queue_certificate(completion=certificate.completion)
    assert again.pk == certificate.pk
    assert Certificate.objects.count() == 1
    assert len(certificate.code) == 16
    assert certificate.state == Certificate.State.PENDING


def test_issue_certificate_copies_everything_it_prints(make_learner, finish, course):
    certificate = finish(make_learner())
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is True
    certificate.refresh_from_db()
    version = certificate.versions.get()
    assert certificate.state == Certificate.State.DONE
    assert (version.number, version.name, version.name_latin) == (1, "Wanjiru Mwangi", "Wanjiru Mwangi")
    assert (version.course_title, version.institution) == (
        "Rules that work",
        "Institute of Public Administration, Kilele",
    )
    assert (version.edition_number, version.earned, version.issued_on) == (1, "completed", date(2026, 11, 2))
    assert version.outcomes == ["Find the rule that binds your office."]
    assert version.made_at == LATER
    assert version.pdf_digest == digest(bytes(version.pdf))
    printed = paper(version)
    for line in ("Wanjiru Mwangi", "Rules that work", certificate.display_code, "2 November 2026"):
        assert line in printed


def test_issue_certificate_queues_the_message_in_the_learners_language(make_learner, finish):
    learner = make_learner(
        "mariem", names=("مريم بنت أحمد", "Mariem Mint Ahmed"), language="ar", email="m@example.org"
    )
    certificate = finish(learner, language="ar")
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    version = certificate.versions.get()
    message = Delivery.objects.get(kind="certificate")
    assert (message.language, message.address, message.recipient) == ("ar", "m@example.org", learner)
    assert certificate.display_code in message.text
    assert f"/verify/{certificate.display_code}" in message.text
    assert "/ar/certificates/" in message.text
    assert (version.language, version.name, version.name_latin) == (
        "ar",
        "مريم بنت أحمد",
        "Mariem Mint Ahmed",
    )
    assert version.course_title == "قواعد نافعة"
    assert "Mariem Mint Ahmed" in paper(version)


def test_issue_certificate_without_an_address_queues_no_message(make_learner, finish):
    certificate = finish(make_learner(email=None))
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is True
    assert Delivery.objects.count() == 0


def test_issue_certificate_twice_makes_one_version_and_one_message(make_learner, finish):
    certificate = finish(make_learner())
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is True
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    assert certificate.versions.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_issue_certificate_at_once_in_eight_threads_makes_one(make_learner, finish, redis_gone):
    certificate = finish(make_learner())
    done = []

    def run():
        try:
            done.append(issue_certificate(certificate_id=certificate.pk, at=LATER))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]
    assert certificate.versions.count() == 1
    assert Delivery.objects.count() == 1


def test_issue_certificate_waits_until_the_names_are_confirmed(
    make_learner, finish, django_capture_on_commit_callbacks
):
    learner = make_learner(names=None)
    certificate = finish(learner)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    assert requeue_now("default", at=LATER) == 0
    confirm_names(user=learner, name="Wanjiru", name_latin="", at=LATER)
    with django_capture_on_commit_callbacks() as callbacks:
        names_were_confirmed(learner=learner)
    assert len(callbacks) == 1
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is True
    assert certificate.versions.get().name == "Wanjiru"


def test_issue_certificate_after_a_dead_worker_takes_over_when_its_claim_has_run_out(make_learner, finish):
    certificate = finish(make_learner())
    left_behind = Certificate.objects.claim(certificate.pk, at=NOW, seconds=120)
    assert left_behind is not None
    assert issue_certificate(certificate_id=certificate.pk, at=NOW + timedelta(seconds=119)) is False
    assert requeue_now("default", at=NOW + timedelta(seconds=119)) == 0
    assert requeue_now("default", at=NOW + timedelta(seconds=121)) == 1
    assert issue_certificate(certificate_id=certificate.pk, at=NOW + timedelta(seconds=121)) is True
    # The dead one comes back from a long pause: its token is worth nothing now.
    assert Certificate.objects.finish(certificate.pk, left_behind, at=NOW) is False
    assert certificate.versions.count() == 1


def test_issue_certificate_gives_up_on_a_name_that_no_font_can_draw(make_learner, finish):
    learner = make_learner(names=("Wanjiru 🌍", "Wanjiru"))
    certificate = finish(learner)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    certificate.refresh_from_db()
    assert certificate.state == Certificate.State.FAILED
    assert "🌍" in certificate.error
    assert certificate.versions.count() == 0
    assert Delivery.objects.count() == 0


def test_queue_certificate_is_gone_with_the_transaction_that_completes(make_learner, course, institution):
    from django.db import transaction

    from maarifa.learning.actions import enrol
    from maarifa.learning.models import CourseCompletion

    enrolment = enrol(learner=make_learner(), course=course.course, language="en", at=NOW)
    with transaction.atomic():
        completion = CourseCompletion.objects.create(
            enrolment=enrolment, edition=course.edition, completed_at=NOW
        )
        queue_certificate(completion=completion)
        transaction.set_rollback(True)
    assert (CourseCompletion.objects.count(), Certificate.objects.count()) == (0, 0)


# Mending ----------------------------------------------------------------------------------------------------


@pytest.fixture
def issued(make_learner, finish):
    certificate = finish(make_learner())
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    certificate.refresh_from_db()
    return certificate


@pytest.fixture
def registrar(make_learner):
    return make_learner("registrar", names=None, email=None, is_staff=True)


def test_correct_certificate_keeps_the_code_and_adds_a_version(issued, registrar):
    version = correct_certificate(
        certificate=issued,
        by=registrar,
        name="Wanjiru wa Mwangi",
        name_latin="Wanjiru wa Mwangi",
        reason="spelling of the name",
        at=LATER,
    )
    assert [v.name for v in issued.versions.order_by("number")] == ["Wanjiru Mwangi", "Wanjiru wa Mwangi"]
    assert (version.number, version.made_by, version.course_title) == (2, registrar, "Rules that work")
    assert issued.display_code in paper(version)
    entry = AuditEntry.objects.get(action="certificate.corrected")
    assert (entry.actor, entry.on_user) == (registrar, issued.learner)
    assert Delivery.objects.filter(kind="certificate").count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "NO_REASON"),
        ({"name": " "}, "NO_NAME"),
        ({"name": "Wanjiru Mwangi", "name_latin": "Wanjiru Mwangi"}, "NO_CHANGE"),
        ({"name": "Wanjiru 🌍"}, "CANNOT_PRINT"),
        ({"name": "Wanjiru " * 200}, "TOO_LONG"),
    ],
)
def test_correct_certificate_refuses(issued, registrar, changes, code):
    words = {"name": "Wanjiru wa Mwangi", "name_latin": "", "reason": "spelling"} | changes
    with pytest.raises(CertificateError) as refused:
        correct_certificate(certificate=issued, by=registrar, at=LATER, **words)
    assert refused.value.code == code
    assert issued.versions.count() == 1
    assert AuditEntry.objects.count() == 0


def test_revoke_certificate_says_why_once(issued, registrar):
    first = revoke_certificate(
        certificate=issued, by=registrar, reason="issued to the wrong person", at=LATER
    )
    second = revoke_certificate(certificate=issued, by=registrar, reason="another reason", at=LATER)
    assert first.pk == second.pk
    assert Revocation.objects.get().reason == "issued to the wrong person"
    assert AuditEntry.objects.filter(action="certificate.revoked").count() == 1
    issued = Certificate.objects.for_verification().get()
    assert issued.status == "revoked"


def test_holder_of_a_revoked_certificate_is_told_why_and_whom_to_ask(issued, registrar):
    for reason in ("issued to the wrong person", "another reason"):
        revoke_certificate(certificate=issued, by=registrar, reason=reason, at=LATER)
    told = Delivery.objects.filter(kind="certificate").order_by("pk").last()
    assert Delivery.objects.filter(kind="certificate").count() == 2
    assert (told.recipient, told.language) == (issued.learner, "en")
    assert told.subject == "Your certificate was revoked: Rules that work"
    for said in (
        "It is no longer valid.",
        issued.display_code,
        "Reason: issued to the wrong person",
        "If you think this is a mistake, contact Ms Achieng, 0700 000 000.",
    ):
        assert said in told.text


def test_what_typst_says_is_for_the_log_and_not_for_a_page(issued, registrar, monkeypatch, caplog):
    def fail(*_args):
        raise PdfError("panicked with: no such field")

    monkeypatch.setattr(correcting, "render", fail)
    with pytest.raises(CertificateError) as refused, caplog.at_level("WARNING"):
        correct_certificate(
            certificate=issued, by=registrar, name="Another", name_latin="", reason="x", at=LATER
        )
    assert refused.value.code == "CANNOT_RENDER"
    assert "panicked" not in refused.value.message
    assert "panicked" in caplog.text


def test_a_revoked_certificate_is_not_corrected(issued, registrar):
    revoke_certificate(certificate=issued, by=registrar, reason="issued in error", at=LATER)
    with pytest.raises(CertificateError) as refused:
        correct_certificate(
            certificate=issued, by=registrar, name="Another", name_latin="Another", reason="x", at=LATER
        )
    assert refused.value.code == "REVOKED"


def test_a_certificate_not_issued_is_neither_corrected_nor_revoked(make_learner, finish, registrar):
    pending = finish(make_learner())
    with pytest.raises(CertificateError) as refused:
        revoke_certificate(certificate=pending, by=registrar, reason="x", at=LATER)
    assert refused.value.code == "NOT_ISSUED"
    with pytest.raises(CertificateError) as refused:
        correct_certificate(certificate=pending, by=registrar, name="A", name_latin="A", reason="x", at=LATER)
    assert refused.value.code == "NOT_ISSUED"
    assert CertificateVersion.objects.count() == 0


# A real worker ----------------------------------------------------------------------------------------------


def test_a_worker_issues_and_writes_to_the_learner(worker, make_learner, finish, postbox):
    certificate = finish(make_learner())
    (letter,) = postbox.wait_for(1)
    assert letter.recipients == ["wanjiru@example.org"]
    assert certificate.display_code in letter.text
    certificate.refresh_from_db()
    assert certificate.state == Certificate.State.DONE
