"""From answers to a score. Pure: nothing is read from anywhere but what is loaded, and the same answers always give the
same score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import POINT, Response, kind_named
from maarifa.quizzes.models import GradingRule, QuestionVersion
from maarifa.quizzes.stored import Key, RuleData


@dataclass(frozen=True)
class Result:
    """`scores` in the order of the questions, None for one that does not count; all in hundred-thousandths of a
    point.
    """

    scores: tuple[int | None, ...]
    score: int
    maximum: int
    passed: bool


def grade(answers: Iterable[tuple[QuestionVersion, Response | None]], *, pass_percent: int) -> Result:
    """What an attempt is worth. A question without an answer counts zero, and counts in the maximum.

    A question that a regrade dropped counts in neither; where its rule is gentle, it counts if that makes the share of
    points larger. Of an attempt that asked nothing else, the last question counts, with all of its points.
    """
    answers = list(answers)
    versions = [version for version, _ in answers]
    rules = [rule_of(version) for version in versions]
    scores = [grade_by(version, rule, answer) for (version, answer), rule in zip(answers, rules, strict=True)]
    counted = _after_dropping(versions, rules, scores)
    best = maximum(version for version, score in zip(versions, counted, strict=True) if score is not None)
    total = sum(score or 0 for score in counted)
    return Result(tuple(counted), total, best, is_pass(total, best, pass_percent))


def grade_one(version: QuestionVersion, response: Response | None) -> int:
    """By the version's rule, if a regrade made one; else by its own key."""
    return grade_by(version, rule_of(version), response)


def grade_by(version: QuestionVersion, rule: RuleData | None, response: Response | None) -> int:
    """What an answer earns under this rule, if the question counts at all."""
    if rule and rule["method"] == "everyone":
        return version.points * POINT
    if response is None:
        return 0
    kind = kind_named(version.kind)
    own = kind.grade(version.structure, version.points, response, version.texts) if own_key_holds(rule) else 0
    return max([own, *(by_key(version, key, response) for key in (rule["keys"] if rule else ()))])


def by_key(version: QuestionVersion, key: Key, response: Response) -> int:
    """What an answer earns by another key than the version's own; 0 where the key's question cannot be answered so.

    It is read by the words of the version, which are what the learner saw.
    """
    kind = kind_named(version.kind)
    try:
        answer = kind.read(key["structure"], response, version.texts)
    except AnswerError:
        return 0
    return 0 if answer is None else kind.grade(key["structure"], version.points, answer, key["texts"])


def own_key_holds(rule: RuleData | None) -> bool:
    return rule is None or rule["own_key"]


def rule_of(version: QuestionVersion) -> RuleData | None:
    """How this version is graded since its key was corrected; None where its own key holds. A query, unless
    `grading_rule` was selected with the version.
    """
    row: GradingRule | None = getattr(version, "grading_rule", None)
    return row.rule if row else None


def maximum(versions: Iterable[QuestionVersion]) -> int:
    return sum(version.points for version in versions) * POINT


def is_pass(score: int, maximum: int, pass_percent: int) -> bool:
    """Compared in whole numbers: exactly the pass mark passes, a hundred-thousandth less does not."""
    return score * 100 >= maximum * pass_percent


def _after_dropping(
    versions: Sequence[QuestionVersion], rules: Sequence[RuleData | None], scores: Sequence[int]
) -> list[int | None]:
    """The scores, None for what does not count."""
    dropped = [place for place, rule in enumerate(rules) if rule and rule["method"] == "drop"]
    if not dropped:
        return list(scores)
    if len(dropped) == len(scores):
        # As `AttemptGrade.with_question` leaves it when the others are dropped before.
        return [*[None] * (len(versions) - 1), versions[-1].points * POINT]
    counted: list[int | None] = list(scores)
    for place in dropped:
        if (rule := rules[place]) and rule["lower"]:
            counted[place] = None
    total = sum(score or 0 for score in counted)
    best = maximum(version for version, score in zip(versions, counted, strict=True) if score is not None)
    gentle = [place for place in dropped if counted[place] is not None]
    # The least earned goes first: then each one that goes makes the share no smaller, and one that stays keeps it.
    for place in sorted(gentle, key=lambda place: scores[place] / versions[place].points):
        score, points = scores[place], versions[place].points * POINT
        if score * best <= total * points:
            counted[place], total, best = None, total - score, best - points
    return counted


@dataclass(frozen=True, slots=True)
class AttemptGrade:
    """An attempt that was graded, and one of its questions: `question` is the score of it, None where it does not
    count, and `question_best` what it can earn. Scores in hundred-thousandths of a point.
    """

    score: int
    maximum: int
    passed: bool
    pass_percent: int
    question: int | None
    question_best: int

    def with_question(self, question: int | None) -> "AttemptGrade":
        """With another score for the question. If nothing else counts, a dropped question earns all its points."""
        score = self.score - (self.question or 0)
        best = self.maximum - (0 if self.question is None else self.question_best)
        if question is None and best == 0:
            question = self.question_best
        if question is not None:
            score, best = score + question, best + self.question_best
        passed = is_pass(score, best, self.pass_percent)
        return replace(self, score=score, maximum=best, passed=passed, question=question)

    def is_below(self, other: "AttemptGrade") -> bool:
        """Whether its share of the points is smaller."""
        return self.score * other.maximum < other.score * self.maximum

    @property
    def failed_by_the_question(self) -> bool:
        """Not passed, and passed with all the points of the question."""
        return not self.passed and self.with_question(self.question_best).passed


def graded_again(
    before: AttemptGrade, version: QuestionVersion, rule: RuleData, response: Response | None
) -> AttemptGrade:
    """The grade of an attempt after its question is graded by this rule.

    Unless the rule says `lower`, the share of points never falls, and what was passed stays passed. Graded once more by
    the same rule, it stays as it is.
    """
    drops = rule["method"] == "drop"
    after = before.with_question(None if drops else grade_by(version, rule, response))
    if rule["lower"]:
        return after
    if after.is_below(before):
        return before
    return replace(after, passed=after.passed or before.passed)
