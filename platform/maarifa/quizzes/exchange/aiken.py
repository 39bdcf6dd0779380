"""Aiken, Moodle's simplest text format: https://docs.moodle.org/en/Aiken_format.

    Which city is the capital of Kenya?
    A. Mombasa
    B. Nairobi
    ANSWER: B

A question with one right choice, and nothing else. Empty lines mean nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_uppercase

from maarifa.lib.text import nfc
from maarifa.quizzes.exchange.model import WHOLE, Answer, ExchangeQuestion, Reading
from maarifa.quizzes.exchange.opening import MOST_QUESTIONS
from maarifa.quizzes.exchange.problems import Refused
from maarifa.quizzes.exchange.writing import check_texts, has_feedback

NAME = "Aiken"

_CHOICE = re.compile(r"([A-Z])(?:\)[ \t]*|\.[ \t]+)(.*)")
_ANSWER = re.compile(r"ANSWER[ \t]*:(.*)", re.IGNORECASE)


@dataclass
class _Draft:
    """The lines of a question so far."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    problem: Refused | None = None

    def refuse(self, code: str, line: int, **params: object) -> None:
        """Of several things that are wrong with a question, the first is told."""
        self.problem = self.problem or Refused(code, line=line, **params)

    @property
    def is_begun(self) -> bool:
        return bool(self.stem or self.choices)


def read(text: str) -> Reading:
    """Never raises. Stops behind `MOST_QUESTIONS`."""
    reading, draft = Reading(), _Draft()
    number = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        draft.line = draft.line or number
        answer, choice = _ANSWER.fullmatch(line), _CHOICE.fullmatch(line)
        if answer:
            _finish(reading, draft, answer[1].strip(), number)
            draft = _Draft()
        elif choice:
            _add_choice(draft, choice[1], choice[2].strip(), number)
        elif draft.choices:
            # A new question, without the answer of the one before.
            draft.refuse("AIKEN_NO_ANSWER", number)
            _finish(reading, draft, "", number)
            draft = _Draft(line=number, stem=[line])
        else:
            draft.stem.append(line)
        if len(reading.questions) + len(reading.problems) > MOST_QUESTIONS:
            return reading
    if draft.is_begun:
        draft.refuse("AIKEN_NO_ANSWER" if draft.choices else "AIKEN_NO_CHOICES", draft.line)
        _finish(reading, draft, "", number)
    return reading


def _add_choice(draft: _Draft, letter: str, text: str, line: int) -> None:
    expected = ascii_uppercase[min(len(draft.choices), 25)]
    if letter != expected:
        draft.refuse("AIKEN_LETTER", line, value=letter, right=expected)
    if not text:
        draft.refuse("ANSWER_EMPTY", line, number=len(draft.choices) + 1)
    draft.choices.append(text)


def _finish(reading: Reading, draft: _Draft, answer: str, line: int) -> None:
    letters = ascii_uppercase[: len(draft.choices)]
    if not draft.is_begun:
        draft.refuse("AIKEN_ANSWER_ALONE", line)
    elif not draft.stem:
        draft.refuse("NO_STEM", draft.line)
    elif len(draft.choices) < 2:
        draft.refuse("AIKEN_NO_CHOICES", draft.line)
    elif len(answer) != 1 or answer.upper() not in letters:
        draft.refuse("AIKEN_BAD_ANSWER", line, value=answer, right=", ".join(letters))
    stem = nfc("\n".join(draft.stem))
    if draft.problem:
        line = draft.problem.params.pop("line")
        reading.problems.append(draft.problem.problem(name=stem.partition("\n")[0][:60], line=line))
        return
    answers = tuple(
        Answer(text=nfc(text), percent=WHOLE if letter == answer.upper() else Decimal(0))
        for letter, text in zip(letters, draft.choices, strict=True)
    )
    reading.questions.append(ExchangeQuestion(type="single", stem=stem, line=draft.line, answers=answers))


def check(question: ExchangeQuestion) -> None:
    """Refuses what Aiken cannot hold."""
    check_texts(question, NAME)
    if question.type != "single":
        raise Refused("OUT_KIND", kind=question.type, format=NAME)
    if has_feedback(question):
        raise Refused("OUT_FEEDBACK", format=NAME)
    if any(answer.percent not in (0, WHOLE) for answer in question.answers):
        raise Refused("OUT_CREDIT", format=NAME)
    if question.last or not question.shuffle:
        raise Refused("OUT_LAST", format=NAME)
    if len(question.answers) > len(ascii_uppercase):
        raise Refused("OUT_MANY", format=NAME)
    for text in (answer.text for answer in question.answers):
        if "\n" in text:
            raise Refused("OUT_LINES", format=NAME)
    for line in question.stem.split("\n"):
        if line != line.strip() or not line:
            raise Refused("OUT_LINES", format=NAME)
        if _CHOICE.fullmatch(line) or _ANSWER.fullmatch(line):
            raise Refused("OUT_SYNTAX", value=line, format=NAME)


def write(questions: Iterable[ExchangeQuestion]) -> bytes:
    return "\n".join(_written(question) for question in questions).encode()


def _written(question: ExchangeQuestion) -> str:
    right = next(place for place, answer in enumerate(question.answers) if answer.percent == WHOLE)
    lines = [
        question.stem,
        *(
            f"{letter}. {answer.text}"
            for letter, answer in zip(ascii_uppercase, question.answers, strict=False)
        ),
        f"ANSWER: {ascii_uppercase[right]}",
    ]
    return "".join(f"{line}\n" for line in lines)
