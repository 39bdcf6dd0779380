"""A question as it stands between the format of a file and a kind of ours."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from maarifa.lib.problems import Problem

WHOLE = Decimal(100)
"""What an answer is worth that earns all points. Worth is in percent of the points; below 0 it costs points."""

ANYTHING = "*"
"""As the text of an answer: every answer that no other one accepts."""

BLANK = "_____"
"""Stands in the stem of a question with a missing word, once; see `ExchangeQuestion.missing_word`."""

MARKER = re.compile(r"\[\[([0-9]+)\]\]")
"""Stands in the stem of a question with gaps, numbered from 1, each once."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of a question: a choice, an accepted text, or a number with its tolerance."""

    text: str
    percent: Decimal = Decimal(0)
    feedback: str = ""
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Pair:
    """`left` is empty for an answer that belongs to nothing."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True)
class Gap:
    """One gap of several. `typed`: the learner writes the answer; else they choose it."""

    answers: tuple[Answer, ...]
    typed: bool = False
    case: bool = False


@dataclass(frozen=True)
class Unit:
    """How many of it make one of the question's own unit: 1 for that unit itself."""

    name: str
    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class ExchangeQuestion:
    """`type` is the name of one of our kinds, or what the format calls it where we have none.

    `line` is where it begins in the file, from 1 (the row, in a spreadsheet). Texts are plain, in NFC. `notes` say what
    was changed to read it. `right_feedback` and `wrong_feedback` are on the answer as a whole.
    """

    type: str
    name: str = ""
    key: str = ""
    stem: str = ""
    line: int = 0
    explanation: str = ""
    points: Decimal = Decimal(1)
    lesson: str = ""
    outcome: str = ""
    level: str = ""
    category: str = ""
    answers: tuple[Answer, ...] = ()
    pairs: tuple[Pair, ...] = ()
    items: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    units: tuple[Unit, ...] = ()
    missing_word: bool = False
    case: bool = False
    diacritics: bool = False
    shuffle: bool = True
    last: tuple[int, ...] = ()
    """The places, from 1, of choices that stay at the end when the others are shuffled."""
    all_or_nothing: bool = False
    right_feedback: str = ""
    wrong_feedback: str = ""
    notes: tuple[Problem, ...] = ()


@dataclass
class Reading:
    """What a file holds: questions as far as they can be read, what is wrong with others, and what holds for all."""

    questions: list[ExchangeQuestion] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
