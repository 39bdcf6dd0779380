"""What the mappings of all kinds have in common. They know the structure and texts of their kind as data."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from string import ascii_lowercase
from typing import Any

from maarifa.lib.problems import Problem
from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.model import Answer, ExchangeQuestion
from maarifa.quizzes.exchange.problems import Refused, note

Data = dict[str, Any]


@dataclass(frozen=True)
class Mapped:
    """A question as its kind has it, unchecked; `notes` say what was changed."""

    structure: Data
    texts: Data
    notes: tuple[Problem, ...] = ()


class Mapping(ABC):
    kind: str
    structure_fields: frozenset[str]
    """What it can write of a structure. Another field is refused, not dropped."""
    texts_fields: frozenset[str]

    def from_exchange(self, question: ExchangeQuestion) -> Mapped:
        """Raises `Refused` for what the kind does not have."""
        mapped = self.read(question)
        explanation = {"explanation": question.explanation} if question.explanation else {}
        return replace(mapped, texts={**mapped.texts, **explanation})

    def to_exchange(self, structure: Data, texts: Data) -> ExchangeQuestion:
        """Of a question without problems. Raises `Refused` for what is in no other system."""
        for field in (
            *structure.keys() - self.structure_fields,
            *texts.keys() - self.texts_fields - {"stem", "explanation"},
        ):
            raise Refused("FIELD_OUT", field=field)
        return replace(self.written(structure, texts), explanation=texts.get("explanation", ""))

    @abstractmethod
    def read(self, question: ExchangeQuestion) -> Mapped:
        """As `from_exchange`, without what all kinds have."""

    @abstractmethod
    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        """As `to_exchange`, without what all kinds have."""


class Unmapped(Mapping):
    def __init__(self, kind: str) -> None:
        self.kind = kind

    def from_exchange(self, question: ExchangeQuestion) -> Mapped:
        raise Refused("KIND", kind=self.kind)

    def to_exchange(self, structure: Data, texts: Data) -> ExchangeQuestion:
        raise Refused("KIND_OUT", kind=self.kind)

    read = from_exchange
    written = to_exchange


def keys_for(items: Iterable[object]) -> list[str]:
    """A key for each: letters, as authors get them."""
    return [
        ascii_lowercase[place] if place < len(ascii_lowercase) else f"item-{place + 1}"
        for place, _item in enumerate(items)
    ]


def whole_percent(percent: Decimal, notes: list[Problem]) -> int:
    """From 1 to 99; notes where it was rounded."""
    whole = int(min(max(percent.quantize(Decimal(1), ROUND_HALF_UP), Decimal(1)), Decimal(99)))
    if whole != percent:
        notes.append(note("PERCENT", value=plain(percent), whole=whole))
    return whole


def one_feedback(answers: Iterable[Answer], notes: list[Problem]) -> str:
    """What all of these answers say afterwards; notes where they differ."""
    texts = list(dict.fromkeys(answer.feedback for answer in answers))
    if len(texts) > 1:
        notes.append(note("ANSWER_FEEDBACK"))
    return next(filter(None, texts), "")


def note_negative(answers: Iterable[Answer], notes: list[Problem]) -> None:
    if any(answer.percent < 0 for answer in answers):
        notes.append(note("NEGATIVE"))


def with_feedback(texts: Data, correct: str, wrong: str) -> Data:
    """The texts with the feedback that is there."""
    feedback = {name: text for name, text in (("correct", correct), ("wrong", wrong)) if text}
    return {**texts, "feedback": feedback} if feedback else texts
