"""From questions to a spreadsheet, in one form for one question."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from maarifa.lib import spreadsheets
from maarifa.lib.languages import direction
from maarifa.lib.spreadsheets import tidy
from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.model import ANYTHING, WHOLE, ExchangeQuestion
from maarifa.quizzes.exchange.problems import Refused
from maarifa.quizzes.exchange.sheet.columns import (
    COLUMNS,
    LETTERS,
    TRUTHS,
    VERDICTS,
    kinds,
    label_of,
    levels,
    meant,
    spoken,
)
from maarifa.quizzes.exchange.sheet.reading import ARROW, LIMITS, unlettered
from maarifa.quizzes.exchange.writing import check_texts, has_feedback

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAME = "a spreadsheet"
Cells = dict[str, str]


def check(question: ExchangeQuestion) -> None:
    """Refuses what the columns cannot hold."""
    check_texts(question, NAME)
    if question.type not in _CELLS:
        raise Refused("OUT_KIND", kind=question.type, format=NAME)
    if question.last or not question.shuffle:
        raise Refused("OUT_LAST", format=NAME)
    if question.all_or_nothing:
        raise Refused("OUT_GRADING", format=NAME)
    if question.case or question.diacritics:
        raise Refused("OUT_CASE", format=NAME)
    if len(question.units) > 1:
        raise Refused("OUT_UNIT", format=NAME)
    if question.type != "multiple" and any(answer.percent not in (0, WHOLE) for answer in question.answers):
        raise Refused("OUT_CREDIT", format=NAME)
    if question.type == "shorttext" and any(
        not answer.percent and answer.text != ANYTHING for answer in question.answers
    ):
        raise Refused("OUT_FEEDBACK", format=NAME)
    if question.type == "matching" and any(ARROW in pair.left for pair in question.pairs):
        raise Refused("OUT_ARROW", format=NAME)
    _check_lines(question)
    for text in _cells(question).values():
        if len(text) > LIMITS.cell_characters:
            raise Refused("OUT_SYNTAX", value=text, format=NAME)


def _check_lines(question: ExchangeQuestion) -> None:
    """Texts that share a cell have one line each, and say nothing that a label says."""
    lines = [
        *(answer.text for answer in question.answers),
        *question.items,
        *(text for pair in question.pairs for text in (pair.left, pair.right)),
    ]
    for line in lines:
        if "\n" in line:
            raise Refused("OUT_LINES", format=NAME)
    listed = [tidy(line) for line in (*question.items, *(one.text for one in question.answers))]
    if listed and unlettered(listed) != listed:
        raise Refused("OUT_SYNTAX", value=listed[0], format=NAME)
    if has_feedback(question):
        for line in _cells(question).get("feedback", "").split("\n"):
            if line != line.strip() or not line:
                raise Refused("OUT_LINES", format=NAME)


def write_csv(questions: Iterable[ExchangeQuestion]) -> bytes:
    return spreadsheets.write_csv(_header(), _rows(questions), language=get_language() or "en")


def write_xlsx(questions: Iterable[ExchangeQuestion]) -> bytes:
    return spreadsheets.write_xlsx(
        _header(), _rows(questions), rtl=direction(get_language() or "en") == "rtl"
    )


def changes(question: ExchangeQuestion) -> str:
    """OUT_SPACES where a spreadsheet does not keep spaces or invisible characters of the question."""
    return "OUT_SPACES" if any(tidy(text) != text for text in _cells(question).values()) else ""


def _header() -> list[str]:
    return [str(heading) for heading in COLUMNS.values()]


def _rows(questions: Iterable[ExchangeQuestion]) -> Iterable[list[str]]:
    for question in questions:
        cells = _cells(question)
        yield [tidy(cells.get(name, "")) for name in COLUMNS]


def _cells(question: ExchangeQuestion) -> Cells:
    return {
        "name": question.name,
        "kind": str(kinds()[question.type]),
        "question": question.stem,
        "explanation": question.explanation,
        "points": plain(question.points),
        "lesson": question.lesson,
        "outcome": question.outcome,
        "level": str(levels()[question.level]) if question.level else "",
        **_CELLS[question.type](question),
    }


def _choices(question: ExchangeQuestion) -> Cells:
    lettered = list(zip(LETTERS, question.answers, strict=False))
    return {
        "choices": "\n".join(answer.text for answer in question.answers),
        "correct": ", ".join(letter for letter, answer in lettered if answer.percent > 0),
        "feedback": _labelled({letter: answer.feedback for letter, answer in lettered}),
    }


def _truth(question: ExchangeQuestion) -> Cells:
    right = next(answer.text for answer in question.answers if answer.percent == WHOLE)
    feedback = {answer.text: answer.feedback for answer in question.answers}
    return {"correct": str(TRUTHS[right]), "feedback": _labelled(feedback, TRUTHS)}


def _number(question: ExchangeQuestion) -> Cells:
    right = next(answer for answer in question.answers if answer.percent == WHOLE)
    return {
        "correct": right.text,
        "tolerance": plain(right.tolerance) if right.tolerance else "",
        "unit": question.units[0].name if question.units else "",
        "feedback": _verdicts(question),
    }


def _short_text(question: ExchangeQuestion) -> Cells:
    accepted = [answer.text for answer in question.answers if answer.percent == WHOLE]
    return {"correct": "\n".join(accepted), "feedback": _verdicts(question)}


def _matching(question: ExchangeQuestion) -> Cells:
    feedback = {letter: pair.feedback for letter, pair in zip(LETTERS, question.pairs, strict=False)}
    return {
        "choices": "\n".join(f"{pair.left} {ARROW} {pair.right}".strip() for pair in question.pairs),
        "feedback": _labelled(feedback),
    }


def _ordering(question: ExchangeQuestion) -> Cells:
    feedback = {"correct": question.right_feedback, "wrong": question.wrong_feedback}
    return {"choices": "\n".join(question.items), "feedback": _labelled(feedback, VERDICTS)}


def _verdicts(question: ExchangeQuestion) -> str:
    right = next((answer.feedback for answer in question.answers if answer.percent == WHOLE), "")
    wrong = next((answer.feedback for answer in question.answers if answer.text == ANYTHING), "")
    return _labelled({"correct": right, "wrong": wrong}, VERDICTS)


def _labelled(texts: Mapping[str, str], labels: "Mapping[str, StrPromise] | None" = None) -> str:
    """Refuses OUT_SYNTAX where a line of a text begins as a label does."""
    words: Mapping[str, StrPromise | str] = labels or {name: name for name in texts}
    said = spoken(words)
    for text in texts.values():
        for line in text.split("\n")[1:]:
            if meant(label_of(line)[0], said):
                raise Refused("OUT_SYNTAX", value=line, format=NAME)
    return "\n".join(f"{words[name]}: {text}" for name, text in texts.items() if text)


_CELLS: dict[str, Callable[[ExchangeQuestion], Cells]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "numeric": _number,
    "shorttext": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}
