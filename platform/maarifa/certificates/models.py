"""What was earned."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.certificates.enums import Earned, NameCheck
from maarifa.certificates.stored import CourseTexts
from maarifa.learning.models import CourseCompletion
from maarifa.lib.codes import display_code, new_code
from maarifa.lib.fields import public_id
from maarifa.lib.models import Job, JobQuerySet


class CertificateQuerySet(JobQuerySet["Certificate"]):
    def visible_to(self, user: User) -> Self:
        """A learner's own."""
        return self.filter(learner_id=user.pk)

    def issued(self) -> Self:
        return self.filter(state=Job.State.DONE)

    def due(self, at: datetime) -> Self:
        """A certificate waits until the learner has confirmed the names to be printed."""
        return (
            super().due(at).filter(learner__names_confirmed_at__isnull=False, learner__erased_at__isnull=True)
        )

    def with_latest(self) -> "models.QuerySet[Certificate]":
        """With title, language, names and date of the newest version, where there is one, and whether the holder has
        used their correction.
        """
        newest = CertificateVersion.objects.filter(certificate=models.OuterRef("pk")).order_by("-number")
        return (
            self.select_related(
                "revocation", "completion__edition__course", "completion__enrolment__institution"
            )
            .defer("completion__edition__structure")
            .annotate(
                title=models.Subquery(newest.values("course_title")[:1]),
                title_language=models.Subquery(newest.values("title_language")[:1]),
                issued_on=models.Subquery(newest.values("issued_on")[:1]),
                name=models.Subquery(newest.values("name")[:1]),
                name_latin=models.Subquery(newest.values("name_latin")[:1]),
                corrected_by_holder=models.Exists(newest.filter(by_holder=True)),
            )
        )

    def for_verification(self) -> Self:
        """With everything that the public page shows, the PDF left out."""
        return (
            self.issued()
            .prefetch_related(
                models.Prefetch("versions", CertificateVersion.objects.defer("pdf").order_by("number")),
            )
            .select_related("revocation", "learner", "completion")
        )


class Certificate(Job):
    """A certificate for a finished course, and its code. Done means issued: its first version stands.

    The code is drawn when the certificate is pending, so that issuing twice cannot make two.
    """

    public_id = public_id()
    code = models.CharField(_("code"), max_length=32, unique=True, default=new_code, editable=False)
    learner = models.ForeignKey(User, models.PROTECT, related_name="certificates", verbose_name=_("learner"))
    completion = models.OneToOneField(
        CourseCompletion, models.PROTECT, related_name="certificate", verbose_name=_("completion")
    )
    earned_on = models.DateField(
        _("earned on"),
        null=True,
        editable=False,
        help_text="The day in the learner's time zone when the course was finished. Empty if the zone was not known.",
    )

    objects = CertificateQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-id"]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                name="certificates_certificate_code_valid",
                condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{16,32}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.display_code

    @property
    def display_code(self) -> str:
        return display_code(self.code)

    @property
    def status(self) -> str:
        """What a verifier is told: in force, revoked, or withdrawn because the person was erased."""
        if self.learner_id is not None and self.learner.erased_at is not None:
            return "withdrawn"
        return "revoked" if hasattr(self, "revocation") else "in-force"


class CertificateVersion(models.Model):
    """Everything a certificate prints, copied when it was issued or corrected, with the PDF itself."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="versions", verbose_name=_("certificate")
    )
    number = models.PositiveIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=15)
    name = models.CharField(_("name"), max_length=200)
    name_latin = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    name_check = models.CharField(max_length=20, choices=NameCheck, default=NameCheck.STATED)
    course_key = models.CharField(max_length=60)
    course_title = models.CharField(max_length=200)
    title_language = models.CharField(
        max_length=15,
        blank=True,
        help_text="Language of the title and the outcomes. Empty if it is not known.",
    )
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    minutes = models.PositiveIntegerField()
    outcomes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    texts: "models.JSONField[dict[str, CourseTexts], dict[str, CourseTexts]]" = models.JSONField(
        default=dict,
        help_text="Title and outcomes in every language of the course, by language code, for the public page.",
    )
    edition_number = models.PositiveIntegerField()
    earned = models.CharField(max_length=16, choices=Earned)
    earned_place = models.CharField(max_length=200, blank=True)
    earned_on = models.DateField()
    issued_on = models.DateField(_("issued on"))
    made_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("corrected by")
    )
    by_holder = models.BooleanField(default=False)
    pdf = models.BinaryField()
    pdf_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("certificate version")
        verbose_name_plural = _("certificate versions")
        ordering = ["certificate", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "number"], name="certificates_version_number_unique"
            ),
            models.CheckConstraint(
                name="certificates_version_correction_has_reason",
                condition=Q(number=1) | (Q(number__gt=1) & (~Q(reason="") | Q(by_holder=True))),
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(by_holder=True),
                name="certificates_version_by_holder_once",
            ),
            models.CheckConstraint(
                name="certificates_version_name_check_known",
                condition=Q(name_check__in=NameCheck.values),
            ),
            models.CheckConstraint(name="certificates_version_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="certificates_version_supervised_has_place",
                condition=~Q(earned="supervised-exam") | ~Q(earned_place=""),
            ),
            models.CheckConstraint(
                name="certificates_version_earned_known",
                condition=Q(earned__in=["completed", "open-exam", "supervised-exam"]),
            ),
        ]


class Revocation(models.Model):
    """A certificate is revoked: why, when, by whom."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        constraints = [
            models.CheckConstraint(name="certificates_revocation_has_reason", condition=~Q(reason="")),
        ]
