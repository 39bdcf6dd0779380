"""What a learner answered last to a question for practice."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Lesson
from maarifa.quizzes.kinds import Response


class PracticeAnswer(models.Model):
    """The last answer of a learner to a question for practice, for this learner alone: nobody else is shown it.

    `question` is the digest of what was asked: an answer to what is no longer asked says nothing. Whether it is right
    is not stored: that follows from the question.
    """

    enrolment = models.ForeignKey("learning.Enrolment", models.PROTECT, related_name="practice_answers")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    question = models.CharField(max_length=64)
    response: "models.JSONField[Response, Response]" = models.JSONField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("practice answer")
        verbose_name_plural = _("practice answers")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "key"], name="learning_practiceanswer_unique"
            ),
            models.CheckConstraint(
                name="learning_practiceanswer_not_after_arrival",
                condition=Q(happened_at__lte=F("received_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.key
