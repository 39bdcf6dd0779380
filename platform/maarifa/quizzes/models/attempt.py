"""Attempts at a quiz."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.lib.constraints import CompositeForeignKey
from maarifa.lib.fields import public_id
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models.bank import QuestionVersion
from maarifa.quizzes.models.quiz import Quiz, QuizVersion
from maarifa.quizzes.querysets import AttemptQuerySet
from maarifa.quizzes.stored import AttemptRules

ARRIVAL = timedelta(seconds=60)
"""How long after the end of a timed attempt its answers may still arrive: a slow line takes its time."""


class Attempt(models.Model):
    """One attempt at a quiz: the seed, the questions sampled and their order, the language, and the rules frozen at
    its start. `eligibility` reads them.
    """

    class Late(models.TextChoices):
        NO = "", _("on time")
        AWAITING = "awaiting", _("late, waiting for a decision")
        ACCEPTED = "accepted", _("late, accepted")
        REFUSED = "refused", _("late, not accepted")

    COUNTED = (Late.NO, Late.ACCEPTED)

    public_id = public_id()
    learner = models.ForeignKey(User, models.PROTECT, related_name="attempts", verbose_name=_("learner"))
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts_made", verbose_name=_("quiz"))
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    seed = models.BigIntegerField()
    language = models.CharField(_("language"), max_length=15)
    rules: "models.JSONField[AttemptRules, AttemptRules]" = models.JSONField()
    started_at = models.DateTimeField(_("started on"))
    saved_at = models.DateTimeField(_("last answers received on"), null=True)
    ends_at = models.DateTimeField(
        _("time is over on"), null=True, help_text="Empty where there is no time limit."
    )
    submitted_at = models.DateTimeField(_("submitted on"), null=True)
    timed_out = models.BooleanField(_("ended because the time was over"), default=False)
    late = models.CharField(_("on time or late"), max_length=8, choices=Late, default=Late.NO, blank=True)
    score = models.BigIntegerField(null=True, help_text="In hundred-thousandths of a point.")
    maximum = models.BigIntegerField(help_text="In hundred-thousandths of a point.")
    passed = models.BooleanField(_("passed"), null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["learner", "quiz", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "quiz", "number"], name="quizzes_attempt_number_unique"
            ),
            models.UniqueConstraint(
                fields=["learner", "quiz"],
                condition=Q(submitted_at__isnull=True),
                name="quizzes_attempt_one_open",
            ),
            models.CheckConstraint(
                name="quizzes_attempt_submitted_has_result",
                condition=Q(submitted_at__isnull=True, score__isnull=True, passed__isnull=True)
                | Q(submitted_at__isnull=False, score__isnull=False, passed__isnull=False),
            ),
            models.CheckConstraint(
                name="quizzes_attempt_score_in_range",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=models.F("maximum")),
            ),
            models.CheckConstraint(name="quizzes_attempt_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="quizzes_attempt_submitted_after_start",
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__gte=models.F("started_at")),
            ),
            models.CheckConstraint(
                name="quizzes_attempt_late_is_submitted", condition=Q(late="") | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="quizzes_attempt_late_known",
                condition=Q(late__in=["", "awaiting", "accepted", "refused"]),
            ),
            models.CheckConstraint(name="quizzes_attempt_maximum_positive", condition=Q(maximum__gte=1)),
            models.CheckConstraint(
                name="quizzes_attempt_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("started_at")),
            ),
            models.CheckConstraint(
                name="quizzes_attempt_timed_out_has_an_end",
                condition=Q(timed_out=False) | Q(ends_at__isnull=False, submitted_at__isnull=False),
            ),
            CompositeForeignKey(
                field="quiz_version", mine="quiz", theirs="quiz", name="quizzes_attempt_version_of_its_quiz"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"],
                name="quizzes_attempt_to_end",
                condition=Q(submitted_at__isnull=True, ends_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} #{self.number}"

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    def time_is_over(self, at: datetime) -> bool:
        """True where nothing counts that arrives at this moment: after the end, and what a slow line may take."""
        return self.ends_at is not None and at > self.ends_at + ARRIVAL

    @property
    def arrived_at(self) -> datetime | None:
        """When the submission reached the server, whatever a phone's clock said about when it was made. Where the
        server ended the attempt: when its time was over.
        """
        if self.timed_out:
            return self.submitted_at
        return self.submitted_at and (self.saved_at or self.submitted_at)

    @property
    def counts_as_passed(self) -> bool:
        """As `AttemptQuerySet.passed`."""
        return bool(self.passed) and self.late in self.COUNTED


class AttemptQuestion(models.Model):
    """A question drawn for an attempt, the order its choices were shown in, and the answer given.

    `response` is a `quizzes.kinds.Response`. It is saved while the attempt is open. `dropped`: a regrade decided that
    the question does not count in this attempt; it has no score then.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField(_("position"))
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="asked")
    choice_order: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    response: "models.JSONField[Response | None, Response | None]" = models.JSONField(null=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    form_id = models.UUIDField(
        null=True, help_text="Later answers from the same form do not conflict with this one."
    )
    score = models.BigIntegerField(null=True)
    dropped = models.BooleanField(default=False, help_text="Counts neither in the score nor in the maximum.")

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="quizzes_attemptquestion_position_unique"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question_version"], name="quizzes_attemptquestion_question_unique"
            ),
            models.CheckConstraint(
                name="quizzes_attemptquestion_answered_has_moment",
                condition=Q(response__isnull=True) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="quizzes_attemptquestion_score_not_negative",
                condition=Q(score__isnull=True) | Q(score__gte=0),
            ),
            models.CheckConstraint(
                name="quizzes_attemptquestion_dropped_has_no_score",
                condition=Q(dropped=False) | Q(score__isnull=True),
            ),
        ]

    def masked(self, response: Response | None) -> Response | None:
        """An answer as the page of the attempt has it."""
        version = self.question_version
        return kind_named(version.kind).masked(version.structure, self.choice_order, response)

    def unmasked(self, raw: object) -> object:
        """What came from that page as an answer, as its kind reads it."""
        version = self.question_version
        return kind_named(version.kind).unmasked(version.structure, self.choice_order, raw)

    def after(self, response: Response | None) -> Response | None:
        """What is stored once this answer comes after the one that stands here; raises as its kind's `after`."""
        version = self.question_version
        after: Response | None = kind_named(version.kind).after(version.structure, self.response, response)
        return after

    def is_in_conflict(self, *, base: object, response: Response | None, form_id: UUID | None) -> bool:
        """True where an answer stands here that was neither the `base` of this response nor from the same form."""
        if self.answered_at is None or self.response in (base, response):
            return False
        return form_id is None or self.form_id != form_id
