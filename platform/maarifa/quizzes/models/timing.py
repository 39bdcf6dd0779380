"""The time of timed attempts: what was added to it, when the server was away, and what arrived after the end."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maarifa.accounts.models import User
from maarifa.lib.append_only import AppendOnly
from maarifa.lib.fields import public_id
from maarifa.quizzes.kinds import Response
from maarifa.quizzes.models.attempt import Attempt

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ServerPresence(models.Model):
    """One row: when a process of this server was last at work on timed attempts."""

    at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence of the server")
        verbose_name_plural = _("presence of the server")
        constraints = [models.CheckConstraint(name="quizzes_serverpresence_one_row", condition=Q(pk=1))]


class Downtime(AppendOnly):
    """The server was away. Timed attempts that were open then got this time back."""

    began_at = models.DateTimeField(_("began on"))
    ended_at = models.DateTimeField(_("ended on"))

    class Meta:
        verbose_name = _("downtime of the server")
        verbose_name_plural = _("downtimes of the server")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(fields=["began_at"], name="quizzes_downtime_unique"),
            models.CheckConstraint(
                name="quizzes_downtime_ends_after_start", condition=Q(ended_at__gt=models.F("began_at"))
            ),
        ]


class TimeExtension(AppendOnly):
    """Time that was added to a running attempt. `downtime` where the server gave it back by itself."""

    class Reason(models.TextChoices):
        MORE_TIME = "more", _("more time")
        INTERRUPTION = "interruption", _("an interruption: power, connection or device")
        DOWNTIME = "downtime", _("the server was not available")

        @classmethod
        def for_people(cls) -> "list[tuple[str, StrOrPromise]]":
            """Those that a person chooses from: the last one is given by the server itself."""
            return [(value, label) for value, label in cls.choices if value != cls.DOWNTIME]

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="extensions", verbose_name=_("attempt"))
    seconds = models.PositiveIntegerField(_("seconds"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    downtime = models.ForeignKey(Downtime, models.PROTECT, null=True, related_name="extensions")
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added on"), default=timezone.now)

    class Meta:
        verbose_name = _("time extension")
        verbose_name_plural = _("time extensions")
        ordering = ["attempt", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "downtime"],
                condition=Q(downtime__isnull=False),
                name="quizzes_timeextension_once_for_a_downtime",
            ),
            models.CheckConstraint(name="quizzes_timeextension_seconds", condition=Q(seconds__gte=1)),
            models.CheckConstraint(
                name="quizzes_timeextension_by_somebody",
                condition=Q(reason="downtime", downtime__isnull=False, added_by__isnull=True)
                | (~Q(reason="downtime") & Q(downtime__isnull=True, added_by__isnull=False)),
            ),
        ]


class LateAnswersQuerySet(models.QuerySet["LateAnswers"]):
    def awaiting(self) -> Self:
        """Those about which nobody has decided yet."""
        return self.filter(decision=LateAnswers.Decision.AWAITING)


class LateAnswers(models.Model):
    """Answers that arrived when the time of their attempt was over. They are kept until somebody decides.

    `responses`: by the position of the question, as they would have been saved.
    """

    class Decision(models.TextChoices):
        AWAITING = "awaiting", _("waiting for a decision")
        ACCEPTED = "accepted", pgettext_lazy("late answers", "accepted")
        REFUSED = "refused", pgettext_lazy("late answers", "not accepted")

    public_id = public_id()
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, related_name="late_answers", verbose_name=_("attempt")
    )
    responses: "models.JSONField[dict[str, Response | None], dict[str, Response | None]]" = models.JSONField(
        _("answers")
    )
    happened_at = models.DateTimeField(pgettext_lazy("answers", "given on"))
    arrived_at = models.DateTimeField(_("arrived on"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.AWAITING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True)

    objects = LateAnswersQuerySet.as_manager()

    class Meta:
        verbose_name = _("late answers")
        verbose_name_plural = _("late answers")
        ordering = ["attempt", "arrived_at"]
        constraints = [
            models.CheckConstraint(
                name="quizzes_lateanswers_decided_has_moment",
                condition=Q(decision="awaiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="awaiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]
