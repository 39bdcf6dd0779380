"""What staff did."""

from collections.abc import Mapping

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models.user import User
from maarifa.lib.append_only import AppendOnly


class AuditEntry(AppendOnly):
    """What staff did to other people's data, reading a learner's record included. Append-only."""

    at = models.DateTimeField(_("date"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    action = models.CharField(_("action"), max_length=60)
    on_user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("person concerned")
    )
    institution = models.UUIDField(_("institution"), null=True, db_index=True)
    request_id = models.CharField(_("request ID"), max_length=64, blank=True)
    # With which rows, by names of the action's own. Shown as it is, and never asked.
    details: "models.JSONField[Mapping[str, object], dict[str, object]]" = models.JSONField(
        _("details"), default=dict
    )

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
