"""What a person agreed to."""

import uuid
from typing import Self, TypedDict, Unpack

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models.user import User
from maarifa.lib.fields import public_id


class ConsentOf(TypedDict, total=False):
    user: User
    purpose: str
    subject: uuid.UUID | None


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, **of: Unpack[ConsentOf]) -> Self:
        """Consents that have not been withdrawn; a subject that is None is that of a general one."""
        return self.filter(withdrawn_at__isnull=True, **of)


class Consent(models.Model):
    """What a person agreed to, in the words and the language shown. Withdrawing is a moment, not a
    deletion.
    """

    class Purpose(models.TextChoices):
        TERMS = "terms", _("keeping of personal data for learning and certificates")
        SHARING = "sharing", _("sharing of progress and results with an institution")

    public_id = public_id()
    user = models.ForeignKey(User, models.PROTECT, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    subject = models.UUIDField(
        null=True, help_text="The public id of what was agreed to, a cohort member for sharing."
    )
    words = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=15)
    given_at = models.DateTimeField(_("given on"))
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-id"]
        indexes = [
            # How many people came today is asked with each that comes.
            models.Index(
                fields=["given_at"], condition=Q(purpose="terms"), name="accounts_consent_terms_given"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose", "subject"],
                condition=Q(withdrawn_at__isnull=True, subject__isnull=False),
                name="accounts_consent_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(withdrawn_at__isnull=True, subject__isnull=True),
                name="accounts_consent_one_general_in_force",
            ),
            models.CheckConstraint(
                name="accounts_consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
            ),
            models.CheckConstraint(
                name="accounts_consent_sharing_has_subject",
                condition=~Q(purpose="sharing") | Q(subject__isnull=False),
            ),
        ]
