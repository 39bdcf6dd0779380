"""Answers of an open attempt: read, and kept."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion


@dataclass(frozen=True)
class Saved:
    """What became of answers: the positions that changed, and the answers that were kept instead of ours, as pages
    have them.
    """

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
    order they arrive. Refuses the whole batch with CLOSED after submission, with TIME_OVER when the time of the attempt
    is over, and with an `AnswerError` (its `all` names every one) where an answer cannot be read. `rows`: all questions
    of the attempt with their versions, where the caller has just read them.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        raise QuizError("TIME_OVER" if attempt.timed_out else "CLOSED")
    if attempt.time_is_over(at):
        raise QuizError("TIME_OVER")
    answers = answers_of(attempt, responses, rows, bases, form_id)
    moment = moment_of(attempt, happened_at, at)
    # Nothing is raised inside, so that a caller's own transaction can go on and record the refusal.
    with transaction.atomic(savepoint=False):
        still_open = Attempt.objects.open().filter(pk=attempt.pk).update(saved_at=at)
        saved = store(answers, moment) if still_open else None
    if saved is None:
        attempt.refresh_from_db()
        raise QuizError("TIME_OVER" if attempt.timed_out else "CLOSED")
    attempt.saved_at = at
    return saved


def moment_of(attempt: Attempt, happened_at: datetime, at: datetime) -> datetime:
    """Never after arrival or the end of the time, nor before the attempt began, whatever a phone's clock says."""
    latest = min(at, attempt.ends_at) if attempt.ends_at else at
    return max(min(happened_at, latest), attempt.started_at)


@dataclass(frozen=True)
class Answer:
    """What one question is to be answered with. `base` counts where `has_base`."""

    row: AttemptQuestion
    response: Response | None
    has_base: bool
    base: object
    form_id: UUID | None
    is_refused: bool = False
    """Whether it would change what was fixed while it was on its way."""

    @property
    def is_in_conflict(self) -> bool:
        return self.is_refused or (
            self.has_base
            and self.row.is_in_conflict(base=self.base, response=self.response, form_id=self.form_id)
        )

    @property
    def is_judged(self) -> bool:
        """Whether it may be written only where the row is as it was read."""
        return self.has_base or kind_named(self.row.question_version.kind).fixes

    def judged_again(self) -> "Answer":
        """The same, after another answer was written to its row."""
        try:
            return replace(self, response=self.row.after(self.response))
        except AnswerError:
            return replace(self, is_refused=True)

    @property
    def as_judged(self) -> Q:
        """The row, as long as it is what it was when it was read."""
        same = Q(response__isnull=True) if self.row.response is None else Q(response=self.row.response)
        return Q(pk=self.row.pk) & same


def answers_of(
    attempt: Attempt,
    responses: Mapping[str, object],
    rows: Iterable[AttemptQuestion] | None,
    bases: Mapping[str, object] | None,
    form_id: UUID | None,
) -> list[Answer]:
    """The answers as they will be stored, each with its row; or all the refusals."""
    if not responses:
        return []
    if rows is None:
        rows = AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version")
    asked, bases = {str(row.position): row for row in rows}, bases or {}
    answers: list[Answer] = []
    refusals: list[AnswerError] = []
    for position, raw in responses.items():
        row = asked.get(str(position))
        if row is None:
            refusals.append(AnswerError("UNKNOWN_POSITION", value=position, position=str(position)))
            continue
        try:
            response = _read(row, raw)
        except AnswerError as refusal:
            refusals.append(refusal.at(str(position)))
            continue
        base = bases.get(position)
        # A base that cannot be read is nothing that has ever stood there.
        with contextlib.suppress(AnswerError):
            base = _read(row, base)
        if position in bases and base == response:
            # Left as it was: nothing is said of it.
            continue
        try:
            response = row.after(response)
        except AnswerError as refusal:
            refusals.append(refusal.at(str(position)))
            continue
        answers.append(Answer(row, response, position in bases, base, form_id))
    if refusals:
        first, *more = refusals
        first.more = tuple(more)
        raise first
    return answers


def readable(responses: Mapping[str, object], rows: Iterable[AttemptQuestion]) -> dict[str, Response | None]:
    """Those of the answers that can be read and are not what is saved, by position."""
    asked = {str(row.position): row for row in rows}
    result: dict[str, Response | None] = {}
    for position, raw in responses.items():
        with contextlib.suppress(AnswerError, KeyError):
            row = asked[str(position)]
            response = row.after(_read(row, raw))
            if response != row.response:
                result[str(position)] = response
    return result


def _read(row: AttemptQuestion, raw: object) -> Response | None:
    version = row.question_version
    response: Response | None = kind_named(version.kind).read(
        version.structure, row.unmasked(raw), version.texts
    )
    return response


def store(answers: list[Answer], moment: datetime) -> Saved:
    """Write the answers that changed, unless a later one is there, or one that was not seen. The attempt's row is
    ours.

    An answer given once more is kept under its later moment, so that an older one that arrives after it stays older.
    """
    changed, conflicts, written = _write(answers, moment)
    if not written and any(answer.is_judged for answer in answers):
        # Somebody saved between our reading and our taking of the attempt. From now on nobody does.
        fresh = AttemptQuestion.objects.in_bulk([answer.row.pk for answer in answers])
        for answer in answers:
            row = fresh[answer.row.pk]
            answer.row.response, answer.row.answered_at = row.response, row.answered_at
            answer.row.form_id = row.form_id
        answers = [answer.judged_again() for answer in answers]
        _changed, conflicts, _written = _write(answers, moment)
        changed = [position for position in changed if position not in conflicts]
    return Saved(changed, conflicts)


def _write(answers: list[Answer], moment: datetime) -> tuple[list[str], dict[str, Response | None], bool]:
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
            conflicts[str(row.position)] = row.masked(row.response)
        elif row.response != answer.response:
            untouched |= answer.as_judged if answer.is_judged else Q(pk=row.pk) & overtaken
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
