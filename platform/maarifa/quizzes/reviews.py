"""What a learner is told: before an attempt its terms, after it the review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import Kind, Reviewed, kind_named
from maarifa.quizzes.models import Attempt, QuizVersion
from maarifa.quizzes.words import Words, words_for

# Before: terms ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """Where a learner stands with a quiz.

    A later version of the quiz may ease the terms that a learner has started under, never harden them: of the
    two numbers of attempts the larger holds, of the two waits the shorter, of the two marks the lower.
    """

    attempts: int
    made: int
    wait_minutes: int
    pass_percent: int
    draw: int
    minutes: int
    passed: bool
    next_at: datetime | None
    """From when the next attempt is allowed, where that is not now; None too where there is none."""
    open_attempt: Attempt | None
    best: Attempt | None
    """The submitted attempt with the best share of its maximum."""
    last_number: int

    @property
    def left(self) -> int:
        return max(0, self.attempts - self.made)

    @property
    def may_start(self) -> bool:
        """True where a new attempt may begin now."""
        return self.open_attempt is None and not self.passed and self.left > 0 and self.next_at is None


def terms(*, learner: User, quiz_version: QuizVersion, at: datetime | None = None) -> Terms:
    """Where this learner stands with this quiz, all of its versions counted. One query."""
    return terms_of_quizzes(learner=learner, quiz_versions=[quiz_version], at=at)[quiz_version.quiz_id]


def terms_of_quizzes(
    *, learner: User, quiz_versions: Sequence[QuizVersion], at: datetime | None = None
) -> dict[int, Terms]:
    """As `terms` for several quizzes, by the id of the quiz. One query for all."""
    made: dict[int, list[Attempt]] = {version.quiz_id: [] for version in quiz_versions}
    for attempt in Attempt.objects.filter(learner=learner, quiz__in=made).order_by("number"):
        made[attempt.quiz_id].append(attempt)
    at = at or timezone.now()
    return {version.quiz_id: _terms(version.rules, made[version.quiz_id], at) for version in quiz_versions}


def _terms(rules: Mapping, attempts: list[Attempt], at: datetime) -> Terms:
    submitted = [attempt for attempt in attempts if not attempt.is_open]
    allowed = max([rules["attempts"], *(attempt.terms["attempts"] for attempt in attempts)])
    passed = any(attempt.counts_as_passed for attempt in submitted)
    wait, next_at = rules["wait_minutes"], None
    if submitted:
        wait = min(wait, submitted[-1].terms["wait_minutes"])
        # From arrival: the result is known from then on, and a phone's clock cannot shorten the wait.
        until = submitted[-1].arrived_at + timedelta(minutes=wait)
        if until > at and len(submitted) < allowed and not passed:
            next_at = until
    return Terms(
        attempts=allowed,
        made=len(submitted),
        wait_minutes=wait,
        pass_percent=min([rules["pass_percent"], *(attempt.terms["pass_percent"] for attempt in attempts)]),
        draw=rules["draw"],
        minutes=rules["minutes"],
        passed=passed,
        next_at=next_at,
        open_attempt=next((attempt for attempt in attempts if attempt.is_open), None),
        best=max(submitted, key=lambda attempt: attempt.score / attempt.maximum, default=None),
        last_number=attempts[-1].number if attempts else 0,
    )


# After: the review ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewedQuestion:
    position: int
    kind: Kind
    stem: str
    words: Words
    answered: bool
    right: bool
    score: int
    maximum: int
    reviewed: Reviewed | None
    """What was chosen and what is said about it; None where the bank is secret."""
    lesson_key: str
    lesson_url: str

    @property
    def partly_right(self) -> bool:
        return 0 < self.score < self.maximum


@dataclass(frozen=True)
class Review:
    """An attempt looked back upon.

    `reveals` is false for exams: their questions are asked again, so that only the sum and the lessons to
    read again are told. `reveals_answers` says whether right choices that the learner didn't make are named:
    not while another attempt is open to the learner, who would otherwise learn the key instead of the matter.
    """

    attempt: Attempt
    questions: tuple[ReviewedQuestion, ...]
    reveals: bool
    reveals_answers: bool

    @property
    def right(self) -> int:
        return sum(question.right for question in self.questions)

    def lessons_to_reread(self, order: Iterable[str] = ()) -> list[str]:
        """The lessons behind answers that were not right, each once: in the order of the course where it is
        given, which also leaves out lessons that the course no longer has.
        """
        missed = dict.fromkeys(
            question.lesson_key for question in self.questions if question.lesson_key and not question.right
        )
        order = list(order)
        return [key for key in order if key in missed] if order else list(missed)


def review(
    attempt: Attempt,
    language: str,
    *,
    attempts_left: bool | None = None,
    lesson_urls: Mapping[str, str] | None = None,
) -> Review:
    """What may be said about a submitted attempt, in the language where there are words in it. One query, and
    two more where `attempt.quiz.bank` is not loaded.

    `attempts_left`: whether the learner may try again, as `terms` knows; without it, what the attempt itself
    knows. `lesson_urls`: where the lessons are, by key.
    """
    if attempt.is_open:
        raise ValueError("an open attempt has no review")
    reveals = attempt.quiz.bank.kind != BankKind.EXAM
    if attempts_left is None:
        attempts_left = attempt.number < attempt.terms["attempts"]
    rows = attempt.questions.select_related("question_version").order_by("position")
    return Review(
        attempt=attempt,
        questions=tuple(_reviewed(row, language, reveals, lesson_urls or {}) for row in rows),
        reveals=reveals,
        reveals_answers=reveals and (attempt.counts_as_passed or not attempts_left),
    )


def _reviewed(row, language: str, reveals: bool, lesson_urls: Mapping[str, str]) -> ReviewedQuestion:
    version = row.question_version
    kind = kind_named(version.kind)
    words = words_for(version, language)
    best = kind.maximum(version.points)
    return ReviewedQuestion(
        position=row.position,
        kind=kind,
        stem=words.words["stem"],
        words=words,
        answered=row.response is not None,
        right=row.score == best,
        score=row.score,
        maximum=best,
        reviewed=kind.review(version.structure, words.words, row.choice_order, row.response, words.language)
        if reveals
        else None,
        lesson_key=version.lesson_key,
        lesson_url=lesson_urls.get(version.lesson_key, ""),
    )
