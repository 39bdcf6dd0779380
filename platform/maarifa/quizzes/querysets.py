"""Sets of attempts."""

from django.db import models


class AttemptQuerySet(models.QuerySet):
    def open(self):
        return self.filter(submitted_at__isnull=True)

    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def passed(self):
        """Attempts that count as passed: what came late does so once it is accepted."""
        return self.filter(passed=True, late__in=[self.model.Late.NO, self.model.Late.ACCEPTED])
