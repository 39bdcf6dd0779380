"""From a finished course to a certificate."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.certificates import tasks
from maarifa.certificates.enums import Earned
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.pdf import certificate_pdf
from maarifa.certificates.printing import printed_words
from maarifa.curriculum.editions import outline
from maarifa.delivery.actions import owe_message
from maarifa.delivery.models import Delivery
from maarifa.lib.digests import digest
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.pdf import PdfError

log = logging.getLogger(__name__)

CLAIM_SECONDS = 120
AT_ONCE = 50


def owe_certificate(*, completion) -> Certificate:
    """One certificate is owed for a finished course, with its code; owing again gives the same.

    Called inside the transaction that writes the completion, so neither exists without the other. It is issued when
    the learner has confirmed the names to be printed.
    """
    certificate, _new = Certificate.objects.get_or_create(
        completion=completion,
        defaults={"learner_id": completion.enrolment.learner_id, "due_at": completion.completed_at},
    )
    enqueue(tasks.issue, certificate.pk)
    return certificate


def names_were_confirmed(*, learner) -> None:
    """What waited for this learner's names goes on now."""
    for pk in Certificate.objects.filter(learner=learner, state=Certificate.State.OWED).values_list(
        "pk", flat=True
    ):
        enqueue(tasks.issue, pk)


def issue_certificate(*, certificate_id, at=None) -> bool:
    """Makes the certificate's first version, with its PDF, and owes the message about it. True if this call did it.

    Safe to run twice, at once, or to die anywhere: a claim is taken for two minutes, and only who still holds it
    finishes; version, state and message are one transaction. Before that nothing is visible, after it nothing is
    left to do, and a claim that was left behind runs out and is taken again by the sweep. A certificate whose words
    no font can draw is given up and shown to staff, with the characters named.
    """
    at = at or timezone.now()
    token = Certificate.objects.claim(certificate_id, at=at, seconds=CLAIM_SECONDS)
    if token is None:
        return False
    certificate = Certificate.objects.select_related(
        "learner", "completion__edition__course", "completion__enrolment__institution"
    ).get(pk=certificate_id)
    version = _first_version(certificate, at)
    try:
        draw(certificate, version)
    except PdfError as error:
        log.error("certificate %s cannot be drawn: %s", certificate_id, error)
        Certificate.objects.give_up(certificate_id, token, at=at, error=str(error))
        return False
    except Exception as error:
        Certificate.objects.put_back(
            certificate_id, token, at=at, wait=timedelta(minutes=5), error=repr(error)
        )
        raise
    with transaction.atomic():
        if not Certificate.objects.finish(certificate_id, token, at=at):
            return False
        version.save()
        tell_learner(certificate, version, at=at)
    return True


def tell_learner(certificate, version, *, at) -> None:
    """Owes the message about a version to the learner, where there is an address."""
    learner = certificate.learner
    if not learner.email:
        return
    with translation.override(version.language):
        path = reverse("certificates")
    owe_message(
        key=f"certificate:{certificate.public_id}:{version.number}",
        kind=Delivery.Kind.CERTIFICATE,
        address=learner.email,
        language=version.language,
        template="certificates/mail/issued" if version.number == 1 else "certificates/mail/corrected",
        context={
            "name": version.name,
            "course": version.course_title,
            "code": certificate.display_code,
            "certificates_url": settings.SITE_URL + path,
            "verify_url": verify_url(certificate),
        },
        recipient=learner,
        at=at,
    )


def verify_url(certificate) -> str:
    return settings.SITE_URL + reverse("verify-code", args=[certificate.display_code])


def sweep(*, at=None) -> int:
    """Enqueues what is due and nobody holds: left by a dead worker, a flushed queue or a broker that was down."""
    at = at or timezone.now()
    due = list(Certificate.objects.due(at).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    for pk in due:
        enqueue(tasks.issue, pk)
    return len(due)


def _first_version(certificate, at: datetime) -> CertificateVersion:
    completion, learner = certificate.completion, certificate.learner
    read = outline(completion.edition_id)
    language = learner.language if learner.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    enrolment = completion.enrolment
    shown = next((c for c in (language, enrolment.language) if c in read.languages), read.source_language)
    words = read.words(shown)
    zone = ZoneInfo(learner.time_zone)
    return CertificateVersion(
        certificate=certificate,
        number=1,
        language=language,
        name=learner.certificate_name,
        name_latin=learner.certificate_name_latin,
        course_key=read.course,
        course_title=words["title"],
        institution=enrolment.institution.name if enrolment.institution else "",
        minutes=read.minutes,
        outcomes=[words["outcomes"][key] for key in read.outcomes if key in words["outcomes"]],
        edition_number=read.number,
        earned=Earned.COMPLETED,
        earned_on=completion.completed_at.astimezone(zone).date(),
        issued_on=at.astimezone(zone).date(),
        made_at=at,
    )


def draw(certificate, version) -> None:
    with translation.override(version.language):
        data = printed_words(certificate.display_code, version, verify_url(certificate))
    version.pdf = certificate_pdf(data)
    version.pdf_digest = digest(version.pdf)
