"""Whom to remind and when."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def unsettled(self) -> Self:
        """Decided, and no message pending or withheld for it yet."""
        return self.filter(settled_at__isnull=True)


class Reminder(models.Model):
    """A reminder that was decided: once by enrolment, kind and occasion.

    The occasion of inactivity is the moment of the last activity: being idle again after new activity is another
    occasion. Settled without a delivery means withheld: see
    `write_some`, or the learner does not want reminders.
    """

    class Kind(models.TextChoices):
        INACTIVITY = "inactivity", _("no activity for some days")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    occasion = models.DateTimeField(_("last activity before the reminder"))
    decided_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="reminder")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind", "occasion"], name="reminders_reminder_unique"
            ),
            models.CheckConstraint(
                name="reminders_reminder_delivered_is_settled",
                condition=Q(delivery__isnull=True) | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="reminders_unsettled", condition=Q(settled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion:%Y-%m-%d}"


class ReviewReminderQuerySet(models.QuerySet["ReviewReminder"]):
    def unsettled(self) -> Self:
        """Decided, and no message pending or withheld for it yet."""
        return self.filter(settled_at__isnull=True)


class ReviewReminder(models.Model):
    """A message was decided that says that questions are ready for review. `number` counts those of its learner from 1,
    so that two planners at once decide on one. Settled without a delivery means withheld.
    """

    learner = models.ForeignKey(User, models.PROTECT, related_name="review_reminders")
    number = models.PositiveIntegerField()
    decided_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="review_reminder")

    objects = ReviewReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("review reminder")
        verbose_name_plural = _("review reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "number"], name="reminders_reviewreminder_unique"),
            models.CheckConstraint(
                name="reminders_reviewreminder_number_from_one", condition=Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="reminders_reviewreminder_delivered_is_settled",
                condition=Q(delivery__isnull=True) | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="reminders_review_unsettled", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} #{self.number}"
