"""What the database refuses, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from maarifa.accounts.models import User
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from tests.certificates.conftest import NOW

VERSION = {
    "number": 1,
    "language": "en",
    "name": "Wanjiru Mwangi",
    "course_key": "rules",
    "course_title": "Rules",
    "minutes": 60,
    "edition_number": 1,
    "earned": "completed",
    "earned_on": date(2026, 11, 2),
    "issued_on": date(2026, 11, 2),
    "pdf": b"%PDF",
    "pdf_digest": "0" * 64,
}


@pytest.fixture
def certificate(make_learner, finish):
    return finish(make_learner())


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_a_code_stands_once(certificate, make_learner, finish):
    other = finish(make_learner("rashid", email=None))
    refused(lambda: Certificate.objects.filter(pk=other.pk).update(code=certificate.code))
    refused(lambda: Certificate.objects.filter(pk=other.pk).update(public_id=certificate.public_id))


def test_one_certificate_for_a_completion(certificate):
    refused(
        lambda: Certificate.objects.bulk_create(
            [Certificate(learner=certificate.learner, completion=certificate.completion)]
        )
    )


@pytest.mark.parametrize(
    "code", ["", "short", "k7qf2m9dx4tw0b5z", "K7QF-2M9D-X4TW-0B5Z", "K7QF2M9DX4TW0B5U", "I" * 16]
)
def test_a_code_is_at_least_sixteen_digits_of_crockford(certificate, code):
    refused(lambda: Certificate.objects.filter(pk=certificate.pk).update(code=code))


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "claimed"},
        {"state": "done"},
        {"state": "failed"},
        {"finished_at": NOW},
        {"claim_token": "a3b1c6f0-6a5e-4f0e-9a53-0d6f7a1d9d11"},
    ],
)
def test_the_state_of_work_agrees_with_its_moments(certificate, fields):
    refused(lambda: Certificate.objects.filter(pk=certificate.pk).update(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"number": 0},
        {"number": 2},
        {"earned": "supervised-exam"},
        {"earned": "supervised-exam", "earned_place": "Kilele", "earned_on": None},
        {"earned": "bought"},
        {"earned": ""},
    ],
)
def test_a_version_that_lacks_what_it_needs(certificate, fields):
    refused(
        lambda: CertificateVersion.objects.bulk_create(
            [CertificateVersion(certificate=certificate, **(VERSION | fields))]
        )
    )


def test_a_version_number_stands_once(certificate):
    CertificateVersion.objects.create(certificate=certificate, **VERSION)
    refused(
        lambda: CertificateVersion.objects.bulk_create(
            [CertificateVersion(certificate=certificate, **VERSION)]
        )
    )


def test_a_revocation_has_a_reason_and_stands_once(certificate, make_learner):
    staff = make_learner("registrar", names=None, email=None)
    refused(
        lambda: Revocation.objects.bulk_create([Revocation(certificate=certificate, reason="", by=staff)])
    )
    for lacking in ({"by": None}, {"by": staff, "at": None}):
        refused(
            lambda fields=lacking: Revocation.objects.bulk_create(
                [Revocation(certificate=certificate, reason="issued in error", **fields)]
            )
        )
    Revocation.objects.create(certificate=certificate, reason="issued in error", by=staff)
    refused(
        lambda: Revocation.objects.bulk_create(
            [Revocation(certificate=certificate, reason="again", by=staff)]
        )
    )


def test_nothing_with_a_certificate_below_it_is_deleted(certificate):
    from django.db.models import ProtectedError

    for above in (certificate.completion, certificate.completion.enrolment, certificate.learner):
        with pytest.raises(ProtectedError):
            above.delete()
    assert User.objects.filter(pk=certificate.learner_id).exists()
