"""The form of a review: what its page shows, and what a form that came back says.

The fields of a question are called q1, q2 … by its position, or q1_part; `card` and `version` say in the same order
which questions they are, and `event` is the id of the loaded page. Nothing is required. Neither keys nor feedback are
on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from maarifa.curriculum import editions
from maarifa.learning.models import ReviewCard
from maarifa.learning.reviewing import MOST, ReviewQuestion, in_version, questions_of
from maarifa.quizzes.answerforms import FormQuestion, QuestionsForm
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import Parts, Response


@dataclass(frozen=True)
class AskedCard:
    """`response` is what the form says, None for nothing."""

    asked: ReviewQuestion
    question: FormQuestion
    response: Response | None

    @property
    def card(self) -> str:
        return str(self.asked.card.public_id)

    @property
    def version(self) -> int | None:
        """None for practice, which has no versions."""
        return self.asked.version.number if self.asked.version else None

    @property
    def course(self) -> str:
        return self.asked.card.enrolment.course.key

    @property
    def course_texts(self) -> dict[str, Any]:
        enrolment = self.asked.card.enrolment
        return editions.outline(enrolment.edition_id).texts(enrolment.language)


@dataclass(frozen=True)
class ReviewForm(QuestionsForm):
    asked: tuple[AskedCard, ...]
    form_id: UUID

    @property
    def is_partly_translated(self) -> bool:
        return any(one.asked.texts.language != one.asked.card.enrolment.language for one in self.asked)


def cards_named(data: QueryDict) -> dict[UUID, int]:
    """The ids of the cards that a form names, with their positions."""
    found: dict[UUID, int] = {}
    for position, text in enumerate(data.getlist("card")[:MOST], 1):
        try:
            found.setdefault(UUID(text), position)
        except ValueError:
            continue
    return found


def review_form(cards: Iterable[ReviewCard], data: QueryDict | None = None) -> ReviewForm:
    """The form that asks these cards, or what one that came back says of them. As many queries as `questions_of`, and
    one for each question that has been changed since its page was loaded.
    """
    questions = questions_of(cards)
    form_id = uuid4() if data is None else _form_id(data)
    if data is None:
        return _form(
            [_asked(position, one, form_id, {}) for position, one in enumerate(questions, 1)], form_id
        )
    positions, versions = cards_named(data), data.getlist("version")
    asked = []
    for question in sorted(questions, key=lambda one: positions[one.card.public_id]):
        position = positions[question.card.public_id]
        parts = _parts(data, position)
        shown = _as_shown(question, versions[position - 1 : position])
        asked.append(_asked(position, shown, form_id, parts))
    return _form(asked, form_id)


def _form(asked: Sequence[AskedCard], form_id: UUID) -> ReviewForm:
    return ReviewForm(tuple(one.question for one in asked), tuple(asked), form_id)


def leftover(data: QueryDict, positions: Sequence[int]) -> dict[str, list[str]]:
    """What a form says of these questions alone, as fields of a form to keep."""
    cards, versions = data.getlist("card"), data.getlist("version")
    fields: dict[str, list[str]] = {"card": [], "version": [], "event": data.getlist("event")}
    for new, position in enumerate(positions, 1):
        fields["card"] += cards[position - 1 : position]
        fields["version"] += versions[position - 1 : position] or [""]
        for part, values in _parts(data, position).items():
            fields[f"q{new}_{part}" if part else f"q{new}"] = values
    return fields


def _form_id(data: QueryDict) -> UUID:
    try:
        return UUID(data.get("event", ""))
    except ValueError:
        return uuid4()


def _as_shown(question: ReviewQuestion, version: list[str]) -> ReviewQuestion:
    """In the version that its page showed."""
    number = version[0] if version else ""
    if question.version is None or not number.isascii() or not number.isdigit() or len(number) > 9:
        return question
    if int(number) == question.version.number:
        return question
    return in_version(question.card, int(number)) or question


def _parts(data: QueryDict, position: int) -> dict[str, list[str]]:
    """The values of the fields of a question, by its parts."""
    name = f"q{position}"
    return {
        field[len(name) + 1 :]: values
        for field, values in data.lists()
        if field == name or field.startswith(f"{name}_")
    }


def _asked(position: int, asked: ReviewQuestion, form_id: UUID, parts: Parts) -> AskedCard:
    kind, response, problem = asked.kind, None, None
    order = asked.order_on(form_id)
    if parts:
        try:
            response = kind.read_form(asked.structure, parts, order, asked.all_texts)
        except AnswerError as refusal:
            problem = refusal.at(str(position))
    shown = kind.shows(asked.structure, asked.texts.texts, order, asked.texts.language)
    held = kind.masked(asked.structure, order, response)
    fields = kind.form(shown, f"q{position}", held, parts if problem else None)
    question = FormQuestion(
        position=position,
        points=asked.POINTS,
        kind=kind,
        form=fields,
        texts=asked.texts,
        problem=problem,
        help=kind.help_for(asked.structure),
        answered=response is not None,
    )
    return AskedCard(asked, question, response)
