"""The questions of a bank as a file for another system."""

from dataclasses import dataclass, replace
from decimal import Decimal

from maarifa.lib.problems import Problem
from maarifa.quizzes.checks import question_problems
from maarifa.quizzes.courses import facts_of
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.exchange.formats import Format
from maarifa.quizzes.exchange.model import ExchangeQuestion
from maarifa.quizzes.exchange.planning import language_for
from maarifa.quizzes.exchange.problems import ExchangeError, Refused, note
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Bank, Question


@dataclass(frozen=True)
class ExportPlan:
    """`questions` can be written; `problems` are of those that cannot, each with the key of its question."""

    bank: Bank
    format: Format
    language: str
    questions: list[ExchangeQuestion]
    problems: list[Problem]
    notes: list[Problem]


def plan_export(*, bank: Bank, file_format: Format, language: str = "") -> ExportPlan:
    """What a file of the bank would hold, in one language: the source language of the course, unless given. Retired
    questions are left out. Two queries, and those that the course needs.

    Raises EXAM for a bank of an exam: those are secret; and LANGUAGE for one that the course does not have.
    """
    if bank.kind == BankKind.EXAM:
        raise ExchangeError("EXAM")
    language = language_for(facts_of(bank.key), language)
    questions: list[ExchangeQuestion] = []
    problems: list[Problem] = []
    has_translations = has_places = False
    for question in bank.questions.filter(retired_at=None).prefetch_related("texts"):
        has_translations |= len(question.texts.all()) > 1
        has_places |= bool(
            question.lesson_key or question.outcome_key or question.level or question.points > 1
        )
        try:
            exchanged = _exchanged(question, language)
            file_format.check(exchanged)
        except Refused as refusal:
            problems.append(_with_label(refusal, file_format).problem(name=question.key))
        else:
            questions.append(exchanged)
    notes = [note("OUT_LANGUAGES", language=language)] if has_translations else []
    if has_places and not file_format.keeps_places:
        notes.append(note("OUT_PLACES", format=str(file_format.label)))
    codes = dict.fromkeys(map(file_format.changes, questions))
    notes += [note(code) for code in codes if code]
    return ExportPlan(bank, file_format, language, questions, problems, notes)


def _exchanged(question: Question, language: str) -> ExchangeQuestion:
    kind, texts = kind_named(question.kind), {text.language: text.texts for text in question.texts.all()}
    if language not in texts:
        raise Refused("LANGUAGE_MISSING", language=language)
    for found in question_problems(question, list(question.texts.all())):
        place = kind.place_of(found.problem.where)
        raise Refused("INCOMPLETE", place=place or found.problem.where, problem=found.problem.message)
    for problem in kind.texts_problems(question.structure, texts[language]):
        raise Refused("INCOMPLETE", place=kind.place_of(problem.where), problem=problem.message)
    # As the models have them: rows may have been written by another version.
    structure = kind.structure.model_validate({**kind.empty, **question.structure}).stored()
    words = kind.texts.model_validate(texts[language]).model_dump(exclude_none=True)
    return replace(
        kind.to_exchange(structure, words),
        name=question.key,
        points=Decimal(question.points),
        lesson=question.lesson_key,
        outcome=question.outcome_key,
        level=question.level,
    )


def _with_label(refusal: Refused, file_format: Format) -> Refused:
    """Formats are named as the reader's language has them."""
    if "format" in refusal.params:
        refusal.params["format"] = str(file_format.label)
    if "kind" in refusal.params:
        refusal.params["kind"] = str(kind_named(refusal.params["kind"]).label)
    return refusal
