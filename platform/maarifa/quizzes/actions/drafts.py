"""Taking drafts out of use."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.quizzes.models import (
    Bank,
    Question,
    Quiz,
)


def retire(*, rows: Iterable[Bank | Question | Quiz], at: datetime | None = None) -> int:
    """Take banks, questions or quizzes out of use; what was published with them stays. Returns how many were in
    use. Row by row, so that history knows.
    """
    return _set_retired([row for row in rows if row.retired_at is None], at or timezone.now())


def bring_back(*, rows: Iterable[Bank | Question | Quiz]) -> int:
    """Undo `retire`. Returns how many were retired."""
    return _set_retired([row for row in rows if row.retired_at is not None], None)


def _set_retired(rows: list[Bank | Question | Quiz], at: datetime | None) -> int:
    with transaction.atomic():
        for row in rows:
            row.retired_at = at
            row.save(update_fields=["retired_at"])
    return len(rows)
