"""The answer form of an attempt: what its page shows, and what a form that came back says.

The names of the form fields are q1, q2 … by the question's position, or q1_part where a question has several parts;
`seen` is what their answers were when the page was loaded, and `event` the id of that loading. A form is a statement
about what it changed: a question that stands as it was seen says nothing. Nothing is required: a form half filled in is
saved as it is. Neither keys nor feedback are on it. It works without a script.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from pydantic import ValidationError

from maarifa.lib.text import storable
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import RESPONSE, AnswerFields, AnyKind, Parts, Response, Shown, kind_named
from maarifa.quizzes.kinds.base import texts_in
from maarifa.quizzes.models import Attempt, AttemptQuestion
from maarifa.quizzes.texts import LanguageTexts, texts_for


@dataclass(frozen=True)
class FormQuestion:
    position: int
    points: int
    kind: AnyKind
    form: AnswerFields[Any, Any]
    texts: LanguageTexts
    problem: AnswerError | None
    help: str = ""
    """How to answer, and what is worth a part of the points."""
    elsewhere: str | None = None
    """The answer saved elsewhere in the meantime, in words; "" for none. None where there is no conflict."""
    here: str = ""
    """The answer of this form, in words."""
    answered: bool = False
    """Whether it has an answer once the form's is kept."""
    finished: bool = True
    """Whether this answer leaves nothing of the question to be answered."""
    answered_at: datetime | None = None
    """When the answer that is kept was given, or taken back."""

    @property
    def name(self) -> str:
        return f"q{self.position}"

    @property
    def stem(self) -> str:
        stem: str = self.form.shown.stem
        return stem

    @property
    def id(self) -> str:
        """Of its first field, where a link to the question leads."""
        return self.form.id


@dataclass(frozen=True)
class QuestionsForm:
    """What a form that asks questions says of all of them."""

    questions: tuple[FormQuestion, ...]

    @property
    def wrong_questions(self) -> list[FormQuestion]:
        """Those whose answer could not be read."""
        return [question for question in self.questions if question.problem]

    @property
    def scripts(self) -> list[str]:
        """What makes its questions easier to answer, as static files."""
        return list(dict.fromkeys(one.kind.script for one in self.questions if one.kind.script))

    @property
    def is_machine_made(self) -> bool:
        return any(question.texts.is_machine_made for question in self.questions)

    @property
    def is_stale(self) -> bool:
        return any(question.texts.is_stale for question in self.questions)


@dataclass(frozen=True)
class AnswerForm(QuestionsForm):
    """`responses` (question position to response, None for no answer) and `bases` are what to hand to `save_answers` or
    `submit_attempt`: what the form that was sent changed and could be read, and what those answers had been before;
    nothing, on a form that nobody sent. `bases` is None for a form that does not say what it saw.

    They depend on what was sent alone, so that the same form sent twice gives the same responses.
    """

    attempt: Attempt
    responses: Mapping[str, Response | None]
    bases: Mapping[str, object] | None
    form_id: UUID | None
    stored: Mapping[str, Response] = field(default_factory=dict)
    """The answers that are kept, as the page has them."""

    @property
    def answered(self) -> int:
        """How many questions have an answer kept that leaves nothing of them."""
        return len(self.stored.keys() - {str(question.position) for question in self.unfinished})

    @property
    def seen(self) -> str:
        """For the hidden field: what is kept now."""
        return json.dumps(self.stored, ensure_ascii=False, separators=(",", ":"))

    @property
    def blanks(self) -> list[FormQuestion]:
        """The questions without an answer, once what the form says is kept."""
        return [question for question in self.questions if not question.answered]

    @property
    def unfinished(self) -> list[FormQuestion]:
        """The questions whose answer leaves a part of them to be answered."""
        return [question for question in self.questions if question.answered and not question.finished]

    @property
    def conflicts(self) -> list[FormQuestion]:
        return [question for question in self.questions if question.elsewhere is not None]

    @property
    def problems(self) -> list[AnswerError]:
        return [question.problem for question in self.questions if question.problem]

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def points_differ(self) -> bool:
        return len({question.points for question in self.questions}) > 1

    @property
    def is_partly_translated(self) -> bool:
        """True where a question is shown in another language than the learner chose."""
        return any(question.texts.language != self.attempt.language for question in self.questions)


def answer_form(attempt: Attempt, data: QueryDict | None = None, *, was_kept: bool = False) -> AnswerForm:
    """The answer form of an open attempt, filled in as kept; where there is `data`, what it changed as it was sent.
    One query.

    `was_kept`: who sent it is not certain, so that it is in conflict with every other answer that is saved, whatever
    it says it has seen.
    """
    rows = list(attempt.questions.select_related("question_version").order_by("position"))
    form = _Form(data, was_kept=was_kept)
    questions = tuple(_question(row, attempt.language, form) for row in rows)
    return AnswerForm(
        questions,
        attempt,
        form.responses,
        form.bases,
        form.id,
        {str(row.position): kept for row in rows if (kept := row.masked(row.response)) is not None},
    )


def leftover(data: QueryDict, positions: Iterable[int | str]) -> dict[str, list[str]]:
    """What a form says of these questions alone, as fields to keep."""
    seen, wanted = _seen(data) or {}, {str(position) for position in positions}
    fields: dict[str, list[str]] = {f"q{position}": [] for position in wanted}
    fields |= {name: values for name, values in _fields(data) if _position_and_part(name)[0] in wanted}
    if data.get("seen") is not None:
        fields["seen"] = [json.dumps({position: seen[position] for position in wanted & seen.keys()})]
    return {**fields, "event": data.getlist("event")}


def merged(forms: Iterable[QueryDict]) -> QueryDict:
    """Several forms as one, to be shown: of two that name a question, the later is taken."""
    fields: dict[str, list[str]] = {}
    seen: dict[str, Response] = {}
    for data in forms:
        sent = {name: values for name, values in _fields(data) if name.startswith("q")}
        named = {_position_and_part(name)[0] for name in sent}
        fields = {name: fields[name] for name in fields if _position_and_part(name)[0] not in named} | sent
        seen |= _seen(data) or {}
    form = QueryDict(mutable=True)
    for name, values in {**fields, "seen": [json.dumps(seen)]}.items():
        form.setlist(name, values)
    return form


class _Form:
    """What came back, read question by question."""

    def __init__(self, data: QueryDict | None, *, was_kept: bool):
        self.was_kept = was_kept
        self.data = QueryDict() if data is None else data
        self.seen = {} if data is None else _seen(data)
        self.responses: dict[str, Response | None] = {}
        self.bases: dict[str, object] | None = None if self.seen is None and not was_kept else {}
        self._parts: dict[str, dict[str, list[str]]] = {}
        for name, values in _fields(self.data):
            position, part = _position_and_part(name)
            self._parts.setdefault(position, {})[part] = values
        try:
            self.id = None if was_kept else UUID(self.data.get("event", ""))
        except ValueError:
            self.id = None

    def base(self, row: AttemptQuestion) -> object:
        """What the answer was when it was changed, as far as the form is believed."""
        return None if self.was_kept else self._seen_of(row)

    def _seen_of(self, row: AttemptQuestion) -> object:
        return row.unmasked((self.seen or {}).get(str(row.position)))

    def parts(self, position: str) -> Parts:
        """The values of the fields of a question."""
        return self._parts.get(position, {})

    def says(self, row: AttemptQuestion) -> tuple[bool, Response | None, AnswerError | None]:
        """Whether it changed this question, to what, beside what is stored by now, and why that cannot be read."""
        position, version = str(row.position), row.question_version
        try:
            response = kind_named(version.kind).read_form(
                version.structure, self.parts(position), row.choice_order, version.texts
            )
            changed = response != self._seen_of(row)
            after = row.after(response) if changed else response
        except AnswerError as refusal:
            return True, None, refusal.at(position)
        if changed:
            self.responses[position] = response
            if self.bases is not None:
                self.bases[position] = self.base(row)
        return changed, after, None


def _fields(data: QueryDict) -> list[tuple[str, list[str]]]:
    """The fields of a form; a button that saves a part of a question is an empty field of that part."""
    pressed = data.get("save") or ""
    button = [(pressed, [""])] if pressed.startswith("q") and pressed not in data else []
    return [*data.lists(), *button]


def _position_and_part(name: str) -> tuple[str, str]:
    """Of a field's name: the position of its question, empty where it is of none, and the part of the question."""
    question, _underscore, part = name.partition("_")
    return question[1:] if question[:1] == "q" else "", part


def _seen(data: QueryDict) -> dict[str, Response] | None:
    """By position, what the answers were when the page was loaded; None where the form does not say."""
    try:
        seen = json.loads(data.get("seen") or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(seen, dict):
        return None
    return {position: answer for position, answer in seen.items() if _can_be_stored(answer)}


def _can_be_stored(raw: object) -> bool:
    try:
        answer = RESPONSE.validate_python(raw, strict=True)
    except ValidationError:
        return False
    parts = list(answer) if isinstance(answer, dict) else []
    return all(storable(text) == text for text in (*parts, *texts_in(answer)))


def _question(row: AttemptQuestion, language: str, form: _Form) -> FormQuestion:
    version = row.question_version
    kind, texts = kind_named(version.kind), texts_for(version, language)
    shown = kind.shows_after(version.structure, texts.texts, row.choice_order, texts.language, row.response)
    changed, response, problem = form.says(row)
    base = form.base(row)
    conflict = (
        changed
        and form.bases is not None
        and problem is None
        and row.is_in_conflict(base=base, response=response, form_id=form.id)
    )
    if not changed:
        response = row.response
    sent = form.parts(str(row.position)) if problem else None
    kept = row.response if problem or conflict else response
    fields = kind.form(shown, f"q{row.position}", row.masked(response), sent)
    return FormQuestion(
        position=row.position,
        points=version.points,
        kind=kind,
        form=fields,
        texts=texts,
        problem=problem,
        help=kind.help_for(version.structure),
        elsewhere=_in_words(kind, shown, row.response) if conflict else None,
        here=_in_words(kind, shown, response),
        answered=kept is not None,
        finished=kept is None or kind.is_finished(version.structure, kept),
        answered_at=row.answered_at,
    )


def _in_words(kind: AnyKind, shown: Shown, response: Response | None) -> str:
    return "" if response is None else " · ".join(kind.said(shown, response))
