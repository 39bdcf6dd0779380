"""Questions that were graded again because their key was wrong."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.lib.append_only import AppendOnly
from maarifa.lib.models import Job, JobQuerySet
from maarifa.quizzes.models.attempt import AttemptQuestion
from maarifa.quizzes.models.bank import Question, QuestionVersion
from maarifa.quizzes.stored import RuleData

NOTE_CHARACTERS = 300


class Regrade(Job):
    """One correction of how a question is graded, and the job that applies it to the attempts submitted before it.

    `versions` are the numbers of the question's versions that it is for. `lower`: whether scores may fall as well.
    `note` is what learners read. The job grades answers in the order of their ids up to `graded_up_to`, then does what
    follows for learners in the order of theirs up to `followed_up_to`: who goes on after a crash begins there.
    """

    class Method(models.TextChoices):
        ACCEPT = "accept", _("accept another answer as well")
        CORRECTED = "corrected", _("grade by the question as it is now")
        EVERYONE = "everyone", _("give everyone all the points")
        DROP = "drop", _("do not count the question")

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="regrades", verbose_name=_("question")
    )
    versions = models.JSONField[list[int], list[int]](_("versions of the question"))
    method = models.CharField(_("what is corrected"), max_length=9, choices=Method)
    lower = models.BooleanField(_("scores can become lower"), default=False)
    note = models.CharField(_("note for learners"), max_length=NOTE_CHARACTERS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("corrected by"))
    attempts = models.PositiveIntegerField(_("attempts to grade again"), default=0)
    graded = models.PositiveIntegerField(_("attempts graded again"), default=0)
    raised = models.PositiveIntegerField(_("scores that became higher"), default=0)
    lowered = models.PositiveIntegerField(_("scores that became lower"), default=0)
    newly_passed = models.PositiveIntegerField(_("attempts that are now passed"), default=0)
    no_longer_passed = models.PositiveIntegerField(_("attempts that no longer count as passed"), default=0)
    attempts_back = models.PositiveIntegerField(_("learners who got one more attempt"), default=0)
    graded_up_to = models.BigIntegerField(default=0)
    followed_up_to = models.BigIntegerField(default=0)

    objects = JobQuerySet["Regrade"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("corrected grading")
        verbose_name_plural = _("corrected gradings")
        ordering = ["-id"]
        constraints = [
            *Job.Meta.constraints,
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(finished_at__isnull=True),
                name="quizzes_regrade_one_at_a_time",
            ),
            models.CheckConstraint(name="quizzes_regrade_has_note", condition=~Q(note="")),
            models.CheckConstraint(
                name="quizzes_regrade_method_known",
                condition=Q(method__in=["accept", "corrected", "everyone", "drop"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}: {self.note}"


class GradingRule(models.Model):
    """How answers to a version of a question are graded since its key was corrected, by the regrade that came last.

    A version without a row is graded by its own key. `rule` holds for every attempt at this version, whenever it is
    submitted. Answers that are the same can still have different scores: an attempt submitted earlier keeps what it has
    where the rule may not lower scores or its pass finished a course, and a dropped question counts where that is
    better for the learner.
    """

    question_version = models.OneToOneField(
        QuestionVersion, models.PROTECT, primary_key=True, related_name="grading_rule"
    )
    regrade = models.ForeignKey(Regrade, models.PROTECT, related_name="rules")
    rule = models.JSONField[RuleData, RuleData]()

    class Meta:
        verbose_name = _("grading rule")
        verbose_name_plural = _("grading rules")

    def __str__(self) -> str:
        return f"{self.question_version_id}: {self.regrade_id}"


class RegradedAnswer(AppendOnly):
    """What a regrade changed in one attempt. Scores are in hundred-thousandths of a point.

    `score_…` are of the question, None where it does not count; `attempt_…`, `maximum_…` and `passed_…` of its attempt.
    """

    regrade = models.ForeignKey(
        Regrade, models.PROTECT, related_name="answers", verbose_name=_("corrected grading")
    )
    attempt_question = models.ForeignKey(AttemptQuestion, models.PROTECT, related_name="regraded")
    score_before = models.BigIntegerField(null=True)
    score_after = models.BigIntegerField(null=True)
    attempt_before = models.BigIntegerField()
    attempt_after = models.BigIntegerField()
    maximum_before = models.BigIntegerField()
    maximum_after = models.BigIntegerField()
    passed_before = models.BooleanField(_("passed before"))
    passed_after = models.BooleanField(_("passed now"))

    class Meta:
        verbose_name = _("changed result")
        verbose_name_plural = _("changed results")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regrade", "attempt_question"], name="quizzes_regradedanswer_unique"
            ),
            models.CheckConstraint(
                name="quizzes_regradedanswer_in_range",
                condition=Q(attempt_after__gte=0, attempt_after__lte=models.F("maximum_after")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regrade_id}: {self.attempt_question_id}"

    @property
    def learner(self) -> User:
        return self.attempt_question.attempt.learner
