"""Certificates that cannot be made: how long they are tried, and the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from maarifa.accounts.actions import confirm_names
from maarifa.accounts.models import AuditEntry
from maarifa.certificates.actions import issue_again, issue_certificate, issuing, names_were_confirmed
from maarifa.certificates.models import Certificate
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import CourseText
from maarifa.lib.jobs import WAITS
from tests.certificates.conftest import LATER, NOW


@pytest.fixture
def registrar(make_learner):
    return make_learner("registrar", names=None, email=None, is_staff=True, is_superuser=True)


def title(course, words):
    CourseText.objects.filter(course=course.course, language="en").update(title=words)
    course.edition = publish_course(course=course.course, by=None)
    course.course.refresh_from_db()


def test_unexpected_error_is_met_with_growing_waits_up_to_an_end(make_learner, finish, monkeypatch):
    certificate = finish(make_learner())

    def fail(certificate, version):
        raise RuntimeError("no paper")

    monkeypatch.setattr(issuing, "render", fail)
    at, waits = NOW, []
    for _try in range(20):
        certificate.refresh_from_db()
        if certificate.state == Certificate.State.FAILED:
            break
        waits.append(certificate.due_at - at)
        at = certificate.due_at
        assert issue_certificate(certificate_id=certificate.pk, at=at) is False
    assert waits == [timedelta(0), *WAITS]
    assert waits == sorted(waits)
    assert (certificate.state, certificate.error) == (
        "failed",
        "given up after 8 tries: RuntimeError: no paper",
    )


def test_certificate_that_takes_its_process_with_it_is_given_up(make_learner, finish):
    certificate = finish(make_learner())
    Certificate.objects.filter(pk=certificate.pk).update(tries=len(WAITS) + 3)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    certificate.refresh_from_db()
    assert certificate.state == Certificate.State.FAILED


def test_title_that_cannot_be_printed_is_fixed_and_the_certificate_tried_again(
    client, course, make_learner, finish, registrar
):
    title(course, "Rules that work 🌍")
    certificate = finish(make_learner())
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    assert "🌍" in Certificate.objects.get().error
    title(course, "Rules that work")
    client.force_login(registrar)
    answer = client.post(
        reverse("admin:certificates_certificate_changelist"),
        {"action": "try_again", "_selected_action": [certificate.pk]},
        follow=True,
    )
    assert "We will try again to issue 1 certificate." in answer.text
    entry = AuditEntry.objects.get(action="certificate.tried-again")
    assert (entry.actor, entry.on_user) == (registrar, certificate.learner)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.tries, certificate.error) == ("pending", 0, "")
    assert issue_certificate(certificate_id=certificate.pk, at=certificate.due_at) is True
    version = certificate.versions.get()
    assert (version.course_title, version.edition_number) == ("Rules that work", 2)


def test_only_what_failed_is_tried_again(make_learner, finish, registrar):
    certificate = finish(make_learner())
    assert issue_again(certificate=certificate, by=registrar) is False
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    assert issue_again(certificate=certificate, by=registrar) is False
    assert AuditEntry.objects.count() == 0


def test_name_that_can_be_printed_brings_a_failed_certificate_back(make_learner, finish):
    learner = make_learner(names=("Wanjiru 🌍", "Wanjiru"))
    certificate = finish(learner)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    confirm_names(user=learner, name="Wanjiru", name_latin="", at=LATER)
    names_were_confirmed(learner=learner, at=LATER)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is True
