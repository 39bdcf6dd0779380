"""People who have finished a course, or are about to."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from maarifa.accounts.actions import confirm_names, create_account
from maarifa.certificates.actions import issue_certificate
from maarifa.institutions.actions import create_institution
from maarifa.learning.actions import enrol
from maarifa.learning.models import CourseCompletion
from maarifa.learning.signals import course_completed
from tests.factories.curriculum import published_course

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def address(name, *args, language="en"):
    with translation.override(language):
        return reverse(name, args=args)


def paper(version) -> str:
    reader = PdfReader(io.BytesIO(bytes(version.pdf)))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text()


@pytest.fixture
def course(db):
    return published_course(at=NOW)


@pytest.fixture
def institution(db):
    return create_institution(
        key="institute-of-kilele",
        name="Institute of Public Administration, Kilele",
        language="en",
        time_zone="Africa/Nairobi",
        contact="Ms Achieng, 0700 000 000",
    )


@pytest.fixture
def make_learner(db):
    def make(
        username="wanjiru",
        *,
        names=("Wanjiru Mwangi", ""),
        language="en",
        email="wanjiru@example.org",
        **fields,
    ):
        learner = create_account(
            username=username,
            name=names[0] if names else "",
            email=email,
            password="kilele-2026",
            language=language,
        )
        if fields:
            type(learner).objects.filter(pk=learner.pk).update(**fields)
            learner.refresh_from_db()
        if names:
            confirm_names(user=learner, name=names[0], name_latin=names[1], at=NOW)
        return learner

    return make


@pytest.fixture
def finish(course, institution):
    """The learner meets the requirements: what learning does at that moment, and nothing after it."""

    def finish(learner, *, at=NOW, language="en"):
        enrolment = enrol(
            learner=learner, course=course.course, language=language, at=at, institution=institution
        )
        with transaction.atomic():
            completion = CourseCompletion.objects.create(
                enrolment=enrolment, edition=course.edition, completed_at=at
            )
            course_completed.send(sender=CourseCompletion, completion=completion)
        return completion.certificate

    return finish


@pytest.fixture
def certificate(learner, finish):
    """Issued to the learner of the test."""
    certificate = finish(learner)
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    certificate.refresh_from_db()
    return certificate
