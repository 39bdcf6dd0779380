"""The figures of the versions of a quiz."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Avg, Case, Count, F, FloatField, Sum, Value, When
from django.db.models.functions import Cast

from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import LEAST_ANSWERS, Quiz, QuizStatistics, QuizVersion
from maarifa.quizzes.statistics.answers import counted_attempts, graded
from maarifa.quizzes.statistics.formulas import Moments, Pair, reliability, standard_error


def quiz_rows(quiz: Quiz, *, at: datetime) -> Iterator[QuizStatistics]:
    """A row for each version with an attempt that counts; not saved. Two queries, and one for each version."""
    versions = {version.pk: version for version in QuizVersion.objects.filter(quiz=quiz)}
    share = Cast("score", FloatField()) / Cast("maximum", FloatField())
    passed = Case(When(passed=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    sums = (
        counted_attempts(quiz)
        .order_by("quiz_version")
        .values("quiz_version")
        .annotate(attempts=Count("pk"), total=Sum(share), squares=Sum(share * share), pass_rate=Avg(passed))
    )
    for row in sums:
        version = versions[row["quiz_version"]]
        statistics = QuizStatistics(quiz_version=version, computed_at=at, attempts=row["attempts"])
        if row["attempts"] >= LEAST_ANSWERS:
            moments = Moments(row["attempts"], row["total"], row["squares"])
            statistics.mean, statistics.deviation = moments.mean, moments.deviation
            statistics.reliability = _reliability(version, row["attempts"])
            statistics.error = standard_error(statistics.deviation, statistics.reliability)
            statistics.passed = row["pass_rate"]
        yield statistics


def _reliability(version: QuizVersion, attempts: int) -> float | None:
    """See `formulas.reliability`. The pairs are counted by the database, two questions of the pool a row."""
    answers = graded(version.quiz).filter(attempt__quiz_version=version).order_by()
    first = Cast("score", FloatField()) / Value(float(POINT))
    second = Cast("attempt__questions__score", FloatField()) / Value(float(POINT))
    pairs = (
        answers.filter(
            attempt__questions__question_version__gte=F("question_version"),
            attempt__questions__score__isnull=False,
        )
        .values("question_version", "attempt__questions__question_version")
        .annotate(count=Count("pk"), first=Sum(first), second=Sum(second), products=Sum(first * second))
        .values_list(
            *("question_version", "attempt__questions__question_version"),
            *("count", "first", "second", "products"),
        )
    )
    variances: list[Pair] = []
    covariances: list[Pair] = []
    for one, other, *sums in pairs.iterator():
        (variances if one == other else covariances).append(Pair(*sums))
    # As many as the version asks, unless some do not count any longer.
    asked = sum(one.count for one in variances) / attempts
    return reliability(variances, covariances, asked=asked)
