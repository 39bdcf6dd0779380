"""What the pages of a branching case have: the steps that are answered and fixed, and the one after them.

A page names a step by the letter of its place on the path: keys may tell where an answer leads.
"""

from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from maarifa.lib.languages import attributes_of
from maarifa.quizzes.kinds.base import AnswerFields, AnyKind, Parts, Reviewed, Shown
from maarifa.quizzes.kinds.case.paths import OPEN, as_response

LETTERS = ascii_uppercase
"""A page's names of steps. No key has a capital letter."""


@dataclass(frozen=True)
class WordsIn:
    """Takes the place of a question's texts in the template of a step's kind."""

    language: str

    @property
    def attributes(self) -> str:
        return attributes_of(self.language)


@dataclass(frozen=True)
class ShownStep:
    """`key` is on no page; `number` counts from 1 on the path; `shown` is what the kind of the step shows, `answer` its
    answer as the page has it.
    """

    key: str
    number: int
    kind: AnyKind
    facts: str
    shown: Shown
    help: str
    answer: str

    @property
    def letter(self) -> str:
        return LETTERS[self.number - 1]

    def said(self, answer: str) -> list[str]:
        return self.kind.said(self.shown, as_response(self.kind, answer))


@dataclass(frozen=True)
class ShownCase(Shown):
    """`steps`: those that are fixed, and as the last one the step to be answered; without it the path is at its end."""

    steps: tuple[ShownStep, ...] = ()
    fixed: int = 0
    language: str = ""


@dataclass(frozen=True)
class FixedStep:
    """Shown as text, with a hidden field so that the form says it again."""

    step: ShownStep
    name: str

    @property
    def said(self) -> list[str]:
        return self.step.said(self.step.answer)


@dataclass(frozen=True)
class OpenStep:
    """The step to be answered, as the template of its kind has a question."""

    step: ShownStep
    name: str
    form: AnswerFields[Any, Any]
    texts: WordsIn
    fix: str
    """The value of the button that fixes it: its field, once it is fixed."""

    @property
    def kind(self) -> AnyKind:
        return self.step.kind

    @property
    def id(self) -> str:
        return self.form.id


class CaseFields(AnswerFields[ShownCase, dict[str, str]]):
    template = "quizzes/kinds/case.html"

    @staticmethod
    def answer(parts: Parts) -> dict[str, str]:
        """An empty part is the step that is to be fixed: the open answer is its answer."""
        steps = {part: "".join(values[-1:]) for part, values in parts.items() if part not in ("", OPEN)}
        given = ",".join(value for value in parts.get(OPEN, []) if value)
        if not all(steps.values()):
            return {part: value or given for part, value in steps.items()}
        return {**steps, OPEN: given} if given else steps

    @property
    def id(self) -> str:
        """Of the step to be answered."""
        return f"id_{self.name}"

    @property
    def fixed(self) -> list[FixedStep]:
        return [
            FixedStep(step, f"{self.name}_{step.letter}") for step in self.shown.steps[: self.shown.fixed]
        ]

    @property
    def open(self) -> OpenStep | None:
        if len(self.shown.steps) == self.shown.fixed:
            return None
        step, held = self.shown.steps[-1], self.held or {}
        name, sent = f"{self.name}_{OPEN}", self._sent_of_step()
        given = held.get(OPEN) or held.get(step.letter) or (step.answer if self.sent and not sent else "")
        response = as_response(step.kind, given) if given else None
        fields = step.kind.form(step.shown, name, response, sent)
        return OpenStep(step, name, fields, WordsIn(self.shown.language), f"{self.name}_{step.letter}")

    def _sent_of_step(self) -> Parts | None:
        """What came back for this step. None where it came back for another one: this one stands as it is kept."""
        if self.sent is None:
            return None
        fixed = [part for part, values in self.sent.items() if part not in ("", OPEN) and any(values)]
        return {"": self.sent.get(OPEN, [])} if len(fixed) == self.shown.fixed else None


@dataclass(frozen=True)
class ReviewedStep:
    """A step of the path taken, as the review of its kind has a question. `share` is what its answer earned of it, in
    percent, rounded down.
    """

    number: int
    kind: AnyKind
    facts: str
    stem: str
    texts: WordsIn
    answered: bool
    right: bool
    share: int
    earned: bool
    reviewed: Reviewed
    is_fixed: bool
    ends: bool
    """Whether the case ended with this answer."""

    @property
    def partly_right(self) -> bool:
        return self.earned and not self.right


@dataclass(frozen=True)
class BestStep:
    facts: str
    stem: str
    answer: list[str]


@dataclass(frozen=True)
class ReviewedCase(Reviewed):
    """`best`: the path that earns all points; empty where it was taken."""

    steps: tuple[ReviewedStep, ...] = ()
    best: tuple[BestStep, ...] = field(default=())
