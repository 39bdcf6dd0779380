"""Whom to nudge and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment


class Reminder(models.Model):
    """A nudge that was decided: once by enrolment, kind and occasion.

    The occasion of inactivity is the last activity: being idle again after new activity is another occasion.
    """

    class Kind(models.TextChoices):
        INACTIVITY = "inactivity", _("no activity for some days")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind)
    occasion = models.CharField(max_length=40)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="reminder")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind", "occasion"], name="reminders_reminder_unique"),
        ]
