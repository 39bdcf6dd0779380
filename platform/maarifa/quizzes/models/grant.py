"""Further attempts that somebody granted."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.lib.append_only import AppendOnly
from maarifa.quizzes.models.quiz import Quiz

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AttemptGrant(AppendOnly):
    """One further attempt at a quiz for a learner who has used all that its rules allow.

    `number` is that of the attempt it allows, so that two clicks, or two people at once, grant one.
    """

    class Reason(models.TextChoices):
        REREAD = "reread", _("the learner has read the lessons again")
        FAULT = "fault", _("a technical problem: connection, power or device")
        OTHER = "other", _("another reason")
        REGRADE = "regrade", _("a question was graded again")

        @classmethod
        def for_people(cls) -> "list[tuple[str, StrOrPromise]]":
            """Those that a person chooses from: the last one is given by a regrade."""
            return [(value, label) for value, label in cls.choices if value != cls.REGRADE]

    learner = models.ForeignKey(
        User, models.PROTECT, related_name="attempt_grants", verbose_name=_("learner")
    )
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempt_grants", verbose_name=_("quiz"))
    number = models.PositiveIntegerField(_("attempt number"))
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted on"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, default=Reason.REREAD)

    class Meta:
        verbose_name = _("granted attempt")
        verbose_name_plural = _("granted attempts")
        ordering = ["-granted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "quiz", "number"], name="quizzes_attemptgrant_number_unique"
            ),
            # The first attempt needs no grant.
            models.CheckConstraint(name="quizzes_attemptgrant_number_from_two", condition=Q(number__gte=2)),
            models.CheckConstraint(
                name="quizzes_attemptgrant_reason_known",
                condition=Q(reason__in=["reread", "fault", "other", "regrade"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} #{self.number}"
