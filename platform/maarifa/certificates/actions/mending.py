"""Correcting and withdrawing."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions import hold_off_erasure, record_audit
from maarifa.certificates.actions.issuing import draw, tell_learner
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from maarifa.lib.pdf import PdfError
from maarifa.lib.refusals import Refusal
from maarifa.lib.text import one_line


class CertificateRefused(Refusal):
    MESSAGES = {
        "NOT_ISSUED": _("This certificate has not been issued yet."),
        "WITHDRAWN": _(
            "This person’s account was erased, so nothing is known of the certificate but its code."
        ),
        "REVOKED": _("This certificate has been withdrawn, so it can no longer be changed."),
        "NO_REASON": _("Say why. The reason is shown to everybody who checks the certificate."),
        "NO_NAME": _("A certificate needs a name."),
        "NO_CHANGE": _("Nothing was changed."),
        "CHANGED_MEANWHILE": _("Somebody else corrected this certificate a moment ago. Look at it again."),
        "CANNOT_DRAW": _("The certificate cannot be printed: %(error)s"),
    }


def correct_certificate(*, certificate, by, name, name_latin, reason, at=None) -> CertificateVersion:
    """A new version under the same code, with the names as given; the earlier one stays in the history.

    Everything else is printed as it was. The learner gets a message; an audit row is written. Refuses NOT_ISSUED,
    WITHDRAWN, REVOKED, NO_REASON, NO_NAME, NO_CHANGE, CHANGED_MEANWHILE and CANNOT_DRAW.
    """
    at = at or timezone.now()
    name, name_latin, reason = one_line(name), one_line(name_latin), one_line(reason)
    last = _last_version(certificate)
    if not reason:
        raise CertificateRefused("NO_REASON")
    if not name:
        raise CertificateRefused("NO_NAME")
    if (name, name_latin) == (last.name, last.name_latin):
        raise CertificateRefused("NO_CHANGE")
    version = CertificateVersion.objects.get(pk=last.pk)
    version.pk, version.number = None, last.number + 1
    version.name, version.name_latin, version.reason = name, name_latin, reason
    version.made_by, version.made_at = by, at
    try:
        draw(certificate, version)
    except PdfError as error:
        raise CertificateRefused("CANNOT_DRAW", error=str(error)) from error
    try:
        with transaction.atomic():
            _hold_off_erasure(certificate)
            version.save(force_insert=True)
            tell_learner(certificate, version, at=at)
            record_audit(
                actor=by,
                action="certificate.corrected",
                on_user=certificate.learner,
                details={"code": certificate.code, "version": version.number, "reason": reason},
                at=at,
            )
    except IntegrityError:
        raise CertificateRefused("CHANGED_MEANWHILE") from None
    return version


def revoke_certificate(*, certificate, by, reason, at=None) -> Revocation:
    """The certificate is withdrawn from now on, for a reason that its page shows. An audit row is written.

    Withdrawing again gives the withdrawal that stands. Refuses NOT_ISSUED, WITHDRAWN and NO_REASON.
    """
    at = at or timezone.now()
    reason = one_line(reason)
    if certificate.state != Certificate.State.DONE:
        raise CertificateRefused("NOT_ISSUED")
    if not reason:
        raise CertificateRefused("NO_REASON")
    with transaction.atomic():
        _hold_off_erasure(certificate)
        revocation, new = Revocation.objects.get_or_create(
            certificate=certificate, defaults={"by": by, "reason": reason, "at": at}
        )
        if new:
            record_audit(
                actor=by,
                action="certificate.revoked",
                on_user=certificate.learner,
                details={"code": certificate.code, "reason": reason},
                at=at,
            )
    return revocation


def _last_version(certificate) -> CertificateVersion:
    if certificate.state != Certificate.State.DONE:
        raise CertificateRefused("NOT_ISSUED")
    if Revocation.objects.filter(certificate=certificate).exists():
        raise CertificateRefused("REVOKED")
    last = certificate.versions.order_by("number").last()
    if last is None:
        raise CertificateRefused("WITHDRAWN")
    return last


def _hold_off_erasure(certificate) -> None:
    if not hold_off_erasure(user_id=certificate.learner_id):
        raise CertificateRefused("WITHDRAWN")
