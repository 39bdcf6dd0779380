"""Recovery codes: a credential for people without e-mail.

Not the backup codes of the second step, which open nothing by themselves.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models.user import User


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def unused(self) -> Self:
        return self.filter(used_at__isnull=True, replaced_at__isnull=True)

    def used(self) -> Self:
        return self.filter(used_at__isnull=False)


class RecoveryCode(models.Model):
    """A code that lets its person in once, to choose a new password. Shown once, when it is made; a digest is kept.

    At most one is good at a time.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=128)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="accounts_recoverycode_one_unused",
            ),
            models.CheckConstraint(
                name="accounts_recoverycode_used_or_replaced",
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="accounts_recoverycode_digest_not_empty", condition=~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"
