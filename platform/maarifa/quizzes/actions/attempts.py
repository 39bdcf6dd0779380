"""One learner's way through an attempt."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.quizzes.eligibility import eligibility
from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.grading import Result, grade, maximum
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import (
    Attempt,
    AttemptQuestion,
    QuestionVersion,
    QuizVersion,
)
from maarifa.quizzes.sampling import new_seed, order_of_choices, sample
from maarifa.quizzes.stored import AttemptRules


def start_attempt(
    *,
    learner: User,
    quiz_version: QuizVersion,
    language: str,
    deadline: datetime | None = None,
    at: datetime | None = None,
) -> Attempt:
    """Questions drawn for this learner, under rules that hold from now on.

    An open attempt at the quiz, of whichever version, is returned instead of a second one. Refuses
    ALREADY_PASSED, ATTEMPTS_USED (attempts) and WAIT (until).
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

    pool = {
        version.question.key: version
        for version in QuestionVersion.objects.filter(quiz_versions=quiz_version).select_related("question")
    }
    seed = new_seed()
    drawn = sample(seed, pool, quiz_version.rules["draw"], quiz_version.rules.get("cells", ()))
    attempt = Attempt(
        learner=learner,
        quiz_id=quiz_version.quiz_id,
        quiz_version=quiz_version,
        number=stands.last_number + 1,
        seed=seed,
        language=language,
        rules=AttemptRules(
            pass_percent=stands.pass_percent,
            attempts=stands.attempts,
            wait_minutes=quiz_version.rules["wait_minutes"],
            deadline=deadline.isoformat() if deadline else None,
        ),
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


@dataclass(frozen=True)
class Saved:
    """What became of answers: the positions that changed, and the answers that were kept instead of ours."""

    changed: list[str]
    conflicts: dict[str, Response | None]


def save_answers(
    *,
    attempt: Attempt,
    responses: Mapping[str, object],
    happened_at: datetime,
    at: datetime | None = None,
    rows: Iterable[AttemptQuestion] | None = None,
    bases: Mapping[str, object] | None = None,
    form_id: UUID | None = None,
) -> Saved:
    """Keep these answers (question position to response; None takes an answer back) and no other.

    `bases` says, for questions among these, what their answer was when the learner changed it. Where something
    else stands there by now, which the same form did not give, nothing is overwritten: it is a conflict, and the
    other answers are kept all the same. Of answers without a base, the one that happened later stays, in whichever
    order they arrive. Refuses the whole batch with CLOSED after submission, and with an `AnswerError` (its `all`
    names every one) where an answer cannot be read. `rows`: all questions of the attempt with their versions,
    where the caller has just read them.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        raise QuizError("CLOSED")
    answers = _answers(attempt, responses, rows, bases, form_id)
    moment = _moment(attempt, happened_at, at)
    # Nothing is raised inside, so that a caller's own transaction can go on and record the refusal.
    with transaction.atomic(savepoint=False):
        still_open = Attempt.objects.open().filter(pk=attempt.pk).update(saved_at=at)
        saved = _store(answers, moment) if still_open else None
    if saved is None:
        raise QuizError("CLOSED")
    attempt.saved_at = at
    return saved


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
    the result as awaiting a decision. Refuses with an `AnswerError`, as `save_answers`, and then nothing is kept; and
    with CONFLICT (conflicts, as in `Saved`), and then nothing is submitted while the other answers are kept. `rows`,
    `bases`, `form_id`: as there.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        return attempt
    answers = _answers(attempt, responses, rows, bases, form_id)
    moment = _moment(attempt, happened_at, at)
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
            conflicts = _store(answers, moment).conflicts
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
    return attempt


def decide_late(*, attempt: Attempt, accept: bool) -> bool:
    """An attempt that came late counts, or not. True where this call decided it."""
    verdict = Attempt.Late.ACCEPTED if accept else Attempt.Late.REFUSED
    with transaction.atomic():
        waiting = Attempt.objects.filter(pk=attempt.pk, late=Attempt.Late.AWAITING)
        decided = waiting.update(late=verdict) == 1
        attempt.refresh_from_db()
    return decided


def _moment(attempt: Attempt, happened_at: datetime, at: datetime) -> datetime:
    """Never after arrival, nor before the attempt began, whatever a phone's clock says."""
    return max(min(happened_at, at), attempt.started_at)


@dataclass(frozen=True)
class _Answer:
    """What one question is to be answered with. `base` counts where `has_base`."""

    row: AttemptQuestion
    response: Response | None
    has_base: bool
    base: object
    form_id: UUID | None

    @property
    def is_in_conflict(self) -> bool:
        return self.has_base and self.row.is_in_conflict(
            base=self.base, response=self.response, form_id=self.form_id
        )

    @property
    def as_judged(self) -> Q:
        """The row, as long as it is what it was when it was read."""
        same = Q(response__isnull=True) if self.row.response is None else Q(response=self.row.response)
        return Q(pk=self.row.pk) & same


def _answers(
    attempt: Attempt,
    responses: Mapping[str, object],
    rows: Iterable[AttemptQuestion] | None,
    bases: Mapping[str, object] | None,
    form_id: UUID | None,
) -> list[_Answer]:
    """The answers as they will be stored, each with its row; or all the refusals."""
    if not responses:
        return []
    if rows is None:
        rows = AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version")
    asked, bases = {str(row.position): row for row in rows}, bases or {}
    answers: list[_Answer] = []
    refusals: list[AnswerError] = []
    for position, raw in responses.items():
        row = asked.get(str(position))
        if row is None:
            refusals.append(AnswerError("UNKNOWN_POSITION", value=position, position=str(position)))
            continue
        try:
            response = _read(row, raw)
        except AnswerError as refusal:
            refusals.append(AnswerError(refusal.code, value=refusal.params["value"], position=str(position)))
            continue
        base = bases.get(position)
        # A base that cannot be read is nothing that has ever stood there.
        with contextlib.suppress(AnswerError):
            base = _read(row, base)
        if position in bases and base == response:
            # Left as it was: nothing is said of it.
            continue
        answers.append(_Answer(row, response, position in bases, base, form_id))
    if refusals:
        first, *more = refusals
        first.more = tuple(more)
        raise first
    return answers


def _read(row: AttemptQuestion, raw: object) -> Response | None:
    version = row.question_version
    response: Response | None = kind_named(version.kind).read(version.structure, raw)
    return response


def _store(answers: list[_Answer], moment: datetime) -> Saved:
    """Write the answers that changed, unless a later one is there, or one that was not seen. The attempt's row is
    ours.

    An answer given once more is kept under its later moment, so that an older one that arrives after it stays older.
    """
    changed, conflicts, written = _write(answers, moment)
    if not written and any(answer.has_base for answer in answers):
        # Somebody saved between our reading and our taking of the attempt. From now on nobody does.
        fresh = AttemptQuestion.objects.in_bulk([answer.row.pk for answer in answers])
        for answer in answers:
            row = fresh[answer.row.pk]
            answer.row.response, answer.row.answered_at = row.response, row.answered_at
            answer.row.form_id = row.form_id
        _changed, conflicts, _written = _write(answers, moment)
        changed = [position for position in changed if position not in conflicts]
    return Saved(changed, conflicts)


def _write(answers: list[_Answer], moment: datetime) -> tuple[list[str], dict[str, Response | None], bool]:
    """The positions that changed, the conflicts, and whether all was written that was meant to be."""
    changed: list[AttemptQuestion] = []
    cleared: list[AttemptQuestion] = []
    confirmed: list[AttemptQuestion] = []
    conflicts: dict[str, Response | None] = {}
    untouched = Q(pk__in=[])
    overtaken = Q(answered_at__isnull=True) | Q(answered_at__lte=moment)
    for answer in answers:
        row = answer.row
        if answer.is_in_conflict:
            conflicts[str(row.position)] = row.response
        elif row.response != answer.response:
            untouched |= answer.as_judged if answer.has_base else Q(pk=row.pk) & overtaken
            row.response, row.form_id = answer.response, answer.form_id
            row.answered_at = max(moment, row.answered_at or moment) if answer.has_base else moment
            (cleared if answer.response is None else changed).append(row)
        elif answer.response is not None and row.answered_at and row.answered_at < moment:
            untouched |= Q(pk=row.pk) & overtaken
            row.answered_at = moment
            confirmed.append(row)
    overtakes, written = AttemptQuestion.objects.filter(untouched), 0
    if changed or confirmed:
        fields = ["response", "answered_at", "form_id"]
        written += overtakes.bulk_update([*changed, *confirmed], fields)
    if cleared:
        # Apart from the others: in a bulk update None would become JSON's null, which is an answer to a
        # database.
        of_them = overtakes.filter(pk__in=[row.pk for row in cleared])
        written += of_them.update(response=None, answered_at=moment, form_id=cleared[0].form_id)
    as_meant = written == len(changed) + len(cleared) + len(confirmed)
    return [str(row.position) for row in (*changed, *cleared)], conflicts, as_meant


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
