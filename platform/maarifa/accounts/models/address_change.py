"""An address that was changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models.user import User
from maarifa.lib.fields import public_id


class AddressChange(models.Model):
    """That a person's address was changed, for as long as the old one may take it back."""

    public_id = public_id()
    user = models.ForeignKey(User, models.PROTECT, related_name="address_changes")
    old = models.EmailField()
    new = models.EmailField(blank=True)
    changed_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of e-mail address")
        verbose_name_plural = _("changes of e-mail address")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(name="accounts_addresschange_old_not_empty", condition=~Q(old="")),
            models.CheckConstraint(
                name="accounts_addresschange_undone_after",
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=models.F("changed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d %H:%M}"
