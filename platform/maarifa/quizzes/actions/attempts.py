"""One learner's way through an attempt."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.actions.answers import answers_of, moment_of, store
from maarifa.quizzes.eligibility import eligibility
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.grading import Result, grade, maximum
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import (
    Attempt,
    AttemptQuestion,
    QuestionVersion,
    QuizVersion,
)
from maarifa.quizzes.sampling import new_seed, order_of_choices, sample
from maarifa.quizzes.stored import AttemptRules, time_allowed


def start_attempt(
    *,
    learner: User,
    quiz_version: QuizVersion,
    language: str,
    deadline: datetime | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    extra_percent: int = 0,
    at: datetime | None = None,
) -> Attempt:
    """Questions drawn for this learner, under rules that hold from now on.

    A time limit is longer by `extra_percent` for this learner, and no attempt goes on after `closes_at`. An open
    attempt at the quiz, of whichever version, is returned instead of a second one. Refuses ALREADY_PASSED,
    ATTEMPTS_USED (attempts), WAIT (until), QUIZ_NOT_OPEN (until) and QUIZ_CLOSED.
    """
    at = at or timezone.now()
    stands = eligibility(learner=learner, quiz_version=quiz_version, at=at)
    if stands.open_attempt:
        return stands.open_attempt
    if stands.passed:
        raise QuizError("ALREADY_PASSED")
    if stands.used_all:
        raise QuizError("ATTEMPTS_USED", attempts=stands.allowed)
    if stands.next_at:
        raise QuizError("WAIT", until=stands.next_at)
    if opens_at and at < opens_at:
        raise QuizError("QUIZ_NOT_OPEN", until=opens_at)
    if closes_at and closes_at <= at:
        raise QuizError("QUIZ_CLOSED")

    pool = {
        version.question.key: version
        for version in QuestionVersion.objects.filter(quiz_versions=quiz_version).select_related("question")
    }
    seed = new_seed()
    drawn = sample(seed, pool, quiz_version.rules["draw"], quiz_version.rules.get("cells", ()))
    rules = AttemptRules(
        pass_percent=stands.pass_percent,
        attempts=stands.attempts,
        wait_minutes=quiz_version.rules["wait_minutes"],
        deadline=deadline.isoformat() if deadline else None,
    )
    if closes_at:
        rules["closes_at"] = closes_at.isoformat()
    if "review" in quiz_version.rules:
        rules["review"] = quiz_version.rules["review"]
    limit = quiz_version.rules.get("time_limit")
    if limit:
        rules |= {"time_limit": limit, "extra_percent": extra_percent}
    attempt = Attempt(
        learner=learner,
        quiz_id=quiz_version.quiz_id,
        quiz_version=quiz_version,
        number=stands.last_number + 1,
        seed=seed,
        language=language,
        rules=rules,
        started_at=at,
        ends_at=end_of_time(rules, started_at=at, closes_at=closes_at),
        maximum=maximum(pool[key] for key in drawn),
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            AttemptQuestion.objects.bulk_create(
                AttemptQuestion(
                    attempt=attempt,
                    position=position,
                    question_version=pool[key],
                    choice_order=_choice_order(seed, key, pool[key]),
                )
                for position, key in enumerate(drawn, start=1)
            )
    except IntegrityError:
        # Two clicks at once: the other one's attempt is the attempt.
        open_attempt = Attempt.objects.open().filter(learner=learner, quiz=quiz_version.quiz_id).first()
        if open_attempt is None:
            raise
        return open_attempt
    return attempt


def end_of_time(rules: AttemptRules, *, started_at: datetime, closes_at: datetime | None) -> datetime | None:
    """When the time of an attempt is over: its limit and what comes on top, but not after the quiz closes."""
    limit = rules.get("time_limit")
    ends = [closes_at] if closes_at else []
    if limit:
        ends.append(started_at + timedelta(minutes=time_allowed(limit, rules.get("extra_percent", 0))))
    return min(ends, default=None)


def _choice_order(seed: int, key: str, version: QuestionVersion) -> list[str]:
    kind = kind_named(version.kind)
    shuffled = order_of_choices(
        seed, key, kind.choice_keys(version.structure), kind.last_keys(version.structure)
    )
    return kind.order(version.structure, shuffled)


def submit_attempt(
    *,
    attempt: Attempt,
    responses: Mapping[str, object],
    happened_at: datetime,
    at: datetime | None = None,
    late: bool = False,
    rows: Iterable[AttemptQuestion] | None = None,
    bases: Mapping[str, object] | None = None,
    form_id: UUID | None = None,
) -> Attempt:
    """Grade the attempt on the answers kept so far and these; what has no answer counts zero.

    Of any number of submissions the first one counts: later ones change nothing and return its result. `late` marks
    the result as awaiting a decision. Refuses with TIME_OVER and an `AnswerError` as `save_answers`, and then nothing
    is kept; and with CONFLICT (conflicts, as in `Saved`), and then nothing is submitted while the other answers are
    kept. `rows`, `bases`, `form_id`: as there.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        return attempt
    if attempt.time_is_over(at):
        raise QuizError("TIME_OVER")
    answers = answers_of(attempt, responses, rows, bases, form_id)
    moment = moment_of(attempt, happened_at, at)
    conflicts: dict[str, Response | None] = {}
    with transaction.atomic(savepoint=False):
        # The first statement takes the attempt's row: whoever saves or submits after us finds it closed. What
        # it writes for a score is replaced before anyone can read it.
        closing: dict[str, datetime | str] = {
            "submitted_at": moment,
            "saved_at": at,
            "late": Attempt.Late.AWAITING if late else Attempt.Late.NO,
        }
        open_still = Attempt.objects.open().filter(pk=attempt.pk)
        won = open_still.update(**closing, score=0, passed=False)
        if won:
            conflicts = store(answers, moment).conflicts
        if conflicts:
            # Known for sure only now that the row is ours; nobody has seen it closed.
            Attempt.objects.filter(pk=attempt.pk).update(
                submitted_at=None, late=Attempt.Late.NO, score=None, passed=None
            )
        elif won:
            result = _grade(attempt)
            for name, value in closing.items():
                setattr(attempt, name, value)
            attempt.score, attempt.passed = result.score, result.passed
    if conflicts:
        attempt.saved_at = at
        raise QuizError("CONFLICT", conflicts=conflicts)
    if not won:
        attempt.refresh_from_db()
        if attempt.timed_out:
            raise QuizError("TIME_OVER")
    return attempt


def close_attempt(*, attempt: Attempt, moment: datetime, late: bool) -> bool:
    """Ends a timed attempt with its saved answers, as submitted at this moment. `late` as in `submit_attempt`. True
    where this call did it.
    """
    with transaction.atomic(savepoint=False):
        closing = {
            "submitted_at": moment,
            "timed_out": True,
            "late": Attempt.Late.AWAITING if late else Attempt.Late.NO,
            "score": 0,
            "passed": False,
        }
        closed = Attempt.objects.open().filter(pk=attempt.pk, ends_at=attempt.ends_at).update(**closing)
        if closed:
            _grade(attempt)
    attempt.refresh_from_db()
    return closed == 1


def decide_late(*, attempt: Attempt, accept: bool) -> bool:
    """An attempt that came late counts, or not. True where this call decided it."""
    verdict = Attempt.Late.ACCEPTED if accept else Attempt.Late.REFUSED
    with transaction.atomic():
        waiting = Attempt.objects.filter(pk=attempt.pk, late=Attempt.Late.AWAITING)
        decided = waiting.update(late=verdict) == 1
        attempt.refresh_from_db()
    return decided


def grade_again(attempt: Attempt) -> None:
    """The scores of a submitted attempt, by the answers that stand now. Who had passed has passed. Its row is ours."""
    had_passed = attempt.passed
    _grade(attempt)
    if had_passed:
        Attempt.objects.filter(pk=attempt.pk).update(passed=True)
    attempt.refresh_from_db()


def _grade(attempt: Attempt) -> Result:
    """Write the scores, and return them. The attempt's row is ours."""
    # Read again: an answer may have been saved between our reading and our taking of the attempt. The rules of regrades
    # come with the versions, in the same query.
    asked = AttemptQuestion.objects.filter(attempt_id=attempt.pk)
    rows = list(asked.select_related("question_version__grading_rule"))
    answers = ((row.question_version, row.response) for row in rows)
    graded = grade(answers, pass_percent=attempt.rules["pass_percent"])
    for row, score in zip(rows, graded.scores, strict=True):
        row.score, row.dropped = score, score is None
    AttemptQuestion.objects.bulk_update(rows, ["score", "dropped"])
    Attempt.objects.filter(pk=attempt.pk).update(
        score=graded.score, maximum=graded.maximum, passed=graded.passed
    )
    attempt.maximum = graded.maximum
    return graded
