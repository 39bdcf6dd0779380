"""What an import would do with a file, question by question. Nothing is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import override

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import KEY
from maarifa.lib.text import search_key
from maarifa.quizzes.courses import CourseFacts, facts_of
from maarifa.quizzes.enums import Level
from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.formats import Format, read_file
from maarifa.quizzes.exchange.keys import key_for
from maarifa.quizzes.exchange.mapping.base import Mapped
from maarifa.quizzes.exchange.mapping.gaps import with_gap
from maarifa.quizzes.exchange.model import ExchangeQuestion
from maarifa.quizzes.exchange.problems import UNSUPPORTED, ExchangeError, Refused, note
from maarifa.quizzes.kinds import KINDS, AnyKind
from maarifa.quizzes.models import Bank, QuestionText

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
LEAST_POINTS, MOST_POINTS = 1, 100
_PLACES = {"lesson": "LESSON", "outcome": "OUTCOME", "level": "LEVEL"}


@dataclass(frozen=True)
class PlannedQuestion:
    """A question that can be imported, as it will be stored."""

    key: str
    kind: str
    points: int
    lesson: str
    outcome: str
    level: str
    structure: dict[str, Any]
    texts: dict[str, Any]
    line: int = 0
    notes: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def stem(self) -> str:
        return str(self.texts["stem"])

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind].label)


@dataclass(frozen=True)
class ImportPlan:
    """`problems` are of questions that are left out, in the order of the file; `notes` are about the file."""

    bank: Bank
    file: str
    format: Format
    language: str
    questions: list[PlannedQuestion]
    problems: list[Problem]
    notes: list[Problem]


def source_language(facts: CourseFacts | None) -> str:
    """That of the course; English where nobody knows the course."""
    return facts.languages[0] if facts and facts.languages else "en"


def language_for(facts: CourseFacts | None, language: str) -> str:
    """The language that is asked for, or that of the course. Refuses LANGUAGE for one that the course does not have."""
    known = facts.languages if facts else []
    if language and (language not in known if known else not LANGUAGE.fullmatch(language)):
        raise ExchangeError("LANGUAGE", value=language, right=", ".join(known or ["ar", "en", "zh-hans"]))
    return language or source_language(facts)


def plan_import(
    *, bank: Bank, content: bytes, file: str, reader_language: str, language: str = "", format_name: str = ""
) -> ImportPlan:
    """The plan for a file. `language` is that of its texts: the source language of the course, unless given.

    Raises `ExchangeError` where the file cannot be read at all, and LANGUAGE. Two queries, and those that the course
    needs.
    """
    facts = facts_of(bank.key)
    language = language_for(facts, language)
    file_format, reading = read_file(content, name=file, language=reader_language, format_name=format_name)
    used = set(bank.questions.values_list("key", flat=True))
    texts = QuestionText.objects.filter(
        question__bank=bank, question__retired_at=None, state=QuestionText.State.SOURCE
    )
    there = {
        search_key(str(words.get("stem", ""))): key
        for words, key in texts.values_list("texts", "question__key")
    }
    planner = _Planner(facts, used, there, language, refuses_places=file_format.is_table)
    for question in reading.questions:
        planner.add(question)
    problems = sorted([*reading.problems, *planner.problems], key=lambda one: one.line or 0)
    return ImportPlan(bank, file, file_format, language, planner.questions, problems, reading.notes)


@dataclass
class _Planner:
    """`refuses_places`: whether a lesson that nobody knows is an error of the file's author, or of another course."""

    facts: CourseFacts | None
    used: set[str]
    there: dict[str, str]
    language: str
    refuses_places: bool
    questions: list[PlannedQuestion] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    titles: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By the name of a place, the keys of those with a title, as it is searched for."""

    def add(self, question: ExchangeQuestion) -> None:
        try:
            planned = self._planned(question)
        except Refused as refusal:
            name = question.name or question.stem.partition("\n")[0]
            self.problems.append(refusal.problem(name=name[:60], line=question.line))
        else:
            self.questions.append(planned)
            self.used.add(planned.key)
            self.seen.setdefault(search_key(planned.stem), question.line)

    def _planned(self, question: ExchangeQuestion) -> PlannedQuestion:
        with _in_language(self.language):
            kind, mapped = mapped_question(question)
        notes = [*question.notes, *mapped.notes]
        places = {name: self._place(name, question, notes) for name in _PLACES}
        points = self._points(question.points, notes)
        stem = search_key(mapped.texts["stem"])
        if stem in self.there:
            notes.append(note("SAME_TEXT", key=self.there[stem]))
        elif stem in self.seen:
            notes.append(note("SAME_IN_FILE", line=self.seen[stem]))
        key = key_for(question, self.used)
        return PlannedQuestion(
            key=key,
            kind=kind.name,
            points=points,
            structure=mapped.structure,
            texts=mapped.texts,
            line=question.line,
            notes=tuple(notes),
            **places,
        )

    def _points(self, points: Decimal, notes: list[Problem]) -> int:
        whole = min(max(points, Decimal(LEAST_POINTS)), Decimal(MOST_POINTS)).quantize(
            Decimal(1), ROUND_HALF_UP
        )
        if whole == points:
            return int(whole)
        if self.refuses_places:
            raise Refused("POINTS", value=plain(points))
        notes.append(note("POINTS", value=plain(points), whole=int(whole)))
        return int(whole)

    def _place(self, name: str, question: ExchangeQuestion, notes: list[Problem]) -> str:
        """The key of a lesson or an outcome that is named by key or title, or a level."""
        value = str(getattr(question, name))
        known = self._known(name)
        if not value or value in known:
            return value
        named = self._keys_by_title(name).get(search_key(value), [])
        if len(named) == 1:
            return named[0]
        if self.facts is None and name != "level" and KEY.fullmatch(value):
            return value
        if self.refuses_places:
            raise Refused(_PLACES[name], value=value, right=", ".join(map(str, Level.labels)))
        notes.append(note(_PLACES[name], value=value))
        return ""

    def _keys_by_title(self, name: str) -> dict[str, list[str]]:
        if name not in self.titles:
            titles = self.titles[name] = {}
            for key, title in self._known(name).items():
                titles.setdefault(search_key(title), []).append(key)
        return self.titles[name]

    def _known(self, name: str) -> dict[str, str]:
        if name == "level":
            return {value: value for value in Level.values}
        if self.facts is None:
            return {}
        return dict(self.facts.lessons if name == "lesson" else self.facts.outcomes)


def mapped_question(question: ExchangeQuestion) -> tuple[AnyKind, Mapped]:
    """The kind of a question, and the question as that has it, without problems. Raises `Refused`.

    One with a missing word becomes one with a gap where that says the same.
    """
    gapped = with_gap(question)
    if gapped and gapped.type in KINDS:
        try:
            return _mapped(gapped)
        except Refused:
            # As a question with a line in the place of the word it may still be one of ours.
            pass
    return _mapped(question)


def _mapped(question: ExchangeQuestion) -> tuple[AnyKind, Mapped]:
    kind = KINDS.get(question.type)
    if kind is None:
        code = f"KIND_{question.type.upper()}"
        raise Refused(code if code in UNSUPPORTED else "KIND", kind=question.type)
    mapped = _supported(kind, kind.from_exchange(question))
    problems = kind.structure_problems(mapped.structure) or kind.texts_problems(
        mapped.structure, mapped.texts
    )
    for problem in problems:
        place = kind.place_of(problem.where) or problem.where
        raise Refused("INCOMPLETE", place=place, problem=problem.message)
    # As the models have it: a structure that is stored has one form.
    structure = kind.structure.model_validate(mapped.structure).stored()
    texts = kind.texts.model_validate(mapped.texts).model_dump(exclude_none=True)
    return kind, replace(mapped, structure=structure, texts=texts)


def _supported(kind: AnyKind, mapped: Mapped) -> Mapped:
    """Without an order that the kind does not have; another field that it does not have is refused."""
    structure, notes = dict(mapped.structure), mapped.notes
    if "last" in structure and "last" not in kind.structure.model_fields:
        del structure["last"]
        notes = (*notes, note("SHUFFLED"))
    for field_name in (
        *structure.keys() - kind.structure.model_fields.keys(),
        *mapped.texts.keys() - kind.texts.model_fields.keys(),
    ):
        raise Refused("FIELD", field=field_name)
    return replace(mapped, structure=structure, notes=notes)


@contextmanager
def _in_language(language: str) -> Iterator[None]:
    """Our own words among those of a question are in its language, where we have them."""
    if language in dict(settings.LANGUAGES):
        with override(language):
            yield
    else:
        yield
