"""From answers to a score. Pure: nothing is read from anywhere, and the same answers always give the same
score.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maarifa.quizzes.kinds import POINT, Response, kind_named
from maarifa.quizzes.models import QuestionVersion


@dataclass(frozen=True)
class Result:
    """`scores` in the order of the questions; all in hundred-thousandths of a point."""

    scores: tuple[int, ...]
    score: int
    maximum: int
    passed: bool


def grade(answers: Iterable[tuple[QuestionVersion, Response | None]], *, pass_percent: int) -> Result:
    """What an attempt is worth. A question without an answer counts zero, and counts in the maximum."""
    answers = list(answers)
    scores = tuple(grade_one(version, response) for version, response in answers)
    best = maximum(version for version, _ in answers)
    return Result(scores, sum(scores), best, is_pass(sum(scores), best, pass_percent))


def grade_one(version: QuestionVersion, response: Response | None) -> int:
    if response is None:
        return 0
    return kind_named(version.kind).grade(version.structure, version.points, response, version.texts)


def maximum(versions: Iterable[QuestionVersion]) -> int:
    return sum(version.points for version in versions) * POINT


def is_pass(score: int, maximum: int, pass_percent: int) -> bool:
    """Compared in whole numbers: exactly the pass mark passes, a hundred-thousandth less does not."""
    return score * 100 >= maximum * pass_percent
