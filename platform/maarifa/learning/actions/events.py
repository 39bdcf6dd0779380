"""The event intake: all learning is recorded here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.curriculum.models import EditionEntry
from maarifa.learning.actions.completion import complete_if_met
from maarifa.learning.actions.event_kinds import (
    Applied,
    EventError,
    Handler,
    Payload,
    enrolment_of,
    object_in,
    text_in,
)
from maarifa.learning.actions.practising import PracticeAnswered
from maarifa.learning.actions.reviewing import CardReviewed
from maarifa.learning.actions.timing import end_if_over, heed_presence, is_late, undoing_presence
from maarifa.learning.models import Enrolment, EnrolmentAttempt, Event, LessonCompletion
from maarifa.learning.stored import Outcome
from maarifa.lib.digests import digest_of
from maarifa.lib.errors import DomainError
from maarifa.quizzes import actions as quizzes
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, AttemptQuestion, QuizVersion

ACTIVITY_KNOWN_TO = timedelta(minutes=10)
"""Saved answers move an enrolment's last activity on no oftener than this: reminders count in days."""


class _Lesson(NamedTuple):
    key: str
    lesson_id: int
    edition_id: int
    language: str


class _Quiz(NamedTuple):
    quiz: OutlineQuiz
    language: str


class _Answers(TypedDict):
    """What `save_answers` and `submit_attempt` take."""

    attempt: Attempt
    rows: list[AttemptQuestion]
    responses: dict[str, Any]
    bases: dict[str, Any]
    form_id: UUID | None


def record_event(
    *,
    learner: User,
    client_id: UUID,
    kind: str,
    payload: Any,
    client_time: str = "",
    clock_offset_ms: int | None = None,
    at: datetime | None = None,
) -> Outcome:
    """Takes one event in and returns its outcome: {"status": "accepted" or "refused", …}.

    The id is the client's and unique per learner. The same id with the same payload gives the stored outcome again
    and does nothing; with another payload it is refused (EVENT_REUSED). So a form sent twice, a phone that sends its
    outbox again after a cut line, and an import run again are all safe, and a process may die at any moment: event
    and effects are one transaction. A request that names nothing of this learner's is refused and not kept, and
    so is an answer that cannot be read (AnswerError); a rule that says no (no attempts left, attempt already
    submitted) is an outcome and kept.

    `client_time` is when it happened by the client's clock (ISO 8601), `clock_offset_ms` the measured difference of
    the server's clock to it; the moment kept is never after arrival nor before what it belongs to began: the
    enrolment, or the attempt.
    """
    at = at or timezone.now()
    digest = _digest(kind, payload)
    # The event is not looked for beforehand: it is nearly always new, and the constraint knows. Where it is not,
    # everything done here is undone again, and what was answered then is the answer.
    try:
        with undoing_presence(), transaction.atomic():
            return _take_in(learner, client_id, kind, payload, digest, client_time, clock_offset_ms, at)
    except (IntegrityError, DomainError):
        earlier_outcome = _stored(learner, client_id, digest)
        if earlier_outcome is None:
            raise
        return earlier_outcome


def _digest(kind: str, payload: Any) -> str:
    if kind not in HANDLERS:
        raise EventError("UNKNOWN_KIND", kind=kind, kinds=", ".join(HANDLERS))
    if not isinstance(payload, dict):
        raise EventError("BAD_PAYLOAD", field="payload", expected="{…}")
    try:
        return digest_of({"kind": kind, "payload": payload})
    except (TypeError, ValueError, RecursionError):
        expectation = _("text and whole numbers only")
        raise EventError("BAD_PAYLOAD", field="payload", expected=expectation) from None


def _take_in(
    learner: User,
    client_id: UUID,
    kind: str,
    payload: Any,
    digest: str,
    client_time: str,
    clock_offset_ms: int | None,
    at: datetime,
) -> Outcome:
    handle = HANDLERS[kind]
    enrolment, subject = handle.find(learner, payload, at)
    began = handle.began(enrolment, subject)
    moment = happened_at(began, client_time, clock_offset_ms, at)
    stale = at - enrolment.last_activity_at >= ACTIVITY_KNOWN_TO
    if handle.is_activity and (handle.may_complete or stale):
        # What may complete the course takes the enrolment's row first: see complete_if_met.
        Enrolment.objects.filter(pk=enrolment.pk).update(last_activity_at=at)
    try:
        outcome, done_at = handle.apply(enrolment, subject, moment, at)
    except QuizError as refusal:
        outcome = {"status": "refused", "code": refusal.code, "params": _plain(refusal.params)}
    else:
        if done_at is not None:
            complete_if_met(enrolment=enrolment, at=done_at)
    Event.objects.create(
        learner=learner,
        client_id=client_id,
        kind=kind,
        payload_digest=digest,
        outcome=outcome,
        client_time=str(client_time)[:40],
        clock_offset_ms=clock_offset_ms,
        happened_at=moment,
        received_at=at,
    )
    return outcome


def happened_at(began: datetime, client_time: str, clock_offset_ms: int | None, at: datetime) -> datetime:
    """The client's time corrected by the measured offset, not after arrival, not before the moment `began`."""
    if not client_time:
        return at
    try:
        moment = parse_datetime(str(client_time))
    except ValueError:
        moment = None
    if moment is None:
        raise EventError("BAD_PAYLOAD", field="happened", expected="2026-12-31T23:59:00Z")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment += timedelta(milliseconds=clock_offset_ms or 0)
        return min(max(moment, began), at)
    except OverflowError:
        return at


def _stored(learner: User, client_id: UUID, digest: str) -> Outcome | None:
    event = (
        Event.objects.filter(learner=learner, client_id=client_id).only("payload_digest", "outcome").first()
    )
    if event is None:
        return None
    if event.payload_digest != digest:
        raise EventError("EVENT_REUSED")
    return event.outcome


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in params.items()}


def _in_earlier_edition(enrolment: Enrolment, key: str) -> tuple[int, int] | None:
    """The ids of a lesson that the course had once, and of the last edition with it."""
    entries = EditionEntry.objects.filter(lesson__course=enrolment.course_id, lesson__key=key)
    return entries.order_by("-edition__number").values_list("lesson_id", "edition_id").first()


class LessonRead(Handler[_Lesson]):
    """{"course", "lesson", "language"}

    A lesson that the edition no longer has was in an earlier one when it was read, on a page opened before or a
    phone that was offline: it is kept like any other.
    """

    may_complete = True

    @staticmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, _Lesson]:
        enrolment = enrolment_of(learner, at, course__key=text_in(payload, "course"))
        outline = editions.outline(enrolment.edition_id)
        key = text_in(payload, "lesson")
        lesson = outline.lesson(key)
        ids = (lesson.id, enrolment.edition_id) if lesson else _in_earlier_edition(enrolment, key)
        if ids is None:
            raise EventError("UNKNOWN_LESSON", lesson=key)
        language = payload.get("language")
        content_language = language if language in outline.languages else enrolment.language
        return enrolment, _Lesson(key, *ids, content_language)

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Lesson, moment: datetime, at: datetime) -> Applied:
        key, lesson_id, edition_id, language = subject
        late = Attempt.Late.AWAITING if enrolment.is_late(moment) else Attempt.Late.NO
        LessonCompletion.objects.bulk_create(
            [
                LessonCompletion(
                    enrolment=enrolment,
                    lesson_id=lesson_id,
                    edition_id=edition_id,
                    language=language,
                    happened_at=moment,
                    received_at=at,
                    late=late,
                )
            ],
            ignore_conflicts=True,
        )
        if not late and enrolment.is_late(at):
            # It was read again online meanwhile, too late; now we hear that it had been read in time.
            LessonCompletion.objects.filter(
                enrolment=enrolment, lesson=lesson_id, late=Attempt.Late.AWAITING
            ).update(late=late, happened_at=moment, received_at=at)
        return Applied({"status": "accepted", "lesson": key}, moment)


class QuizStarted(Handler[_Quiz]):
    """{"course", "quiz", "language"}"""

    may_complete = False

    @staticmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, _Quiz]:
        enrolment = enrolment_of(learner, at, course__key=text_in(payload, "course"))
        outline = editions.outline(enrolment.edition_id)
        key = text_in(payload, "quiz")
        quiz = outline.quiz(key)
        if quiz is None:
            raise EventError("UNKNOWN_QUIZ", quiz=key)
        language = payload.get("language")
        return enrolment, _Quiz(quiz, language if language in outline.languages else enrolment.language)

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Quiz, moment: datetime, at: datetime) -> Applied:
        quiz, language = subject
        window = enrolment.quiz_window(quiz.key)
        attempt = quizzes.start_attempt(
            learner=enrolment.learner,
            quiz_version=QuizVersion.objects.select_related("quiz").get(pk=quiz.version),
            language=language,
            deadline=enrolment.due_at,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            extra_percent=enrolment.extra_time_percent,
            at=at,
        )
        EnrolmentAttempt.objects.bulk_create(
            [EnrolmentAttempt(enrolment=enrolment, attempt=attempt, edition_id=enrolment.edition_id)],
            ignore_conflicts=True,
        )
        return Applied({"status": "accepted", "attempt": str(attempt.public_id)}, None)


class AnswersSent(Handler[_Answers]):
    """{"attempt", "responses": {position: list of choice keys, or a number as text}, "base", "form"}

    `responses` names only what the learner changed. `base`, which may be left out, says by position what the answer
    was when it was changed: see `save_answers`. `form`, likewise, is the id of the loaded page that says so.
    """

    @staticmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, _Answers]:
        responses, bases = object_in(payload, "responses"), object_in({"base": {}, **payload}, "base")
        try:
            public_id = UUID(text_in(payload, "attempt"))
        except ValueError:
            raise EventError("UNKNOWN_ATTEMPT") from None
        try:
            form_id = UUID(text_in(payload, "form")) if "form" in payload else None
        except ValueError:
            raise EventError("BAD_PAYLOAD", field="form", expected="UUID") from None
        rows = list(
            AttemptQuestion.objects.filter(
                attempt__public_id=public_id, attempt__enrolment_attempt__enrolment__learner=learner
            ).select_related("question_version", "attempt__enrolment_attempt__enrolment__course")
        )
        if not rows:
            raise EventError("UNKNOWN_ATTEMPT")
        attempt = rows[0].attempt
        heed_presence(attempt, at)
        enrolment = attempt.enrolment_attempt.enrolment
        if not enrolment.is_open(at):
            raise EventError("NOT_OPEN")
        return enrolment, {
            "attempt": attempt,
            "rows": rows,
            "responses": responses,
            "bases": bases,
            "form_id": form_id,
        }

    @staticmethod
    def began(enrolment: Enrolment, subject: _Answers) -> datetime:
        return max(enrolment.enrolled_at, subject["attempt"].started_at)

    @staticmethod
    @contextmanager
    def kept_if_late(
        enrolment: Enrolment, subject: _Answers, moment: datetime, at: datetime
    ) -> Iterator[None]:
        """What arrives after the time of its attempt is kept for a decision, and refused: TIME_OVER, also inside."""
        AnswersSent._keep_if_late(enrolment, subject, moment, at)
        try:
            yield
        except QuizError as refusal:
            if refusal.code == "TIME_OVER":
                AnswersSent._keep_if_late(enrolment, subject, moment, at)
            raise

    @staticmethod
    def _keep_if_late(enrolment: Enrolment, subject: _Answers, moment: datetime, at: datetime) -> None:
        attempt = subject["attempt"]
        if not (attempt.timed_out or (attempt.is_open and attempt.time_is_over(at))):
            return
        end_if_over(attempt=attempt, enrolment=enrolment, at=at)
        if attempt.is_open:
            # It has got more time since we read it.
            return
        quizzes.keep_late_answers(
            attempt=attempt, responses=subject["responses"], happened_at=moment, rows=subject["rows"], at=at
        )
        raise QuizError("TIME_OVER")


class AnswerSaved(AnswersSent):
    """The outcome names the answers in conflict, where there are any: {position: the answer that stands}."""

    may_complete = False

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Answers, moment: datetime, at: datetime) -> Applied:
        with AnswersSent.kept_if_late(enrolment, subject, moment, at):
            result = quizzes.save_answers(**subject, happened_at=moment, at=at)
        outcome: Outcome = {"status": "accepted", "attempt": str(subject["attempt"].public_id)}
        if result.conflicts:
            outcome["conflicts"] = result.conflicts
        return Applied(outcome, None)


class QuizSubmitted(AnswersSent):
    """Refused as CONFLICT (conflicts) where answers are in conflict, and as EMPTY where there is none at all."""

    may_complete = True

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Answers, moment: datetime, at: datetime) -> Applied:
        with AnswersSent.kept_if_late(enrolment, subject, moment, at):
            sent_attempt = subject["attempt"]
            late = is_late(attempt=sent_attempt, enrolment=enrolment, moment=moment)
            stored_responses = (row.response for row in subject["rows"])
            was_open = sent_attempt.is_open
            if was_open and not any((*stored_responses, *subject["responses"].values())):
                raise QuizError("EMPTY")
            attempt = quizzes.submit_attempt(**subject, happened_at=moment, late=late, at=at)
        outcome: Outcome = {
            "status": "accepted",
            "attempt": str(attempt.public_id),
            "passed": bool(attempt.passed),
            "late": bool(attempt.late),
        }
        # Where it was submitted before, completion was looked at then.
        return Applied(outcome, attempt.submitted_at if was_open and attempt.passed else None)


HANDLERS: dict[str, type[Handler[Any]]] = {
    Event.Kind.LESSON_READ.value: LessonRead,
    Event.Kind.QUIZ_STARTED.value: QuizStarted,
    Event.Kind.ANSWER_SAVED.value: AnswerSaved,
    Event.Kind.QUIZ_SUBMITTED.value: QuizSubmitted,
    Event.Kind.CARD_REVIEWED.value: CardReviewed,
    Event.Kind.PRACTICE_ANSWERED.value: PracticeAnswered,
}
