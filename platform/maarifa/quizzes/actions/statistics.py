"""Computing what answers say about questions."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.quizzes.models import Attempt, ItemStatistics, Quiz, QuizStatistics
from maarifa.quizzes.statistics.items import item_rows
from maarifa.quizzes.statistics.quizzes import quiz_rows

_ITEM = ("quiz", "question_version", "language")
_ITEM_FIGURES = [
    field.name for field in ItemStatistics._meta.concrete_fields if field.name not in ("id", *_ITEM)
]
_QUIZ_FIGURES = [
    field.name for field in QuizStatistics._meta.concrete_fields if field.name not in ("id", "quiz_version")
]


def compute_statistics(*, quizzes: Iterable[Quiz] | None = None, at: datetime | None = None) -> int:
    """The statistics of these quizzes, or of all that were ever taken, as they stand now. Returns how many quizzes
    that were.

    Safe to run twice, twice at once, or to die anywhere: each quiz is written in one transaction, which replaces what
    was computed before, and all of it is computed again the next time. Figures of a question that no attempt that
    counts was asked any longer are deleted.
    """
    at = at or timezone.now()
    if quizzes is None:
        taken = Attempt.objects.submitted().order_by().values("quiz")
        quizzes = Quiz.objects.filter(pk__in=taken).order_by("pk")
    count = 0
    for quiz in quizzes:
        _compute(quiz, at)
        count += 1
    return count


def _compute(quiz: Quiz, at: datetime) -> None:
    # All reading comes first: on SQLite, a transaction that writes keeps everybody else from writing.
    items, versions = list(item_rows(quiz, at=at)), list(quiz_rows(quiz, at=at))
    with transaction.atomic():
        ItemStatistics.objects.bulk_create(
            items, update_conflicts=True, unique_fields=_ITEM, update_fields=_ITEM_FIGURES, batch_size=200
        )
        QuizStatistics.objects.bulk_create(
            versions, update_conflicts=True, unique_fields=["quiz_version"], update_fields=_QUIZ_FIGURES
        )
        ItemStatistics.objects.filter(quiz=quiz).exclude(computed_at=at).delete()
        QuizStatistics.objects.filter(quiz_version__quiz=quiz).exclude(computed_at=at).delete()
