"""The questions for practice in lessons, as they were published: for who asks them outside their lesson."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maarifa.lib.append_only import AppendOnly
from maarifa.quizzes.kinds import StructureData, TextsData, kind_choices


class PracticeQuestion(AppendOnly):
    """A question for practice in the document of a lesson, in the terms of its kind. Its answer is public.

    `key` is its own in the lesson, the same in every language. What the document itself shows of it is HTML.
    """

    document = models.ForeignKey("curriculum.Document", models.PROTECT, related_name="practice_questions")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=kind_choices)
    structure: "models.JSONField[StructureData, StructureData]" = models.JSONField()
    texts: "models.JSONField[TextsData, TextsData]" = models.JSONField()

    class Meta:
        verbose_name = _("practice question")
        verbose_name_plural = _("practice questions")
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="curriculum_practicequestion_unique")
        ]

    def __str__(self) -> str:
        return self.key
