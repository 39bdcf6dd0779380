"""The answer sheet of an attempt: what its page shows, and what came back from it.

The names of the form fields are q1, q2 … by the question's position. Nothing is required: a sheet half filled in is
saved as it is. Neither keys nor feedback are on it. It works without a script, and so does the whole room.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from maarifa.quizzes.kinds import Kind, Response, Shown, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion
from maarifa.quizzes.refusals import AnswerRefusal
from maarifa.quizzes.words import Words, words_for


@dataclass(frozen=True)
class SheetChoice:
    key: str
    text: str
    id: str
    checked: bool


@dataclass(frozen=True)
class SheetQuestion:
    position: int
    points: int
    kind: Kind
    shown: Shown
    words: Words
    ticked: tuple[str, ...]
    typed: str
    """As it stands in the field, be it a number or not."""
    problem: AnswerRefusal | None

    @property
    def name(self) -> str:
        return f"q{self.position}"

    @property
    def id(self) -> str:
        """Of its first field, where a link to the question leads."""
        return f"id_{self.name}_0" if self.shown.choices else f"id_{self.name}"

    @property
    def choices(self) -> list[SheetChoice]:
        return [
            SheetChoice(key, text, f"id_{self.name}_{number}", key in self.ticked)
            for number, (key, text) in enumerate(self.shown.choices)
        ]


@dataclass(frozen=True)
class AnswerSheet:
    """`responses` (question position to response, None for no answer) is what to hand to `save_answers` or
    `submit_attempt`: what was sent and could be read, or, on a sheet that nobody sent, what is kept.

    It depends on what was sent alone, so that the same form sent twice gives the same responses.
    """

    attempt: Attempt
    questions: tuple[SheetQuestion, ...]
    responses: Mapping[str, Response | None]
    answered: int
    """How many questions have an answer kept."""

    @property
    def problems(self) -> list[AnswerRefusal]:
        return [question.problem for question in self.questions if question.problem]

    @property
    def wrong_questions(self) -> list[SheetQuestion]:
        return [question for question in self.questions if question.problem]

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def points_differ(self) -> bool:
        return len({question.points for question in self.questions}) > 1

    @property
    def is_machine_made(self) -> bool:
        return any(question.words.is_machine_made for question in self.questions)

    @property
    def is_stale(self) -> bool:
        return any(question.words.is_stale for question in self.questions)

    @property
    def is_partly_translated(self) -> bool:
        """True where a question is shown in another language than the learner chose."""
        return any(question.words.language != self.attempt.language for question in self.questions)


def answer_sheet(attempt: Attempt, data: QueryDict | None = None) -> AnswerSheet:
    """The sheet of an open attempt, filled in as kept, or as sent where there is `data`. One query."""
    rows = list(attempt.questions.select_related("question_version").order_by("position"))
    questions, responses = [], {}
    for row in rows:
        question, response = _question(row, attempt.language, data)
        questions.append(question)
        if question.problem is None:
            responses[str(row.position)] = response
    answered = sum(row.response is not None for row in rows)
    return AnswerSheet(attempt, tuple(questions), responses, answered)


def _question(row: AttemptQuestion, language: str, data) -> tuple[SheetQuestion, Response | None]:
    version = row.question_version
    kind = kind_named(version.kind)
    response, problem = row.response, None
    if data is not None:
        sent = data.getlist(f"q{row.position}")
        try:
            response = kind.read_form(version.structure, sent)
        except AnswerRefusal as refusal:
            problem = AnswerRefusal(refusal.code, value=refusal.params["value"], position=str(row.position))
            response = sent if kind.choice_keys(version.structure) else "".join(sent[-1:])
    words = words_for(version, language)
    return SheetQuestion(
        position=row.position,
        points=version.points,
        kind=kind,
        shown=kind.shows(version.structure, words.words, row.choice_order, words.language),
        words=words,
        ticked=tuple(response) if isinstance(response, list) else (),
        typed=response if isinstance(response, str) else "",
        problem=problem,
    ), response
