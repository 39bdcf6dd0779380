"""What the answers to questions say about the questions: figures that a periodic job computes again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.models.bank import QuestionVersion
from maarifa.quizzes.models.quiz import Quiz, QuizVersion
from maarifa.quizzes.stored import ChoiceFigures, Difference

LEAST_ANSWERS = 10
"""With fewer answers nothing is computed: the figures would be those of a few people, who might be known."""


class ItemStatistics(models.Model):
    """A question version in a quiz, in the language in which it was shown; "" is all languages together.

    Of each learner, the first submitted attempt at the quiz counts: see `quizzes.statistics`. All scores are shares,
    from 0 to 1. Where there are fewer than `LEAST_ANSWERS` answers, or where the row would give away the figures of a
    row that has fewer, there are `asked` and `computed_at` alone.
    """

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="item_statistics")
    question_version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="statistics")
    language = models.CharField(_("language"), max_length=15, blank=True)
    computed_at = models.DateTimeField(_("computed on"))
    asked = models.PositiveIntegerField(_("asked"))
    answered = models.PositiveIntegerField(_("answered"), null=True)
    facility = models.FloatField(_("facility"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    discrimination = models.FloatField(
        _("discrimination"),
        null=True,
        help_text="Correlation of the score with the score for the other questions of the attempt.",
    )
    upper_lower = models.FloatField(
        _("discrimination index"), null=True, help_text="Facility in the upper 27 %, less that in the lower."
    )
    seconds = models.PositiveIntegerField(_("median time in seconds"), null=True)
    choices: "models.JSONField[list[ChoiceFigures], list[ChoiceFigures]]" = models.JSONField(default=list)
    chance = models.FloatField(
        null=True, help_text="The share that gets it right by picking a choice by lot."
    )
    lowest = models.FloatField(
        null=True, help_text="How many are in the fifth with the lowest scores for the other questions."
    )
    lowest_right = models.FloatField(null=True, help_text="How many of them picked the right choice.")
    difference: "models.JSONField[Difference | None, Difference | None]" = models.JSONField(null=True)

    class Meta:
        verbose_name = _("question statistics")
        verbose_name_plural = _("question statistics")
        ordering = ["quiz", "question_version", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "question_version", "language"], name="quizzes_itemstatistics_unique"
            ),
            models.CheckConstraint(
                name="quizzes_itemstatistics_hidden_below_ten",
                condition=Q(answered__gte=LEAST_ANSWERS, facility__isnull=False)
                | Q(
                    answered__isnull=True,
                    facility__isnull=True,
                    discrimination__isnull=True,
                    lowest__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_version_id} {self.language or '*'}"

    @property
    def is_hidden(self) -> bool:
        return self.answered is None

    @property
    def omitted(self) -> int | None:
        return None if self.answered is None else self.asked - self.answered


class QuizStatistics(models.Model):
    """A quiz version. All scores are shares of the points, from 0 to 1; with fewer than `LEAST_ANSWERS` attempts there
    is their number alone.
    """

    quiz_version = models.OneToOneField(QuizVersion, models.CASCADE, related_name="statistics")
    computed_at = models.DateTimeField(_("computed on"))
    attempts = models.PositiveIntegerField(_("attempts"))
    mean = models.FloatField(_("mean score"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    reliability = models.FloatField(_("reliability"), null=True)
    error = models.FloatField(_("standard error of measurement"), null=True)
    passed = models.FloatField(_("pass rate"), null=True)

    class Meta:
        verbose_name = _("quiz statistics")
        verbose_name_plural = _("quiz statistics")
        ordering = ["quiz_version"]
        constraints = [
            models.CheckConstraint(
                name="quizzes_quizstatistics_hidden_below_ten",
                condition=Q(attempts__gte=LEAST_ANSWERS, mean__isnull=False)
                | Q(mean__isnull=True, deviation__isnull=True, reliability__isnull=True, passed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.quiz_version_id)

    @property
    def is_hidden(self) -> bool:
        return self.mean is None
