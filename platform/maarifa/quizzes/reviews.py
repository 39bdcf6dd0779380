"""What a learner is told after an attempt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from maarifa.quizzes.enums import BankKind, ReviewRule
from maarifa.quizzes.grading import by_key, rule_of
from maarifa.quizzes.kinds import AnyKind, Reviewed, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion
from maarifa.quizzes.stored import Key
from maarifa.quizzes.texts import LanguageTexts, texts_for


@dataclass(frozen=True)
class Corrected:
    """That the grading of a question was corrected: when, and what its author says of it. `again`: the attempt was
    graded before that. `everyone`: all learners got all the points.
    """

    at: datetime
    note: str
    again: bool
    everyone: bool


@dataclass(frozen=True)
class ReviewedQuestion:
    position: int
    kind: AnyKind
    stem: str
    texts: LanguageTexts
    answered: bool
    right: bool
    score: int
    maximum: int
    reviewed: Reviewed | None
    """What was chosen and what is said about it; None where it is not told, and where the key was wrong and none took
    its place.
    """
    lesson_key: str
    dropped: bool = False
    corrected: Corrected | None = None

    @property
    def explanation(self) -> str:
        explanation: str = self.texts.texts.get("explanation", "")
        return explanation

    @property
    def partly_right(self) -> bool:
        return 0 < self.score < self.maximum


@dataclass(frozen=True)
class Review:
    """An attempt looked back upon.

    `reveals` is false where only the sum and the lessons to read again are told: for exams, whose questions are asked
    again, and where the quiz's rule says so. `reveals_answers` says whether right choices that the learner didn't make
    are named, and the explanations with them: not while another attempt is open to the learner, who would otherwise
    learn the key instead of the matter.
    """

    attempt: Attempt
    is_exam: bool
    questions: tuple[ReviewedQuestion, ...]
    reveals: bool
    reveals_answers: bool

    @property
    def comes_later(self) -> bool:
        """True where answers will be told that are not told yet."""
        return not (self.is_exam or self.reveals) and _rule(self.attempt) is ReviewRule.AFTER_CLOSE

    @property
    def has_deadline(self) -> bool:
        return self.attempt.rules["deadline"] is not None

    @property
    def right(self) -> int:
        return sum(question.right for question in self.questions)

    def lessons_to_reread(self, order: Iterable[str] = ()) -> list[str]:
        """The lessons behind answers that were not right, each once: in the order of the course where it is
        given, which also leaves out lessons that the course no longer has.
        """
        missed = dict.fromkeys(
            question.lesson_key
            for question in self.questions
            if question.lesson_key and not question.right and not question.dropped
        )
        order = list(order)
        return [key for key in order if key in missed] if order else list(missed)


def review(
    attempt: Attempt,
    language: str,
    *,
    attempts_left: bool | None = None,
    closes_at: datetime | None = None,
    at: datetime | None = None,
) -> Review:
    """What may be said about a submitted attempt, in the language where there are words in it. One query, and
    two more where `attempt.quiz.bank` is not loaded.

    `attempts_left`: whether the learner may try again, as `eligibility` knows; without it, what the attempt itself
    knows. `closes_at`: when the quiz closes to the learner by now; where that is later than was said at its start,
    nothing is told before.
    """
    if attempt.is_open:
        raise ValueError("an open attempt has no review")
    is_exam = attempt.quiz.bank.kind == BankKind.EXAM
    if attempts_left is None:
        attempts = attempt.rules["attempts"]
        attempts_left = attempts is None or attempt.number < attempts
    is_over = attempt.counts_as_passed or not attempts_left
    rule = _rule(attempt)
    reveals = not is_exam and (
        rule is ReviewRule.ALL
        or (
            rule is ReviewRule.AFTER_CLOSE
            and (is_over or _is_closed(attempt, closes_at, at or timezone.now()))
        )
    )
    rows = attempt.questions.select_related("question_version__grading_rule__regrade").order_by("position")
    return Review(
        attempt=attempt,
        is_exam=is_exam,
        questions=tuple(_reviewed(attempt, row, language, reveals) for row in rows),
        reveals=reveals,
        reveals_answers=reveals and (is_over or rule is ReviewRule.AFTER_CLOSE),
    )


def _rule(attempt: Attempt) -> ReviewRule:
    return ReviewRule(attempt.rules.get("review", ReviewRule.ALL))


def _is_closed(attempt: Attempt, closes_at: datetime | None, at: datetime) -> bool:
    """Whether the quiz has closed, as the attempt was started and by now, or the deadline of the attempt is over."""
    deadline, at_start = attempt.rules["deadline"], attempt.rules.get("closes_at")
    closings = [closes_at, datetime.fromisoformat(at_start) if at_start else None]
    ends = (datetime.fromisoformat(deadline) if deadline else None, max(filter(None, closings), default=None))
    return any(end is not None and at > end for end in ends)


def _reviewed(attempt: Attempt, row: AttemptQuestion, language: str, reveals: bool) -> ReviewedQuestion:
    version = row.question_version
    kind = kind_named(version.kind)
    texts = texts_for(version, language)
    best = kind.maximum(version.points)
    key = _best_key(row)
    corrected = _corrected(attempt, row)
    has_key = not row.dropped and not (corrected and corrected.everyone)
    return ReviewedQuestion(
        position=row.position,
        kind=kind,
        stem=texts.texts["stem"],
        texts=texts,
        answered=row.response is not None,
        right=row.score == best,
        score=row.score or 0,
        maximum=best,
        reviewed=kind.review(
            key["structure"],
            key["texts"].get(texts.language, texts.texts),
            row.choice_order,
            row.response,
            texts.language,
            key["texts"],
        )
        if reveals and has_key
        else None,
        lesson_key=version.lesson_key,
        dropped=row.dropped,
        corrected=corrected,
    )


def _corrected(attempt: Attempt, row: AttemptQuestion) -> Corrected | None:
    rule = getattr(row.question_version, "grading_rule", None)
    if rule is None:
        return None
    at = rule.regrade.created_at
    again = attempt.arrived_at is not None and attempt.arrived_at < at
    return Corrected(at, rule.regrade.note, again, rule.rule["method"] == "everyone")


def _best_key(row: AttemptQuestion) -> Key:
    """The key by which the answer earned its score, with the texts that belong to it: the version's own, or one that a
    regrade added.
    """
    version, rule = row.question_version, rule_of(row.question_version)
    own = Key(structure=version.structure, texts=version.texts)
    if rule is None or not rule["keys"]:
        return own
    # Of keys by which it earned the same, the one that came last; of the version's own and another, the other.
    found = max(reversed(rule["keys"]), key=lambda key: _earned(row, key))
    if rule["own_key"]:
        kind = kind_named(version.kind)
        by_own = kind.grade(version.structure, version.points, row.response, version.texts)
        if by_own > _earned(row, found):
            return own
    return found


def _earned(row: AttemptQuestion, key: Key) -> int:
    return 0 if row.response is None else by_key(row.question_version, key, row.response)
