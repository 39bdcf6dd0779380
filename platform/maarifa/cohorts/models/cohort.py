"""Cohorts."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum.models import Course, Edition
from maarifa.institutions.models import Institution, Unit
from maarifa.learning.stored import QuizDates
from maarifa.lib.fields import LineField, public_id


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: User) -> Self:
        """Cohorts of the units where the person is on the staff."""
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def managed_by(self, user: User) -> Self:
        """Cohorts of the units where the person is a coordinator."""
        return self.filter(unit__in=Unit.objects.managed_by(user))

    def current(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def for_page(self) -> Self:
        """With what a page names: unit, institution and course."""
        return self.select_related("unit__institution", "course")


class Cohort(models.Model):
    """People of one unit who take a course together, on common terms. `quiz_dates` are by the key of the quiz."""

    public_id = public_id()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cohorts")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    name = LineField(_("name"), max_length=200)
    language = models.CharField(_("course language"), max_length=15)
    held_edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_zone = models.CharField(max_length=60, blank=True)
    due_local = models.CharField(max_length=19, blank=True)
    quiz_dates: "models.JSONField[dict[str, QuizDates], dict[str, QuizDates]]" = models.JSONField(
        default=dict, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CohortQuerySet.as_manager()

    # Set by `queries.find_cohort`: whether who asks may change it.
    managed: bool

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="cohorts_cohort_name_unique"),
            models.CheckConstraint(
                name="cohorts_cohort_due_has_zone",
                condition=Q(due_at__isnull=True, due_zone="", due_local="")
                | (Q(due_at__isnull=False) & ~Q(due_zone="") & ~Q(due_local="")),
            ),
            models.CheckConstraint(
                name="cohorts_cohort_opens_before_due",
                condition=Q(opens_at__isnull=True) | Q(due_at__isnull=True) | Q(opens_at__lt=F("due_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def institution(self) -> Institution:
        return self.unit.institution

    @property
    def edition_id(self) -> int | None:
        """The edition that the group reads now: the one held to, or the course's current one."""
        return self.held_edition_id or self.course.current_edition_id

    @property
    def why_nobody_joins(self) -> str:
        """The code of what keeps anybody from joining now: RETIRED, INSTITUTION_RETIRED or NOT_PUBLISHED; "" where
        people can join.
        """
        if self.retired_at:
            return "RETIRED"
        if self.institution.retired_at:
            return "INSTITUTION_RETIRED"
        return "" if self.edition_id and not self.course.retired_at else "NOT_PUBLISHED"
