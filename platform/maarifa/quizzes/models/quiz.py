"""Quizzes, and what is asked in them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from maarifa.lib.append_only import AppendOnly
from maarifa.quizzes.courses import Titles
from maarifa.quizzes.enums import ReviewRule
from maarifa.quizzes.models.bank import NOT_SAMPLE, Bank, QuestionVersion
from maarifa.quizzes.stored import LONGEST_TIME_LIMIT, Cell, QuizRules, ReviewName

ANY_NUMBER = _(
    "Leave this empty for no limit. Without a limit, the wait doubles after each failed attempt, up to "
    "one day. With a limit, a coordinator can grant one more attempt."
)

OF_EXAMS = _("After an exam, learners see only the score and the lessons to read again.")


class Quiz(models.Model):
    """A quiz as its authors edit it. `key` is the course's key, a slash, and the quiz's own.

    The counts of `cells` sum to `draw`. Without any, the whole bank is sampled.
    """

    key = models.CharField(_("key"), max_length=121, unique=True)
    bank = models.ForeignKey(
        Bank, models.PROTECT, "quizzes", limit_choices_to=NOT_SAMPLE, verbose_name=_("question bank")
    )
    draw = models.PositiveIntegerField(_("questions per attempt"), validators=[MinValueValidator(1)])
    cells: "models.JSONField[list[Cell], list[Cell]]" = models.JSONField(
        _("questions for each outcome and level"), default=list, blank=True
    )
    pass_percent = models.PositiveIntegerField(
        _("pass mark in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts = models.PositiveIntegerField(
        _("attempts"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=ANY_NUMBER
    )
    wait_minutes = models.PositiveIntegerField(_("minutes between attempts"), default=0)
    minutes = models.PositiveIntegerField(
        _("estimated time in minutes"), default=10, validators=[MinValueValidator(1)]
    )
    time_limit = models.PositiveIntegerField(
        _("time limit in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TIME_LIMIT)],
        help_text=_(
            "Leave this empty for no time limit. When the time is over, the server ends the attempt and grades "
            "the answers that are saved."
        ),
    )
    review: "models.CharField[ReviewName, ReviewName]" = models.CharField(
        _("what learners see after submitting"),
        max_length=11,
        choices=ReviewRule,
        default=ReviewRule.ALL.value,
        help_text=OF_EXAMS,
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()
    titles: Titles  # In lists of the admin.

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="quizzes_quiz_key_valid", condition=Q(key__regex=r"^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$")
            ),
            models.CheckConstraint(
                name="quizzes_quiz_rules",
                condition=Q(draw__gte=1, minutes__gte=1, pass_percent__gte=1, pass_percent__lte=100)
                & (Q(attempts__gte=1) | Q(attempts__isnull=True))
                & (Q(time_limit__gte=1) | Q(time_limit__isnull=True)),
            ),
            models.CheckConstraint(
                name="quizzes_quiz_review_known", condition=Q(review__in=["all", "score", "after-close"])
            ),
            # Without an end and without a wait, a quiz would be passed by guessing.
            models.CheckConstraint(
                name="quizzes_quiz_unlimited_waits",
                condition=Q(attempts__isnull=False) | Q(wait_minutes__gte=1),
                violation_error_message=_(
                    "A quiz with no limit on attempts needs a wait between them. Write at least 1 minute."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def own_key(self) -> str:
        return self.key.partition("/")[2]

    def belongs_to(self, course: str) -> bool:
        """The first part of a quiz's key is the key of its course."""
        return self.key.partition("/")[0] == course


class QuizVersion(AppendOnly):
    """A quiz as it was published: its rules and its pool, never changed once made."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules: "models.JSONField[QuizRules, QuizRules]" = models.JSONField()
    pool = models.ManyToManyField(QuestionVersion, through="PoolEntry", related_name="quiz_versions")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("quiz version")
        verbose_name_plural = _("quiz versions")
        ordering = ["quiz", "number"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="quizzes_quizversion_number_unique"),
            models.UniqueConstraint(fields=["quiz", "digest"], name="quizzes_quizversion_digest_unique"),
            models.CheckConstraint(name="quizzes_quizversion_number_from_one", condition=Q(number__gte=1)),
            # Attempts point here with their quiz.
            models.UniqueConstraint(fields=["quiz", "id"], name="quizzes_quizversion_of_quiz"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} v{self.number}"


class PoolEntry(AppendOnly):
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="entries")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["quiz_version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz_version", "question_version"], name="quizzes_poolentry_unique"
            ),
            models.UniqueConstraint(
                fields=["quiz_version", "position"], name="quizzes_poolentry_position_unique"
            ),
        ]
