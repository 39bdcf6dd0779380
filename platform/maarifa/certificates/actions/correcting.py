"""Correcting and revoking."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions import confirm_names, hold_off_erasure, record_audit
from maarifa.accounts.models import User
from maarifa.certificates.actions.issuing import render, tell_learner, tell_of_revocation
from maarifa.certificates.enums import NameCheck
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from maarifa.certificates.naming import check_names
from maarifa.lib.errors import DomainError
from maarifa.lib.names import NameProblem, check_name
from maarifa.lib.pdf import MissingGlyphs, PdfError, TooLong
from maarifa.lib.text import clean_name, one_line

log = logging.getLogger(__name__)


class CertificateError(DomainError):
    MESSAGES = {
        "NOT_ISSUED": _("This certificate has not been issued yet."),
        "WITHDRAWN": _(
            "The data of this certificate’s holder has been erased. Only the code is left, so nothing "
            "can be changed."
        ),
        "REVOKED": _("This certificate has been revoked, so it can no longer be changed."),
        "NO_REASON": _("Write a reason. Anyone who checks the certificate can read it."),
        "NO_NAME": _("The certificate needs a name. Write one."),
        "NO_CHANGE": _("Nothing was changed, because the name is the same as before."),
        "CHANGED_MEANWHILE": _(
            "Someone else has just corrected this certificate. Check the new version before you change it "
            "again."
        ),
        "ALREADY_CORRECTED": _("You have already corrected this certificate. You can correct it only once."),
        "CANNOT_PRINT": _("We cannot print these characters: %(signs)s. Write the name without them."),
        "TOO_LONG": _("This name is too long to fit on the certificate. Write a shorter form of it."),
        "CANNOT_RENDER": _(
            "The certificate could not be created with this name. Change the name and try again."
        ),
        **NameProblem.MESSAGES,
    }


def correct_certificate(
    *,
    certificate: Certificate,
    by: User,
    name: str,
    name_latin: str,
    reason: str,
    checked: bool = False,
    at: datetime | None = None,
) -> CertificateVersion:
    """A new version under the same code, with the names as given; the earlier one stays in the history.

    `checked` says that whoever corrects it has compared the name with an official document. Everything else is
    printed as it was. The learner gets a message; an audit row is written. Refuses NOT_ISSUED, WITHDRAWN, REVOKED,
    NO_REASON, NO_NAME, NO_CHANGE, CHANGED_MEANWHILE, CANNOT_PRINT, TOO_LONG, CANNOT_RENDER, and a name as
    `lib.names.check_name`.
    """
    at = at or timezone.now()
    reason = one_line(reason)
    last = _last_version(certificate)
    if not reason:
        raise CertificateError("NO_REASON")
    version = _renamed(certificate, last, name, name_latin, checked=checked)
    version.reason, version.made_by, version.made_at = reason, by, at
    details = {"code": certificate.code, "version": version.number, "reason": reason}
    try:
        with transaction.atomic():
            _keep(certificate, version, at)
            record_audit(
                actor=by, action="certificate.corrected", on_user=certificate.learner, details=details, at=at
            )
    except IntegrityError:
        raise CertificateError("CHANGED_MEANWHILE") from None
    return version


def correct_own_certificate(
    *, certificate: Certificate, by: User, name: str, name_latin: str, at: datetime | None = None
) -> CertificateVersion:
    """The holder corrects their name, once, under the same code; later certificates bear the corrected name too.

    No reason is asked: the history says that the holder did it. Refuses ALREADY_CORRECTED, what `correct_certificate`
    refuses but NO_REASON, and what `accounts.confirm_names` refuses.
    """
    at = at or timezone.now()
    last = _last_version(certificate)
    _refuse_second(certificate)
    try:
        with transaction.atomic():
            # First, for it knows what names must be; nothing of it stays where the certificate is refused.
            confirm_names(user=by, name=name, name_latin=name_latin, at=at)
            version = _renamed(certificate, last, by.certificate_name, by.certificate_name_latin)
            version.reason, version.made_by, version.made_at, version.by_holder = "", by, at, True
            _keep(certificate, version, at)
    except IntegrityError:
        _refuse_second(certificate)
        raise CertificateError("CHANGED_MEANWHILE") from None
    return version


def preview_correction(*, certificate: Certificate, name: str, name_latin: str) -> CertificateVersion:
    """How a correction would be printed: a version that is not kept, without a PDF. Refuses NOT_ISSUED, WITHDRAWN,
    REVOKED, ALREADY_CORRECTED.
    """
    last = _last_version(certificate)
    _refuse_second(certificate)
    return _copy(certificate, last, name, name_latin)


def _refuse_second(certificate: Certificate) -> None:
    if certificate.versions.filter(by_holder=True).exists():
        raise CertificateError("ALREADY_CORRECTED")


def _renamed(
    certificate: Certificate, last: CertificateVersion, name: str, name_latin: str, *, checked: bool = False
) -> CertificateVersion:
    name, name_latin = clean_name(name), clean_name(name_latin)
    if not name:
        raise CertificateError("NO_NAME")
    for one in (name, name_latin):
        try:
            check_name(one)
        except NameProblem as problem:
            raise CertificateError(problem.code, **problem.params) from None
    version = _copy(certificate, last, name, name_latin)
    if checked:
        version.name_check = NameCheck.ISSUER
    if (name, name_latin, version.name_check) == (last.name, last.name_latin, last.name_check):
        raise CertificateError("NO_CHANGE")
    try:
        render(certificate, version)
    except MissingGlyphs as error:
        raise CertificateError("CANNOT_PRINT", signs=" ".join(error.texts)) from error
    except TooLong as error:
        raise CertificateError("TOO_LONG") from error
    except PdfError as error:
        # typst's own words: for the log, not for a page.
        log.warning("certificate %s was not corrected: %s", certificate.public_id, error)
        raise CertificateError("CANNOT_RENDER") from error
    return version


def _copy(
    certificate: Certificate, last: CertificateVersion, name: str, name_latin: str
) -> CertificateVersion:
    version = CertificateVersion.objects.get(pk=last.pk)
    version.pk, version.number, version.by_holder = None, last.number + 1, False
    version.name, version.name_latin = name, name_latin
    enrolment = certificate.completion.enrolment
    version.name_check = check_names(name=name, name_latin=name_latin, enrolment=enrolment)
    return version


def _keep(certificate: Certificate, version: CertificateVersion, at: datetime) -> None:
    _hold_off_erasure(certificate)
    version.save(force_insert=True)
    tell_learner(certificate, version, at=at)


def revoke_certificate(
    *, certificate: Certificate, by: User, reason: str, at: datetime | None = None
) -> Revocation:
    """The certificate is revoked from now on, for a reason that its page shows. The learner gets a message; an audit
    row is written.

    Revoking again gives the revocation that stands. Refuses NOT_ISSUED, WITHDRAWN and NO_REASON.
    """
    at = at or timezone.now()
    reason = one_line(reason)
    if certificate.state != Certificate.State.DONE:
        raise CertificateError("NOT_ISSUED")
    if not reason:
        raise CertificateError("NO_REASON")
    with transaction.atomic():
        _hold_off_erasure(certificate)
        revocation, new = Revocation.objects.get_or_create(
            certificate=certificate, defaults={"by": by, "reason": reason, "at": at}
        )
        if new:
            tell_of_revocation(certificate, revocation, at=at)
            record_audit(
                actor=by,
                action="certificate.revoked",
                on_user=certificate.learner,
                details={"code": certificate.code, "reason": reason},
                at=at,
            )
    return revocation


def _last_version(certificate: Certificate) -> CertificateVersion:
    if certificate.state != Certificate.State.DONE:
        raise CertificateError("NOT_ISSUED")
    if Revocation.objects.filter(certificate=certificate).exists():
        raise CertificateError("REVOKED")
    last = certificate.versions.order_by("number").last()
    if last is None:
        raise CertificateError("WITHDRAWN")
    return last


def _hold_off_erasure(certificate: Certificate) -> None:
    if not hold_off_erasure(user_id=certificate.learner_id):
        raise CertificateError("WITHDRAWN")
