"""One learner's way through an attempt."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.drawing import draw, new_seed, order_of_choices
from maarifa.quizzes.grading import grade, maximum
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import (
    Attempt,
    AttemptQuestion,
    QuestionVersion,
    QuizVersion,
)
from maarifa.quizzes.refusals import AnswerRefusal, QuizRefusal
from maarifa.quizzes.reviews import terms as terms_for
from maarifa.quizzes.signals import attempt_graded


def start_attempt(
    *,
    learner: User,
    quiz_version: QuizVersion,
    language: str,
    deadline: datetime | None = None,
    at: datetime | None = None,
) -> Attempt:
    """Questions drawn for this learner, under terms that hold from now on.

    An open attempt at the quiz, of whichever version, is returned instead of a second one. Refuses
    ALREADY_PASSED, ATTEMPTS_USED (attempts) and WAIT (until).
    """
    at = at or timezone.now()
    terms = terms_for(learner=learner, quiz_version=quiz_version, at=at)
    if terms.open_attempt:
        return terms.open_attempt
    if terms.passed:
        raise QuizRefusal("ALREADY_PASSED")
    if not terms.left:
        raise QuizRefusal("ATTEMPTS_USED", attempts=terms.attempts)
    if terms.next_at:
        raise QuizRefusal("WAIT", until=terms.next_at)

    pool = {
        version.question.key: version
        for version in QuestionVersion.objects.filter(quiz_versions=quiz_version).select_related("question")
    }
    seed = new_seed()
    drawn = draw(seed, pool, quiz_version.rules["draw"], quiz_version.rules.get("cells", ()))
    attempt = Attempt(
        learner=learner,
        quiz_id=quiz_version.quiz_id,
        quiz_version=quiz_version,
        number=terms.last_number + 1,
        seed=seed,
        language=language,
        terms={
            "pass_percent": terms.pass_percent,
            "attempts": terms.attempts,
            "wait_minutes": terms.wait_minutes,
            "deadline": deadline.isoformat() if deadline else None,
        },
        started_at=at,
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


def _choice_order(seed: int, key: str, version: QuestionVersion) -> list[str]:
    kind = kind_named(version.kind)
    choices = kind.choice_keys(version.structure)
    return order_of_choices(seed, key, choices) if kind.shuffles else choices


def save_answers(
    *,
    attempt: Attempt,
    responses: Mapping,
    happened_at: datetime,
    at: datetime | None = None,
    rows: Iterable[AttemptQuestion] | None = None,
) -> list[str]:
    """Keep these answers (question position to response; None takes an answer back) and no other.

    Answers may arrive in any order: of two to the same question, the one that happened later stays. Returns
    the positions that changed. Refuses the whole batch with CLOSED after submission, and with an
    `AnswerRefusal` (its `all` names every one) where an answer cannot be read. `rows`: all questions of the
    attempt with their versions, where the caller has just read them.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        raise QuizRefusal("CLOSED")
    rows = _rows_answered(attempt, responses, rows)
    moment = _moment(attempt, happened_at, at)
    # Nothing is raised inside, so that a caller's own transaction can go on and record the refusal.
    with transaction.atomic(savepoint=False):
        still_open = Attempt.objects.open().filter(pk=attempt.pk).update(saved_at=at)
        changed = _store(rows, moment) if still_open else []
    if not still_open:
        raise QuizRefusal("CLOSED")
    attempt.saved_at = at
    return changed


def submit_attempt(
    *,
    attempt: Attempt,
    responses: Mapping,
    happened_at: datetime,
    at: datetime | None = None,
    late: bool = False,
    rows: Iterable[AttemptQuestion] | None = None,
) -> Attempt:
    """Grade the attempt on the answers kept so far and these; what has no answer counts zero.

    Of any number of submissions the first one counts: later ones change nothing and return its result. Sends
    `signals.attempt_graded` inside the transaction. `late` marks the result as awaiting a decision. Refuses
    with an `AnswerRefusal`, as `save_answers`, and then nothing is submitted. `rows`: as there.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        return attempt
    rows = _rows_answered(attempt, responses, rows)
    moment = _moment(attempt, happened_at, at)
    with transaction.atomic(savepoint=False):
        # The first statement takes the attempt's row: whoever saves or submits after us finds it closed. What
        # it writes for a score is replaced before anyone can read it.
        closing = {
            "submitted_at": moment,
            "saved_at": at,
            "late": Attempt.Late.AWAITING if late else Attempt.Late.NO,
        }
        open_still = Attempt.objects.open().filter(pk=attempt.pk)
        won = open_still.update(**closing, score=0, passed=False)
        if won:
            _store(rows, moment)
            result = _grade(attempt)
            for name, value in (closing | result).items():
                setattr(attempt, name, value)
            attempt_graded.send(sender=Attempt, attempt=attempt)
    if not won:
        attempt.refresh_from_db()
    return attempt


def decide_late(*, attempt: Attempt, accept: bool) -> bool:
    """An attempt that came late counts, or not. True where this call decided it; sends `attempt_graded`."""
    verdict = Attempt.Late.ACCEPTED if accept else Attempt.Late.REFUSED
    with transaction.atomic():
        waiting = Attempt.objects.filter(pk=attempt.pk, late=Attempt.Late.AWAITING)
        decided = waiting.update(late=verdict) == 1
        attempt.refresh_from_db()
        if decided:
            attempt_graded.send(sender=Attempt, attempt=attempt)
    return decided


def _moment(attempt: Attempt, happened_at: datetime, at: datetime) -> datetime:
    """Never after arrival, nor before the attempt began, whatever a phone's clock says."""
    return max(min(happened_at, at), attempt.started_at)


def _rows_answered(
    attempt: Attempt, responses: Mapping, rows: Iterable[AttemptQuestion] | None
) -> list[tuple[AttemptQuestion, Response | None]]:
    """The rows that the answers are for, each with its answer as it will be stored; or all the refusals."""
    if not responses:
        return []
    if rows is None:
        rows = AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version")
    asked = {str(row.position): row for row in rows}
    answered, refusals = [], []
    for position, raw in responses.items():
        row = asked.get(str(position))
        if row is None:
            refusals.append(AnswerRefusal("UNKNOWN_POSITION", value=position, position=str(position)))
            continue
        version = row.question_version
        try:
            answered.append((row, kind_named(version.kind).read(version.structure, raw)))
        except AnswerRefusal as refusal:
            refusals.append(
                AnswerRefusal(refusal.code, value=refusal.params["value"], position=str(position))
            )
    if refusals:
        first, *more = refusals
        first.more = tuple(more)
        raise first
    return answered


def _store(rows: list[tuple[AttemptQuestion, Response | None]], moment: datetime) -> list[str]:
    """Write the answers that changed, unless a later one is there. The attempt's row is ours.

    An answer given once more is kept under its later moment, so that an older one that arrives after it stays older.
    """
    changed, cleared, confirmed = [], [], []
    for row, response in rows:
        if row.response != response:
            row.response, row.answered_at = response, moment
            (cleared if response is None else changed).append(row)
        elif response is not None and row.answered_at < moment:
            row.answered_at = moment
            confirmed.append(row)
    overtakes = AttemptQuestion.objects.filter(Q(answered_at__isnull=True) | Q(answered_at__lte=moment))
    if changed or confirmed:
        overtakes.bulk_update([*changed, *confirmed], ["response", "answered_at"])
    if cleared:
        # Apart from the others: in a bulk update None would become JSON's null, which is an answer to a
        # database.
        overtakes.filter(pk__in=[row.pk for row in cleared]).update(response=None, answered_at=moment)
    return [str(row.position) for row in (*changed, *cleared)]


def _grade(attempt: Attempt) -> dict:
    """Write the scores, and return those of the attempt. Its row is ours."""
    # Read again: an answer may have been saved between our reading and our taking of the attempt.
    rows = list(AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version"))
    answers = ((row.question_version, row.response) for row in rows)
    graded = grade(answers, pass_percent=attempt.terms["pass_percent"])
    for row, score in zip(rows, graded.scores, strict=True):
        row.score = score
    AttemptQuestion.objects.bulk_update(rows, ["score"])
    result = {"score": graded.score, "passed": graded.passed}
    Attempt.objects.filter(pk=attempt.pk).update(**result)
    return result
