"""From a finished course to a certificate."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.accounts.actions import hold_off_erasure, record_audit
from maarifa.certificates import tasks
from maarifa.certificates.enums import Earned
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.naming import check_names
from maarifa.certificates.pdf import certificate_pdf
from maarifa.certificates.printing import printed_words, texts_of
from maarifa.curriculum.editions import outline
from maarifa.delivery.actions import owe_message
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment
from maarifa.lib.digests import digest
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.pdf import PdfError
from maarifa.lib.zones import is_zone

log = logging.getLogger(__name__)

CLAIM_SECONDS = 120
AT_ONCE = 50
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 720, 1440)]
"""After an error that may pass; behind the last of them a certificate is given up."""


def owe_certificate(*, completion) -> Certificate:
    """One certificate is owed for a finished course, with its code; owing again gives the same.

    Called inside the transaction that writes the completion, so neither exists without the other. It is issued when
    the learner has confirmed the names to be printed. The day on their clocks is kept now: they may move.
    """
    certificate, _new = Certificate.objects.get_or_create(
        completion=completion,
        defaults={
            "learner_id": completion.enrolment.learner_id,
            "due_at": completion.completed_at,
            "earned_on": _day_there(completion),
        },
    )
    enqueue(tasks.issue, certificate.pk)
    return certificate


def names_were_confirmed(*, learner, at=None) -> None:
    """What waited for this learner's names goes on now, and what failed is tried with them."""
    _owe_again(Certificate.objects.filter(learner=learner), at or timezone.now())
    for pk in Certificate.objects.filter(learner=learner, state=Certificate.State.OWED).values_list(
        "pk", flat=True
    ):
        enqueue(tasks.issue, pk)


def issue_certificate(*, certificate_id, at=None) -> bool:
    """Makes the certificate's first version, with its PDF, and owes the message about it. True if this call did it.

    Safe to run twice, at once, or to die anywhere: a claim is taken for two minutes, and only who still holds it
    finishes; version, state and message are one transaction. Before that nothing is visible, after it nothing is
    left to do, and a claim that was left behind runs out and is taken again by the sweep. A certificate whose words
    no font can draw is given up and shown to staff, with the characters named; so is one of a person who was erased
    while it was drawn. Any other error is met with growing waits, up to an end.
    """
    at = at or timezone.now()
    token = Certificate.objects.claim(certificate_id, at=at, seconds=CLAIM_SECONDS)
    if token is None:
        return False
    certificate = (
        Certificate.objects.select_related(
            "learner", "completion__edition__course", "completion__enrolment__institution"
        )
        .defer("completion__edition__structure")  # the whole course: the outline of it is at hand
        .get(pk=certificate_id)
    )
    if certificate.tries > len(WAITS) + 3:
        # Claimed time and again and never finished: this one takes its processes with it.
        _give_up(certificate, token, at, "given up: the process died at every try")
        return False
    try:
        version = _drawn(certificate, at)
    except PdfError as error:
        _give_up(certificate, token, at, str(error))
        return False
    except Exception as error:  # one that cannot be made must not stop the others, nor come back for ever
        log.exception("certificate %s cannot be made", certificate_id)
        _put_off(certificate, token, at, f"{type(error).__name__}: {error}")
        return False
    with transaction.atomic():
        # The person first: an erasure that has begun is waited for, one that begins now waits for us.
        erased = not hold_off_erasure(user_id=certificate.learner_id)
        if not erased:
            if not Certificate.objects.finish(certificate_id, token, at=at):
                return False
            version.save()
            tell_learner(certificate, version, at=at)
    if erased:
        _give_up(certificate, token, at, "not issued: the person was erased")
    return not erased


def issue_again(*, certificate, by, at=None) -> bool:
    """A certificate that was given up is owed once more, from the first try. False where it has not failed, or the
    person was erased. Writes an audit row. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        again = _owe_again(Certificate.objects.filter(pk=certificate.pk, learner__erased_at__isnull=True), at)
        if again:
            record_audit(
                actor=by,
                action="certificate.tried-again",
                on_user=certificate.learner,
                details={"code": certificate.code},
                at=at,
            )
            enqueue(tasks.issue, certificate.pk)
    return bool(again)


def _owe_again(certificates, at) -> int:
    return certificates.filter(state=Certificate.State.FAILED).update(
        state=Certificate.State.OWED, due_at=at, tries=0, error="", finished_at=None
    )


def _give_up(certificate, token, at, error: str) -> None:
    log.error("certificate %s is not made: %s", certificate.pk, error)
    Certificate.objects.give_up(certificate.pk, token, at=at, error=error)


def _put_off(certificate, token, at, error: str) -> None:
    if certificate.tries > len(WAITS):
        _give_up(certificate, token, at, error)
        return
    wait = WAITS[certificate.tries - 1]
    Certificate.objects.put_back(certificate.pk, token, at=at, wait=wait, error=error)


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


def _drawn(certificate, at: datetime) -> CertificateVersion:
    """The first version with its PDF. Words of the course that cannot be printed are taken from its current edition,
    where they may have been mended: the edition that was finished never changes.
    """
    completion = certificate.completion
    editions = (completion.edition_id, completion.edition.course.current_edition_id)
    for edition_id in dict.fromkeys(editions):
        version = _first_version(certificate, at, outline(edition_id))
        try:
            draw(certificate, version)
        except PdfError:
            if edition_id == editions[-1]:
                raise
        else:
            break
    return version


def preview_certificate(*, learner, name, name_latin, at=None) -> CertificateVersion | None:
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
    return _first_version(certificate, at, outline(certificate.completion.edition_id))


def _day_there(completion) -> date | None:
    """The day of a completion where the learner is, by the clocks that they or else their institution keep; None where
    neither has said.
    """
    zones = Enrolment.objects.filter(pk=completion.enrolment_id).values_list(
        "learner__time_zone", "due_zone", "institution__time_zone"
    )
    zone = _first_known(zones.get())
    return completion.completed_at.astimezone(zone).date() if zone else None


def _known_zone(enrolment) -> ZoneInfo | None:
    institution = enrolment.institution
    return _first_known(
        (enrolment.learner.time_zone, enrolment.due_zone, institution.time_zone if institution else "")
    )


def _first_known(zones) -> ZoneInfo | None:
    return next((ZoneInfo(zone) for zone in zones if zone and is_zone(zone)), None)


def _first_version(certificate, at: datetime, read) -> CertificateVersion:
    completion, learner = certificate.completion, certificate.learner
    language = learner.language if learner.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    enrolment = completion.enrolment
    shown = next((c for c in (language, enrolment.language) if c in read.languages), read.source_language)
    texts = {code: texts_of(read, code) for code in read.languages}
    zone = _known_zone(enrolment) or learner.clocks
    return CertificateVersion(
        certificate=certificate,
        number=1,
        language=language,
        name=learner.certificate_name,
        name_latin=learner.certificate_name_latin,
        course_key=read.course,
        name_check=check_names(
            name=learner.certificate_name, name_latin=learner.certificate_name_latin, enrolment=enrolment
        ),
        course_title=texts[shown]["title"],
        title_language=shown,
        institution=enrolment.institution.name if enrolment.institution else "",
        minutes=outline(completion.edition_id).minutes,
        outcomes=texts[shown]["outcomes"],
        texts=texts,
        edition_number=completion.edition.number,
        earned=Earned.COMPLETED,
        earned_on=certificate.earned_on or completion.completed_at.astimezone(zone).date(),
        issued_on=at.astimezone(zone).date(),
        made_at=at,
    )


def draw(certificate, version) -> None:
    with translation.override(version.language):
        data = printed_words(certificate.display_code, version, verify_url(certificate))
    version.pdf = certificate_pdf(data)
    version.pdf_digest = digest(version.pdf)
