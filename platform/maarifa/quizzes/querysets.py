"""Sets of attempts."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from maarifa.quizzes.models import Attempt  # noqa: F401 - a string below names it


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def submitted(self) -> Self:
        return self.filter(submitted_at__isnull=False)

    def passed(self) -> Self:
        """Attempts that count as passed: what came late does so once it is accepted."""
        return self.filter(passed=True, late__in=self.model.COUNTED)
