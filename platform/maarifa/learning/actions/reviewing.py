"""Reviewing: answers taken in, and cards computed from what was answered.

A card is a cache. What it says follows from the answers in submitted attempts and in reviews, and from when a lesson
was finished, in the order in which that happened: what arrives late changes it as if it had come in time.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum.actions import keep_practice
from maarifa.curriculum.models import PracticeQuestion
from maarifa.learning import tasks
from maarifa.learning.actions.event_kinds import Applied, EventError, Handler, Payload, text_in
from maarifa.learning.memory import Exposure, Memory, memory_of
from maarifa.learning.models import Enrolment, LessonCompletion, ReviewAnswer, ReviewCard, ReviewRefresh
from maarifa.learning.reviewing import ReviewQuestion, askable_ids, in_version, questions_of, with_course
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.holding import hold
from maarifa.lib.queues import BULK
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import AttemptQuestion

BATCH = 50
"""So many enrolments at once: a second or less."""
TURN_SECONDS = 20
OVERLAP = timedelta(minutes=10)
"""What arrived so shortly before a refresh may have been committed after it had looked."""


class _Review(NamedTuple):
    question: ReviewQuestion
    response: Response
    form_id: UUID | None


class CardReviewed(Handler[_Review]):
    """{"card", "response", "version", "form"}

    An answer in a review. `version`, which may be left out, is the number of the version of the question that was
    shown; `form`, likewise, the id of the loaded page. The outcome says whether the answer was `right`: all of the
    points, or not. It counts for nothing else, and nobody else sees it.
    """

    may_complete = False
    is_activity = False

    @staticmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, _Review]:
        card_id, form_id = _uuid(payload, "card"), None
        if "form" in payload:
            form_id = _uuid(payload, "form")
        card = with_course(ReviewCard.objects.visible_to(learner)).filter(public_id=card_id).first()
        if card is None or card.pk not in askable_ids(learner, at):
            raise EventError("UNKNOWN_CARD")
        question = _question(card, payload.get("version"))
        if question is None:
            raise EventError("UNKNOWN_CARD")
        card.enrolment.learner = learner
        response = question.kind.read(question.structure, payload.get("response"), question.all_texts)
        if response is None:
            raise EventError("BAD_PAYLOAD", field="response", expected=_("an answer"))
        return card.enrolment, _Review(question, response, form_id)

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Review, moment: datetime, at: datetime) -> Applied:
        question, response, form_id = subject
        card = question.card
        score = question.kind.grade(question.structure, question.POINTS, response, question.all_texts)
        right = score == question.maximum
        # Takes the card's row first: of two answers at once, the second is computed with the first.
        hold(ReviewCard.objects.filter(pk=card.pk))
        ReviewAnswer.objects.create(
            card=card,
            question_version=question.version,
            practice_question=question.practice,
            form_id=form_id,
            response=response,
            score=score,
            right=right,
            happened_at=moment,
            received_at=at,
        )
        memory = memory_of(_exposures_of(card))
        ReviewCard.objects.filter(pk=card.pk).update(**memory._asdict())
        return Applied({"status": "accepted", "card": str(card.public_id), "right": right}, None)


def _uuid(payload: Payload, field: str) -> UUID:
    try:
        return UUID(text_in(payload, field))
    except ValueError:
        raise EventError("BAD_PAYLOAD", field=field, expected="UUID") from None


def _question(card: ReviewCard, number: Any) -> ReviewQuestion | None:
    """As it is asked now, or in the version of this number."""
    if number is None or card.question_id is None:
        return next(iter(questions_of([card])), None)
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > 2**31:
        raise EventError("BAD_PAYLOAD", field="version", expected=_("a whole number"))
    return in_version(card, number)


# Computing cards ----------------------------------------------------------------------------------------------


def _exposures_of(card: ReviewCard) -> list[Exposure]:
    reviews = [Exposure(moment, right) for moment, right in card.answers.values_list("happened_at", "right")]
    if card.question_id:
        asked = _asked([card.enrolment_id]).filter(question_version__question=card.question_id)
        return [*reviews, *(_exposure(row) for row in asked)]
    finished = LessonCompletion.objects.filter(enrolment=card.enrolment_id, lesson=card.lesson_id)
    return [*reviews, *(Exposure(moment, True) for moment in finished.values_list("happened_at", flat=True))]


def _asked(enrolments: Iterable[int]) -> Any:
    """The questions of submitted attempts."""
    return (
        AttemptQuestion.objects.filter(
            attempt__enrolment_attempt__enrolment__in=enrolments, attempt__submitted_at__isnull=False
        )
        .order_by()
        .values(
            "score",
            submitted_at=F("attempt__submitted_at"),
            enrolment=F("attempt__enrolment_attempt__enrolment"),
            question=F("question_version__question"),
            kind=F("question_version__kind"),
            points=F("question_version__points"),
        )
    )


def _exposure(row: dict[str, Any]) -> Exposure:
    return Exposure(row["submitted_at"], row["score"] == kind_named(row["kind"]).maximum(row["points"]))


class _Place(NamedTuple):
    """Which question of which enrolment a card is of."""

    enrolment: int
    question: int | None = None
    lesson: int | None = None
    practice_key: str = ""


def refresh_review(*, after: int = 0, until: datetime | None = None, at: datetime | None = None) -> None:
    """Bring the cards of everybody who learned something since the last time up to date: a bounded piece, from the
    enrolment `after` on; a task for the next piece goes to the end of its queue. It ends at `until`.

    Safe to run again or at once, and to die anywhere: what is not noted as refreshed is done the next time. Nothing is
    due before a day has passed, so that nobody waits for this.
    """
    at = at or timezone.now()
    until = until or at + timedelta(hours=1)
    if at >= until:
        return
    next_after = refresh_some(after=after, at=at)
    if next_after is not None:
        enqueue(tasks.refresh_review, next_after, until.isoformat(), queue=BULK, expires=until)


def refresh_some(*, after: int, at: datetime, seconds: float | None = None) -> int | None:
    """As `refresh_review`, for so many seconds; where to go on, None at the end."""
    most = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 4
    seconds = min(TURN_SECONDS, most) if seconds is None else seconds
    began = time.monotonic()
    while True:
        batch = list(
            Enrolment.objects.current()
            .filter(pk__gt=after)
            .exclude(
                review_refresh__refreshed_at__gte=F("last_activity_at"),
                review_refresh__edition=Coalesce("held_edition", "course__current_edition"),
            )
            .select_related("course")
            .defer("requirements")
            .order_by("pk")[:BATCH]
        )
        if not batch:
            return None
        refresh_cards(enrolments=batch, at=at)
        after = batch[-1].pk
        if time.monotonic() - began > seconds:
            return after


def refresh_cards(*, enrolments: Sequence[Enrolment], at: datetime) -> int:
    """The cards of these enrolments say what was learned in them until now; how many are new. Seven queries, whatever
    the number of enrolments, and one for each card that changes. Never refuses.
    """
    edition_ids = {one.pk: one.edition_id for one in enrolments}
    exposures = _learned(edition_ids)
    known = {
        _Place(card.enrolment_id, card.question_id, card.lesson_id, card.practice_key): card
        for card in ReviewCard.objects.filter(enrolment__in=edition_ids)
    }
    reviews = ReviewAnswer.objects.filter(card__enrolment__in=edition_ids).order_by()
    by_card: dict[int, list[Exposure]] = {}
    for card_id, moment, right in reviews.values_list("card_id", "happened_at", "right"):
        by_card.setdefault(card_id, []).append(Exposure(moment, right))
    new, changed = [], []
    for place, seen in exposures.items():
        card = known.get(place)
        memory = memory_of([*seen, *by_card.get(card.pk, [])] if card else seen)
        if card is None:
            new.append(_new_card(place, memory))
        elif _memory_in(card) != memory:
            changed.append((card, memory))
    with transaction.atomic():
        # In one order for all writers, so that none waits for another that waits for it.
        for card, memory in sorted(changed, key=lambda one: one[0].pk):
            # Where an answer has come meanwhile, what it left is later than this.
            same = ReviewCard.objects.filter(pk=card.pk, exposed_at=card.exposed_at, due_at=card.due_at)
            same.update(**memory._asdict())
        ReviewCard.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        ReviewRefresh.objects.bulk_create(
            (
                ReviewRefresh(enrolment_id=pk, edition_id=edition_id, refreshed_at=at - OVERLAP)
                for pk, edition_id in sorted(edition_ids.items())
            ),
            update_conflicts=True,
            unique_fields=["enrolment"],
            update_fields=["edition", "refreshed_at"],
        )
    return len(new)


def _learned(edition_ids: dict[int, int]) -> dict[_Place, list[Exposure]]:
    """What was answered in submitted attempts, and of the practice in finished lessons when its answer was shown."""
    exposures: dict[_Place, list[Exposure]] = {}
    for row in _asked(edition_ids):
        place = _Place(row["enrolment"], question=row["question"])
        exposures.setdefault(place, []).append(_exposure(row))
    practice = _practice_keys(set(edition_ids.values()))
    finished = LessonCompletion.objects.filter(enrolment__in=edition_ids).order_by()
    for enrolment, lesson, moment in finished.values_list("enrolment_id", "lesson_id", "happened_at"):
        for key in practice.get((edition_ids[enrolment], lesson), ()):
            place = _Place(enrolment, lesson=lesson, practice_key=key)
            exposures[place] = [Exposure(moment, True)]
    return exposures


def _practice_keys(edition_ids: set[int]) -> dict[tuple[int, int], set[str]]:
    """By edition and lesson. Editions from before practice was kept have theirs kept now."""
    found = _practice_in(edition_ids)
    missing = edition_ids - {edition for edition, _lesson in found}
    if sum(keep_practice(edition=edition) for edition in missing):
        found |= _practice_in(missing)
    return found


def _practice_in(edition_ids: set[int]) -> dict[tuple[int, int], set[str]]:
    rows = PracticeQuestion.objects.filter(document__entries__edition__in=edition_ids).order_by()
    found: dict[tuple[int, int], set[str]] = {}
    places = rows.values_list("document__entries__edition", "document__entries__lesson", "key").distinct()
    for edition, lesson, key in places:
        found.setdefault((edition, lesson), set()).add(key)
    return found


def _new_card(place: _Place, memory: Memory) -> ReviewCard:
    return ReviewCard(
        enrolment_id=place.enrolment,
        question_id=place.question,
        lesson_id=place.lesson,
        practice_key=place.practice_key,
        **memory._asdict(),
    )


def _memory_in(card: ReviewCard) -> Memory:
    return Memory(card.stability, card.difficulty, card.exposed_at, card.due_at)
