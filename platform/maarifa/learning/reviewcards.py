"""What is known of how well a learner remembers, question by question, and the answers that say so."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum.models import Edition, Lesson, PracticeQuestion
from maarifa.lib.fields import public_id
from maarifa.quizzes.kinds import Response
from maarifa.quizzes.models import Question, QuestionVersion

NEVER_BOTH = Q(question__isnull=False, lesson__isnull=True, practice_key="") | (
    Q(question__isnull=True, lesson__isnull=False) & ~Q(practice_key="")
)


class ReviewCardQuerySet(models.QuerySet["ReviewCard"]):
    def visible_to(self, user: User) -> Self:
        """A learner's own."""
        return self.filter(enrolment__learner_id=user.pk)

    def due(self, at: datetime) -> Self:
        return self.filter(due_at__lte=at)


class ReviewCard(models.Model):
    """How well a learner remembers one question: of a quiz they took, or for practice in a lesson they finished.

    The numbers are a cache of `memory.memory_of` over what was answered: see `actions.reviewing`. Whether the question
    may be asked now says `reviewing.cards_to_ask`.
    """

    public_id = public_id()
    enrolment = models.ForeignKey("learning.Enrolment", models.CASCADE, related_name="review_cards")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="+")
    practice_key = models.CharField(max_length=60, blank=True)
    stability = models.FloatField(help_text="In days.")
    difficulty = models.FloatField()
    exposed_at = models.DateTimeField(_("last answered"))
    due_at = models.DateTimeField(_("next review"))

    objects = ReviewCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("review card")
        verbose_name_plural = _("review cards")
        constraints = [
            models.CheckConstraint(name="learning_reviewcard_one_question", condition=NEVER_BOTH),
            models.CheckConstraint(
                name="learning_reviewcard_due_after_exposure", condition=Q(due_at__gt=F("exposed_at"))
            ),
            models.CheckConstraint(
                name="learning_reviewcard_stability_positive", condition=Q(stability__gt=0)
            ),
            models.UniqueConstraint(
                fields=["enrolment", "question"],
                condition=Q(question__isnull=False),
                name="learning_reviewcard_question_unique",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "practice_key"],
                condition=Q(lesson__isnull=False),
                name="learning_reviewcard_practice_unique",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="learning_reviewcard_due")]

    def __str__(self) -> str:
        return str(self.public_id)


class ReviewAnswer(models.Model):
    """An answer in a review. It counts for nothing but when the question comes back.

    `form_id` is the id of the loaded page that it came with: all answers of one page are shown together.
    """

    card = models.ForeignKey(ReviewCard, models.CASCADE, related_name="answers")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, null=True, related_name="+")
    practice_question = models.ForeignKey(PracticeQuestion, models.PROTECT, null=True, related_name="+")
    form_id = models.UUIDField(null=True)
    response: "models.JSONField[Response, Response]" = models.JSONField()
    score = models.BigIntegerField(help_text="In hundred-thousandths of the points of the question.")
    right = models.BooleanField()
    happened_at = models.DateTimeField(_("answered on"))
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review answer")
        verbose_name_plural = _("review answers")
        constraints = [
            models.CheckConstraint(
                name="learning_reviewanswer_one_question",
                condition=Q(question_version__isnull=False, practice_question__isnull=True)
                | Q(question_version__isnull=True, practice_question__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_reviewanswer_not_after_arrival",
                condition=Q(happened_at__lte=F("received_at")),
            ),
            models.CheckConstraint(
                name="learning_reviewanswer_score_not_negative", condition=Q(score__gte=0)
            ),
        ]
        indexes = [models.Index(fields=["form_id"], name="learning_reviewanswer_form")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.happened_at:%Y-%m-%d}"


class ReviewRefresh(models.Model):
    """Until when what was learned in an enrolment is in its cards, and with the practice of which edition."""

    enrolment = models.OneToOneField("learning.Enrolment", models.CASCADE, related_name="review_refresh")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    refreshed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review refresh")
        verbose_name_plural = _("review refreshes")

    def __str__(self) -> str:
        return f"{self.enrolment_id}"
