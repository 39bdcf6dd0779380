"""Who may try a quiz, when, and how often. The one place that says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.models import Attempt, AttemptGrant, QuizVersion
from maarifa.quizzes.stored import AttemptRules, QuizRules

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Grants(TypedDict):
        granted: int

    AttemptWithGrants: TypeAlias = WithAnnotations[Attempt, _Grants]

LONGEST_WAIT = 24 * 60
"""Minutes beyond which a growing wait grows no more, unless the quiz's own wait is longer than that already."""


@dataclass(frozen=True)
class Rules:
    """What a version of a quiz, or an attempt that was started under it, says of further attempts."""

    pass_percent: int
    attempts: int | None
    """None: any number."""
    wait_minutes: int

    @classmethod
    def of(cls, rules: AttemptRules | QuizRules) -> "Rules":
        return cls(rules["pass_percent"], rules["attempts"], rules["wait_minutes"])

    def wait_after(self, failed: int) -> int | None:
        """Minutes between the latest of so many failed attempts and the next one; None where there is no next one.

        Where attempts are counted, each wait is the same. Where they are not, the wait doubles with each failed
        attempt, up to a day: 60, 120, 240, 480, 960, 1,440, 1,440 …
        """
        if self.attempts is not None:
            return self.wait_minutes if failed < self.attempts else None
        doubled: int = self.wait_minutes * 2 ** min(max(failed - 1, 0), 11)
        return min(doubled, max(self.wait_minutes, LONGEST_WAIT))


@dataclass(frozen=True)
class Eligibility:
    """Where a learner stands with a quiz.

    A later version of the quiz may ease the rules that a learner has started under, never harden them: of the numbers
    of attempts the largest holds, of the waits the shortest, of the marks the lowest. Attempts that were granted come
    on top of all of them, and need no wait.
    """

    attempts: int | None
    """How many the rules allow, without those granted; None where there is no limit."""
    granted: int
    submissions: int
    wait_minutes: int
    """The wait before the next attempt, or before the second one where there was none."""
    pass_percent: int
    passed: bool
    awaiting: bool
    """An attempt came late, and nobody has decided yet whether it counts."""
    next_at: datetime | None
    """From when the next attempt is allowed, where that is not now; None too where there is none."""
    open_attempt: Attempt | None
    best: Attempt | None
    """The submitted attempt with the best share of its maximum."""
    last: Attempt | None
    """The latest that was submitted."""
    last_number: int

    @property
    def allowed(self) -> int | None:
        """How many attempts there are together, those granted too; None where there is no limit."""
        return None if self.attempts is None else self.attempts + self.granted

    @property
    def wait_grows(self) -> bool:
        """True where each further failed attempt makes the wait longer."""
        return self.attempts is None and self.wait_minutes < LONGEST_WAIT

    @property
    def left(self) -> int | None:
        """How many more attempts may be started; None where there is no limit."""
        return None if self.allowed is None else max(0, self.allowed - self.submissions)

    @property
    def used_all(self) -> bool:
        """True where no attempt is left, none is open, and the quiz is not passed: somebody must grant one."""
        return self.left == 0 and self.open_attempt is None and not self.passed

    @property
    def has_grant(self) -> bool:
        """True where an attempt is left only because somebody granted it."""
        if self.attempts is None or not self.left:
            return False
        return not self.passed and self.submissions >= self.attempts

    @property
    def may_start(self) -> bool:
        """True where a new attempt may begin now."""
        return self.open_attempt is None and not self.passed and self.left != 0 and self.next_at is None

    @property
    def may_try_again(self) -> bool:
        """True while an attempt is open, or one may begin, now or later."""
        return self.open_attempt is not None or (not self.passed and self.left != 0)

    @property
    def is_locked(self) -> bool:
        """True where the quiz is still to be passed, and cannot be tried now."""
        return not self.passed and self.open_attempt is None and not self.may_start


def eligibility(*, learner: User, quiz_version: QuizVersion, at: datetime | None = None) -> Eligibility:
    """Where this learner stands with this quiz, all of its versions counted. One query."""
    rules = {quiz_version.quiz_id: Rules.of(quiz_version.rules)}
    return eligibility_by_quiz(learner=learner, rules=rules, at=at)[quiz_version.quiz_id]


def eligibility_by_quiz(
    *, learner: User, rules: Mapping[int, Rules], at: datetime | None = None
) -> dict[int, Eligibility]:
    """As `eligibility` for several quizzes: `rules` of each as they are now, by its id. One query for all."""
    attempts = attempts_with_grants().filter(learner=learner, quiz__in=list(rules)).order_by("number")
    return eligibility_from(rules=rules, attempts=attempts, at=at)


def attempts_with_grants() -> "QuerySet[AttemptWithGrants]":
    """Attempts, each with `granted`: how many further ones its learner was granted at its quiz."""
    grants = AttemptGrant.objects.filter(learner=OuterRef("learner"), quiz=OuterRef("quiz"))
    counted = grants.order_by().values("quiz").annotate(number=Count("pk")).values("number")
    # mypy's plugin takes every annotation for Any.
    return Attempt.objects.annotate(granted=Coalesce(Subquery(counted), 0))  # type: ignore[return-value]


def eligibility_from(
    *, rules: Mapping[int, Rules], attempts: "Iterable[AttemptWithGrants]", at: datetime | None = None
) -> dict[int, Eligibility]:
    """As `eligibility_by_quiz`, from one learner's `attempts_with_grants` in the order of their numbers. No query."""
    attempts_of: dict[int, list[AttemptWithGrants]] = {quiz: [] for quiz in rules}
    for attempt in attempts:
        attempts_of[attempt.quiz_id].append(attempt)
    at = at or timezone.now()
    return {quiz: _eligibility(quiz_rules, attempts_of[quiz], at) for quiz, quiz_rules in rules.items()}


def _eligibility(now: Rules, attempts: "Sequence[AttemptWithGrants]", at: datetime) -> Eligibility:
    submitted = [attempt for attempt in attempts if not attempt.is_open]
    open_attempt = next((attempt for attempt in attempts if attempt.is_open), None)
    rules = [now, *(Rules.of(attempt.rules) for attempt in attempts)]
    counted = [one.attempts for one in rules if one.attempts is not None]
    passed = any(attempt.counts_as_passed for attempt in submitted)
    waits = [wait for one in rules if (wait := one.wait_after(max(len(submitted), 1))) is not None]
    # From arrival: the result is known from then on, and a phone's clock cannot shorten the wait.
    arrived_at = submitted[-1].arrived_at if submitted else None
    until = arrived_at + timedelta(minutes=min(waits)) if arrived_at and waits else at
    return Eligibility(
        attempts=max(counted) if len(counted) == len(rules) else None,
        granted=attempts[0].granted if attempts else 0,
        submissions=len(submitted),
        wait_minutes=min(waits, default=0),
        pass_percent=min(one.pass_percent for one in rules),
        passed=passed,
        awaiting=any(attempt.late == Attempt.Late.AWAITING for attempt in submitted),
        next_at=until if until > at and not passed and open_attempt is None else None,
        open_attempt=open_attempt,
        best=max(submitted, key=lambda attempt: (attempt.score or 0) / attempt.maximum, default=None),
        last=submitted[-1] if submitted else None,
        last_number=attempts[-1].number if attempts else 0,
    )
