"""What a review asks: which questions may be asked again, which of them first, and in which words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.models import EditionQuiz, PracticeQuestion
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.learning.memory import recall
from maarifa.learning.models import ReviewAnswer, ReviewCard, ReviewCardQuerySet
from maarifa.lib.digests import digest
from maarifa.lib.models import TranslatedText
from maarifa.lib.prepared import Prepared
from maarifa.quizzes.enums import BankKind, ReviewRule
from maarifa.quizzes.kinds import KINDS, AllTexts, AnyKind, StructureData, kind_named
from maarifa.quizzes.models import Attempt, QuestionVersion, Quiz
from maarifa.quizzes.sampling import order_of_choices
from maarifa.quizzes.texts import LanguageTexts, texts_for

MOST = 5
"""Questions in one review."""
SECONDS_EACH = 36
"""About how long a question takes with its explanation: five take three minutes."""
STEP_BY_STEP = [kind.name for kind in KINDS.values() if kind.fixes]
"""Kinds of question that take several pages: they do not come back in a review."""

BANKS = (BankKind.MODULE, BankKind.PRACTICE)
"""Exams are never reviewed: their questions are asked again."""


def cards_to_ask(at: datetime) -> ReviewCardQuerySet:
    """Cards whose question may be asked, and its answer told, at this moment; due or not.

    The enrolment is open and its course is not retired. A question for practice is in the edition that is read now, in
    the language of the enrolment or the source language. A question of a quiz is of a bank that is no exam's; the
    learner has passed a quiz of this bank, or used all attempts at it; and can try no quiz of this bank, now or later:
    nobody meets here the key of a question that may still count. No question is asked where a quiz of the bank tells
    only the score, or told only this when it was taken.
    """
    return _ever_open().filter(Q(enrolment__opens_at__isnull=True) | Q(enrolment__opens_at__lte=at))


def _ever_open() -> ReviewCardQuerySet:
    """As `cards_to_ask`, and those of enrolments that open later."""
    return ReviewCard.objects.filter(
        _practice_now() | _question_now(),
        enrolment__ended_at__isnull=True,
        enrolment__course__retired_at__isnull=True,
    )


def _practice_now() -> Q:
    edition = Coalesce(OuterRef("enrolment__held_edition"), OuterRef("enrolment__course__current_edition"))
    rows = PracticeQuestion.objects.filter(
        Q(document__language=OuterRef("enrolment__language"))
        | Q(document__language=OuterRef("enrolment__course__source_language")),
        document__entries__edition=edition,
        document__entries__lesson=OuterRef("lesson"),
        key=OuterRef("practice_key"),
    )
    return Q(question__isnull=True) & Q(Exists(rows))


def _question_now() -> Q:
    closed = (
        Attempt.objects.submitted()
        .filter(learner=OuterRef("enrolment__learner"), quiz__bank=OuterRef("question__bank"))
        .filter(
            Q(passed=True, late__in=Attempt.COUNTED)
            | Q(Exists(_used_all(learner=OuterRef("learner"), quiz=OuterRef("quiz"))))
        )
        .order_by()
    )
    card_learner = OuterRef(OuterRef("enrolment__learner"))
    in_edition = EditionQuiz.objects.filter(
        edition=Coalesce(
            OuterRef(OuterRef("enrolment__held_edition")),
            OuterRef(OuterRef("enrolment__course__current_edition")),
        ),
        quiz=OuterRef("pk"),
    )
    may_still_count = (
        Quiz.objects.filter(
            Q(retired_at__isnull=True) | Q(Exists(in_edition)), bank=OuterRef("question__bank")
        )
        .exclude(
            Exists(_passed(learner=card_learner, quiz=OuterRef("pk")))
            | Exists(_used_all(learner=card_learner, quiz=OuterRef("pk")))
        )
        .order_by()
    )
    attempts = Attempt.objects.filter(
        learner=OuterRef("enrolment__learner"), quiz__bank=OuterRef("question__bank")
    ).order_by()
    untold_attempts = attempts.filter(Q(submitted_at__isnull=True) | Q(rules__review=ReviewRule.SCORE.value))
    untold_quizzes = Quiz.objects.filter(
        bank=OuterRef("question__bank"), retired_at__isnull=True, review=ReviewRule.SCORE
    ).order_by()
    return (
        Q(
            question__retired_at__isnull=True,
            question__bank__retired_at__isnull=True,
            question__bank__kind__in=BANKS,
        )
        & ~Q(question__kind__in=STEP_BY_STEP)
        & Q(Exists(closed))
        & ~Q(Exists(may_still_count))
        & ~Q(Exists(untold_attempts))
        & ~Q(Exists(untold_quizzes))
    )


def _passed(**of: OuterRef) -> QuerySet[Attempt]:
    return Attempt.objects.passed().filter(**of).order_by()


def _used_all(**of: OuterRef) -> QuerySet[Attempt]:
    return last_attempts_of_who_used_all().filter(**of)


# Of one learner -----------------------------------------------------------------------------------------------

# Django takes a hundred times as long to write this query as a database to answer it.
_OF_LEARNER = Prepared(
    lambda learner: (
        _ever_open()
        .filter(enrolment__learner_id=learner)
        .order_by()
        .values_list(
            "pk", "stability", "exposed_at", "due_at", "enrolment__course__key", "enrolment__opens_at"
        )
    ),
    learner=int,
)


class AskableCard(NamedTuple):
    """`card` is its id, `course` the key of its course."""

    card: int
    stability: float
    exposed_at: datetime
    due_at: datetime
    course: str


def askable_cards(user: User, at: datetime) -> list[AskableCard]:
    """The learner's `cards_to_ask`. One query."""
    rows = _OF_LEARNER.rows(learner=user.pk)
    return [AskableCard(*row) for *row, opens_at in rows if opens_at is None or opens_at <= at]


def askable_ids(user: User, at: datetime) -> set[int]:
    """The ids of the learner's `cards_to_ask`. One query."""
    return {row.card for row in askable_cards(user, at)}


def number_due(user: User, at: datetime) -> int:
    """How many questions the next review has, at most MOST. One query."""
    return min(sum(row.due_at <= at for row in askable_cards(user, at)), MOST)


def minutes_for(questions: int) -> int:
    """How long so many questions take."""
    return -(-questions * SECONDS_EACH // 60)


class Next(NamedTuple):
    """The ids of the cards of the next review, the least remembered first; of how many questions each course has due,
    by its key; and when something is due that is not due yet, None where nothing is.
    """

    cards: list[int]
    due_by_course: dict[str, int]
    next_at: datetime | None


def next_review(user: User, at: datetime, *, course: str = "") -> Next:
    """What is asked now, at most MOST questions: of the course with this key, or of all. One query."""
    rows = askable_cards(user, at)
    due = sorted((row for row in rows if row.due_at <= at), key=lambda row: _order(row, at))
    wanted = [row.card for row in due if course in ("", row.course)]
    counts = Counter(row.course for row in due)
    next_at = min((row.due_at for row in rows if row.due_at > at), default=None)
    return Next(wanted[:MOST], dict(sorted(counts.items())), next_at)


def _order(row: AskableCard, at: datetime) -> tuple[float, datetime, int]:
    """By recall; of two that are remembered alike, the one first that is due longer."""
    return recall(stability=row.stability, exposed_at=row.exposed_at, at=at), row.due_at, row.card


# Its question -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewQuestion:
    """A card with its question in the words of the language in which the course is read."""

    card: ReviewCard
    kind: AnyKind
    structure: StructureData
    texts: LanguageTexts
    all_texts: AllTexts
    lesson_key: str
    version: QuestionVersion | None
    practice: PracticeQuestion | None

    POINTS = 1

    @property
    def maximum(self) -> int:
        return self.kind.maximum(self.POINTS)

    def order_on(self, form_id: UUID) -> list[str]:
        """Of its choices, on the loaded page with this id: the same whatever is answered meanwhile."""
        keys = self.kind.choice_keys(self.structure)
        seed = int(digest(f"{self.card.public_id}{form_id}")[:15], 16)
        shuffled = order_of_choices(seed, str(self.card.public_id), keys, self.kind.last_keys(self.structure))
        return self.kind.order(self.structure, shuffled)


def with_course(cards: ReviewCardQuerySet) -> ReviewCardQuerySet:
    """With what a question needs of its enrolment and its lesson."""
    return cards.select_related("enrolment__course", "lesson")


def questions_of(cards: Iterable[ReviewCard]) -> list[ReviewQuestion]:
    """The questions of these cards `with_course`, as they are asked now, in the same order: the newest version of each
    question of a quiz, and practice as the edition has it. Left out is what is there no more. Two queries.
    """
    cards = list(cards)
    versions = _newest_versions([card.question_id for card in cards if card.question_id])
    practice = _practice_of([card for card in cards if card.lesson_id])
    questions = []
    for card in cards:
        if version := versions.get(card.question_id or 0):
            questions.append(of_version(card, version))
        elif row := practice.get(card.pk):
            questions.append(of_practice(card, row))
    return questions


def in_version(card: ReviewCard, number: int) -> ReviewQuestion | None:
    """The question of a quiz as the version of this number asks it; None where there is no such version. One query."""
    version = QuestionVersion.objects.filter(question=card.question_id, number=number).first()
    return of_version(card, version) if version else None


def of_version(card: ReviewCard, version: QuestionVersion) -> ReviewQuestion:
    texts = texts_for(version, card.enrolment.language)
    kind = kind_named(version.kind)
    return ReviewQuestion(
        card, kind, version.structure, texts, version.texts, version.lesson_key, version, None
    )


def of_practice(card: ReviewCard, row: PracticeQuestion) -> ReviewQuestion:
    language = row.document.language
    lesson = editions.outline(card.enrolment.edition_id).lesson(_lesson_key(card))
    state = lesson.texts(language)["state"] if lesson else TranslatedText.State.SOURCE
    texts = LanguageTexts(row.texts, language, state)
    kind = kind_named(row.kind)
    return ReviewQuestion(
        card, kind, row.structure, texts, {language: row.texts}, _lesson_key(card), None, row
    )


def of_answer(answer: ReviewAnswer) -> ReviewQuestion:
    """The question as it was when it was answered, for an answer with its card `with_course`."""
    if answer.question_version:
        return of_version(answer.card, answer.question_version)
    if answer.practice_question:
        return of_practice(answer.card, answer.practice_question)
    raise ValueError("an answer is to a question of a quiz or for practice")


def _lesson_key(card: ReviewCard) -> str:
    return card.lesson.key if card.lesson else ""


def _newest_versions(questions: Sequence[int]) -> dict[int, QuestionVersion]:
    if not questions:
        return {}
    newest = (
        QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number").values("pk")[:1]
    )
    rows = QuestionVersion.objects.filter(question__in=questions, pk=Subquery(newest))
    return {row.question_id: row for row in rows}


def _practice_of(cards: Sequence[ReviewCard]) -> dict[int, PracticeQuestion]:
    """By the id of the card, in the language of its enrolment, else in the source language."""
    found: dict[int, PracticeQuestion] = {}
    if not cards:
        return found
    rows = (
        PracticeQuestion.objects.filter(
            document__entries__edition__in={card.enrolment.edition_id for card in cards},
            document__entries__lesson__in={card.lesson_id for card in cards},
            key__in={card.practice_key for card in cards},
        )
        .select_related("document")
        .defer("document__html", "document__deflated", "document__about")
        .annotate(edition=F("document__entries__edition"), lesson=F("document__entries__lesson"))
    )
    by_place: dict[tuple[int, int, str], dict[str, PracticeQuestion]] = {}
    for row in rows:
        by_place.setdefault((row.edition, row.lesson, row.key), {})[row.document.language] = row
    for card in cards:
        edition_id = card.enrolment.edition_id
        by_language = by_place.get((edition_id, card.lesson_id or 0, card.practice_key), {})
        for language in (card.enrolment.language, editions.outline(edition_id).source_language):
            if language in by_language:
                found.setdefault(card.pk, by_language[language])
    return found
