"""Answers that arrived when the time of their attempt was over: kept, and counted where somebody decides so."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.lib.holding import hold
from maarifa.quizzes.actions.answers import readable
from maarifa.quizzes.actions.attempts import grade_again
from maarifa.quizzes.kinds import Response
from maarifa.quizzes.models import Attempt, AttemptQuestion, LateAnswers


def keep_late_answers(
    *,
    attempt: Attempt,
    responses: Mapping[str, object],
    happened_at: datetime,
    rows: Iterable[AttemptQuestion],
    at: datetime | None = None,
) -> LateAnswers | None:
    """Keeps what arrived too late, as far as it can be read and is not saved already. None where nothing is left, or
    all of it waits for a decision already.

    What arrived at the same moment, as one batch of a device does, waits together: of two answers to a question, the
    one that was given later; and all as given at the latest of their moments.
    """
    at = at or timezone.now()
    given_at = min(happened_at, at)
    new = readable(responses, rows)
    if not new:
        return None
    with transaction.atomic():
        hold(Attempt.objects.filter(pk=attempt.pk))
        waiting = list(LateAnswers.objects.awaiting().filter(attempt=attempt).order_by("arrived_at", "pk"))
        known: dict[str, Response | None] = {}
        for row in waiting:
            known |= row.responses
        if all(position in known and known[position] == response for position, response in new.items()):
            return None
        together = next((row for row in waiting if row.arrived_at == at), None)
        if together is None:
            return LateAnswers.objects.create(
                attempt=attempt, responses=new, happened_at=given_at, arrived_at=at
            )
        is_later = given_at >= together.happened_at
        together.responses = together.responses | new if is_later else new | together.responses
        together.happened_at = max(given_at, together.happened_at)
        together.save(update_fields=["responses", "happened_at"])
    return together


def decide_late_answers(
    *, late_answers: LateAnswers, accept: bool, by: User, at: datetime | None = None
) -> bool:
    """Late answers count, or not. True where this call decided it. The caller audits it.

    Accepted ones take the place of what was saved, and the attempt is graded again: its score may rise or fall, but who
    had passed has passed. Refuses nothing: a second decision changes nothing.
    """
    at = at or timezone.now()
    verdict = LateAnswers.Decision.ACCEPTED if accept else LateAnswers.Decision.REFUSED
    waiting = LateAnswers.objects.awaiting().filter(pk=late_answers.pk)
    with transaction.atomic():
        held = Attempt.objects.filter(pk=late_answers.attempt_id)
        hold(held)
        attempt = held.get()
        if not waiting.update(decision=verdict, decided_by=by, decided_at=at):
            return False
        # More of the same batch may have come since the caller read it.
        late_answers.refresh_from_db()
        if accept:
            for position, response in late_answers.responses.items():
                AttemptQuestion.objects.filter(attempt=attempt, position=int(position)).update(
                    response=response, answered_at=late_answers.happened_at
                )
            grade_again(attempt)
    return True
