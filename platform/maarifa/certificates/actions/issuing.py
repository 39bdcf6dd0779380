"""From a finished course to a certificate."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.accounts.actions import hold_off_erasure, record_audit
from maarifa.accounts.models import User
from maarifa.certificates import tasks
from maarifa.certificates.enums import Earned
from maarifa.certificates.messages import CERTIFICATE
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from maarifa.certificates.naming import check_names
from maarifa.certificates.pdf import certificate_pdf
from maarifa.certificates.printing import printed_words, texts_of
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.delivery.actions import queue_message
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.lib import jobs
from maarifa.lib.contact import contact_for
from maarifa.lib.digests import digest
from maarifa.lib.pdf import PdfError
from maarifa.lib.zones import is_zone


class Certificates(jobs.Runner[Certificate]):
    name = "certificate"
    model = Certificate
    task = tasks.issue
    claim_seconds = 120

    def load(self, pk: int) -> Certificate:
        return (
            Certificate.objects.select_related(
                "learner", "completion__edition__course", "completion__enrolment__institution"
            )
            .defer("completion__edition__structure")  # the whole course: the outline of it is at hand
            .get(pk=pk)
        )

    def work(self, row: Certificate, claim: jobs.Claim) -> bool:
        try:
            version = _rendered(row, claim.now())
        except PdfError as error:
            raise jobs.PermanentError(str(error)) from error
        with transaction.atomic():
            # The person first: an erasure that has begun is waited for, one that begins now waits for us.
            if hold_off_erasure(user_id=row.learner_id):
                if not claim.finish():
                    return False
                version.save()
                tell_learner(row, version, at=claim.now())
                return True
        raise jobs.PermanentError("Not issued: the learner’s data was erased.")


CERTIFICATES = Certificates()


def queue_certificate(*, completion: CourseCompletion) -> Certificate:
    """Queue the certificate for a finished course, with its code; queueing again gives the same.

    Called inside the transaction that writes the completion, so neither exists without the other. It is issued when
    the learner has confirmed the names to be printed. The day on their clocks is kept now: they may move.
    """
    certificate, new = Certificate.objects.get_or_create(
        completion=completion,
        defaults={
            "learner_id": completion.enrolment.learner_id,
            "due_at": completion.completed_at,
            "queued_at": completion.completed_at,
            "earned_on": _day_there(completion),
        },
    )
    if new:
        CERTIFICATES.hand_over(certificate)
    return certificate


def names_were_confirmed(*, learner: User, at: datetime | None = None) -> None:
    """What waited for this learner's names goes on now, and what failed is tried with them."""
    at = at or timezone.now()
    CERTIFICATES.queue_again(Certificate.objects.filter(learner=learner), at=at)
    CERTIFICATES.queue_up(Certificate.objects.filter(learner=learner), at=at)


def issue_certificate(*, certificate_id: int, at: datetime | None = None) -> bool:
    """Makes the certificate's first version, with its PDF, and queues the message about it. True if this call did it.

    Safe to run twice, at once, or to die anywhere: a claim is taken for two minutes, and only who still holds it
    finishes; version, state and message are one transaction. Before that nothing is visible, after it nothing is
    left to do, and a claim that was left behind runs out and is taken again. A certificate whose words
    no font can draw is given up and shown to staff, with the characters named; so is one of a person who was erased
    while it was drawn. Any other error is met with growing waits, up to an end.
    """
    return CERTIFICATES.run(certificate_id, at=at)


def issue_again(*, certificate: Certificate, by: User, at: datetime | None = None) -> bool:
    """A certificate that was given up is pending once more, from the first try. False where it has not failed, or the
    person was erased. Writes an audit row. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        again = CERTIFICATES.queue_again(
            Certificate.objects.filter(pk=certificate.pk, learner__erased_at__isnull=True), at=at
        )
        if again:
            record_audit(
                actor=by,
                action="certificate.tried-again",
                on_user=certificate.learner,
                details={"code": certificate.code},
                at=at,
            )
    return bool(again)


def tell_learner(certificate: Certificate, version: CertificateVersion, *, at: datetime) -> None:
    """Queues the message about a version to the learner, where a channel reaches them."""
    learner = certificate.learner
    with translation.override(version.language):
        path = reverse("certificates")
    queue_message(
        key=f"certificate:{certificate.public_id}:{version.number}",
        kind=CERTIFICATE.name,
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


def tell_of_revocation(certificate: Certificate, revocation: Revocation, *, at: datetime) -> None:
    """Queues the message that says why the certificate is no longer valid, and whom to ask, where a channel reaches
    the learner.
    """
    version = certificate.versions.defer("pdf").order_by("number").last()
    if version is None:
        return
    institution = certificate.completion.enrolment.institution
    with translation.override(version.language):
        contact = str(contact_for(institution=institution))
    queue_message(
        key=f"certificate:{certificate.public_id}:revoked",
        kind=CERTIFICATE.name,
        language=version.language,
        template="certificates/mail/revoked",
        context={
            "course": version.course_title,
            "code": certificate.display_code,
            "reason": revocation.reason,
            "contact": contact,
        },
        recipient=certificate.learner,
        at=at,
    )


def verify_url(certificate: Certificate) -> str:
    return settings.SITE_URL + reverse("verify-code", args=[certificate.display_code])


def _rendered(certificate: Certificate, at: datetime) -> CertificateVersion:
    """The first version with its PDF. Words of the course that cannot be printed are taken from its current edition,
    where they may have been fixed: the edition that was finished never changes.
    """
    completion = certificate.completion
    current = completion.edition.course.current_edition_id
    edition_ids = [completion.edition_id, *([current] if current else [])]
    for edition_id in dict.fromkeys(edition_ids):
        version = _first_version(certificate, at, editions.outline(edition_id))
        try:
            render(certificate, version)
        except PdfError:
            if edition_id == edition_ids[-1]:
                raise
        else:
            break
    return version


def preview_certificate(
    *, learner: User, name: str, name_latin: str, at: datetime | None = None
) -> CertificateVersion | None:
    """How the certificate that waits for this learner's names would be printed with these: a version that is not
    kept, without a PDF. None where none waits.
    """
    at = at or timezone.now()
    certificate = (
        Certificate.objects.visible_to(learner)
        .exclude(state=Certificate.State.DONE)
        .select_related("learner", "completion__edition__course", "completion__enrolment__institution")
        .defer("completion__edition__structure")
        .order_by("created_at", "pk")
        .first()
    )
    if certificate is None:
        return None
    certificate.learner.certificate_name, certificate.learner.certificate_name_latin = name, name_latin
    return _first_version(certificate, at, editions.outline(certificate.completion.edition_id))


def _day_there(completion: CourseCompletion) -> date | None:
    """The day of a completion where the learner is, by the clocks that they or else their institution keep; None where
    neither has said.
    """
    zones = Enrolment.objects.filter(pk=completion.enrolment_id).values_list(
        "learner__time_zone", "due_zone", "institution__time_zone"
    )
    zone = _first_known(zones.get())
    return completion.completed_at.astimezone(zone).date() if zone else None


def _known_zone(enrolment: Enrolment) -> ZoneInfo | None:
    institution = enrolment.institution
    return _first_known(
        (enrolment.learner.time_zone, enrolment.due_zone, institution.time_zone if institution else "")
    )


def _first_known(zones: Iterable[str | None]) -> ZoneInfo | None:
    return next((ZoneInfo(zone) for zone in zones if zone and is_zone(zone)), None)


def _first_version(certificate: Certificate, at: datetime, outline: Outline) -> CertificateVersion:
    completion, learner = certificate.completion, certificate.learner
    language = learner.interface_language
    enrolment = completion.enrolment
    title_language = next(
        (c for c in (language, enrolment.language) if c in outline.languages), outline.source_language
    )
    texts = {code: texts_of(outline, code) for code in outline.languages}
    zone = _known_zone(enrolment) or learner.clocks
    return CertificateVersion(
        certificate=certificate,
        number=1,
        language=language,
        name=learner.certificate_name,
        name_latin=learner.certificate_name_latin,
        course_key=outline.course,
        name_check=check_names(
            name=learner.certificate_name, name_latin=learner.certificate_name_latin, enrolment=enrolment
        ),
        course_title=texts[title_language]["title"],
        title_language=title_language,
        institution=enrolment.institution.name if enrolment.institution else "",
        minutes=editions.outline(completion.edition_id).minutes,
        outcomes=texts[title_language]["outcomes"],
        texts=texts,
        edition_number=completion.edition.number,
        earned=Earned.COMPLETED,
        earned_on=certificate.earned_on or completion.completed_at.astimezone(zone).date(),
        issued_on=at.astimezone(zone).date(),
        made_at=at,
    )


def render(certificate: Certificate, version: CertificateVersion) -> None:
    with translation.override(version.language):
        data = printed_words(certificate.display_code, version, verify_url(certificate))
    version.pdf = certificate_pdf(data)
    version.pdf_digest = digest(version.pdf)
