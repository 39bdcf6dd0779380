"""The table that orders what a module holds, whatever its kind: a row says where something stands."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from maarifa.lib.constraints import CompositeForeignKey

if TYPE_CHECKING:
    from maarifa.curriculum.models import Lesson
    from maarifa.quizzes.models import Quiz

KINDS = ("lesson", "quiz")
"""The columns that say what stands somewhere, each named for its kind: see `curriculum.activities`."""


class Activity(models.Model):
    """A place in the order of a module. Of the columns of `KINDS` exactly one is filled: what stands there.

    What is retired keeps its place, and comes back to it. A quiz that a course file no longer names loses it.
    """

    course = models.ForeignKey(
        "curriculum.Course", models.PROTECT, related_name="activities", verbose_name=_("course")
    )
    module = models.ForeignKey(
        "curriculum.Module", models.PROTECT, related_name="activities", verbose_name=_("module")
    )
    position = models.PositiveIntegerField(_("position"))
    lesson = models.OneToOneField(
        "curriculum.Lesson",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activity",
        verbose_name=_("lesson"),
    )
    quiz = models.OneToOneField(
        "quizzes.Quiz",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activity",
        verbose_name=_("quiz"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["course", "module__position", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="curriculum_activity_one_content",
                condition=reduce(
                    or_,
                    (Q(**{f"{name}__isnull": name != kind for name in KINDS}) for kind in KINDS),
                ),
            ),
            CompositeForeignKey(
                field="module",
                mine="course",
                theirs="course",
                name="curriculum_activity_module_of_its_course",
            ),
            CompositeForeignKey(
                field="lesson",
                mine="course",
                theirs="course",
                name="curriculum_activity_lesson_of_its_course",
            ),
        ]

    def __str__(self) -> str:
        return str(self.content)

    @property
    def kind(self) -> str:
        """The kind of what stands here, as `curriculum.activities` knows it."""
        return next(kind for kind in KINDS if getattr(self, f"{kind}_id") is not None)

    @property
    def key(self) -> str:
        """By what the course names it."""
        return self.content.own_key

    @property
    def content_id(self) -> int:
        content_id: int = getattr(self, f"{self.kind}_id")
        return content_id

    @property
    def content(self) -> "Lesson | Quiz":
        """What stands here: the lesson, or the quiz."""
        content: Lesson | Quiz = getattr(self, self.kind)
        return content
