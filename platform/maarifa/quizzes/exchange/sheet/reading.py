"""From a spreadsheet to questions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from maarifa.lib.spreadsheets import Limits, Row, Table, TableProblem, match_columns, read_table
from maarifa.quizzes.exchange.decimals import decimal, plain
from maarifa.quizzes.exchange.model import ANYTHING, WHOLE, Answer, ExchangeQuestion, Pair, Reading, Unit
from maarifa.quizzes.exchange.opening import MOST_BYTES, MOST_QUESTIONS
from maarifa.quizzes.exchange.problems import ExchangeError, Refused, note
from maarifa.quizzes.exchange.sheet.columns import (
    COLUMNS,
    EXAMPLE_NAME,
    EXAMPLE_QUESTION,
    LETTERS,
    REQUIRED,
    TRUTHS,
    VERDICTS,
    in_all_languages,
    kinds,
    label_of,
    levels,
    listed,
    meant,
    spoken,
    spoken_kinds,
    spoken_levels,
    spoken_truths,
    spoken_verdicts,
    vocabulary,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LIMITS = Limits(file_bytes=MOST_BYTES, rows=MOST_QUESTIONS, columns=40, cell_characters=20_000)
ARROW = "->"
_LETTERED = re.compile(r"([A-Za-z])[.)]\s+(.*)", re.DOTALL)
# With three digits behind it, a comma may as well be between thousands.
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")
_CHOSEN = re.compile(r"[\s,;،؛，；、]+")
_QUIET = ("other_sheets", "header_like_data", "misnamed")
"""Notes on tables that say nothing about questions: the template has a second sheet with help."""

Fields = dict[str, Any]


def recognises(content: bytes, *, file: str, language: str) -> bool:
    """Whether a text has the headings of our spreadsheet."""
    try:
        table = _table(content, file, language)
    except ExchangeError:
        return False
    return set(REQUIRED) <= set(match_columns(table.columns, vocabulary()).matched)


def read(content: bytes, *, file: str, language: str) -> Reading:
    """Refuses as `ExchangeError` what is no such table. `language` is the reader's."""
    table = _table(content, file, language)
    match = match_columns(table.columns, vocabulary())
    for name in match.duplicates:
        raise ExchangeError("COLUMN_TWICE", file=file, column=str(COLUMNS[name]))
    for name in REQUIRED:
        if name not in match.matched:
            raise ExchangeError("NO_COLUMN", file=file, column=str(COLUMNS[name]))
    reading = Reading(
        notes=[note("TABLE", message=one.message) for one in table.notes if one.code not in _QUIET]
    )
    for row in table.rows:
        values = {name: row.cells[index] for name, index in match.matched.items()}
        if _is_example(values):
            reading.notes.append(note("EXAMPLE"))
            continue
        try:
            reading.questions.append(_RowReader(row, values).read())
        except Refused as refusal:
            name = values.get("name", "") or values["question"].partition("\n")[0][:60]
            reading.problems.append(refusal.problem(name=name, line=row.number))
    return reading


def _table(content: bytes, file: str, language: str) -> Table:
    try:
        return read_table(content, filename=file, language=language, vocabulary=vocabulary(), limits=LIMITS)
    except TableProblem as problem:
        if problem.code == "no_rows":
            raise ExchangeError("NO_ROWS", file=file)
        raise ExchangeError("TABLE", file=file, message=problem.message)


def _is_example(values: Mapping[str, str]) -> bool:
    """Spaces compare as cells are read: the French question has a no-break space in it, the cell no longer."""
    names, questions = (
        {" ".join(text.split()) for text in in_all_languages(word)}
        for word in (EXAMPLE_NAME, EXAMPLE_QUESTION)
    )
    return (
        " ".join(values.get("name", "").split()) in names
        and " ".join(values["question"].split()) in questions
    )


@dataclass
class _RowReader:
    row: Row
    values: dict[str, str]

    def read(self) -> ExchangeQuestion:
        if self.row.problem:
            raise Refused("ROW_BROKEN")
        if not self.values["question"]:
            raise self._empty("question", _("Write what is asked."))
        kind = meant(self._needed("kind", listed(kinds().values())), spoken_kinds())
        if kind is None:
            raise self._bad("kind", listed(kinds().values()))
        fields = _READS[kind](self)
        return ExchangeQuestion(
            type=kind,
            name=self._cell("name"),
            stem=self.values["question"],
            line=self.row.number,
            explanation=self._cell("explanation"),
            points=self._points(),
            lesson=self._cell("lesson"),
            outcome=self._cell("outcome"),
            level=self._level(),
            **fields,
        )

    # Cells

    def _cell(self, name: str) -> str:
        return self.values.get(name, "")

    def lines(self, name: str) -> list[str]:
        return [line.strip() for line in self._cell(name).split("\n") if line.strip()]

    def _needed(self, name: str, allowed: str) -> str:
        text = self._cell(name)
        if not text:
            raise self._empty(name, _("Write one of these: %(allowed)s.") % {"allowed": allowed})
        return text

    def _empty(self, name: str, right: str) -> Refused:
        return Refused("CELL_EMPTY", column=str(COLUMNS[name]), right=right)

    def _bad(self, name: str, allowed: str, value: str = "") -> Refused:
        right = _("Write one of these: %(allowed)s.") % {"allowed": allowed}
        return Refused("CELL_BAD", value=value or self._cell(name), column=str(COLUMNS[name]), right=right)

    def _number(self, name: str) -> Decimal:
        text = self._cell(name)
        if _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        try:
            return decimal(text)
        except Refused:
            right = _("Write a number in digits, such as 12.5.")
            raise Refused("CELL_BAD", value=self._cell(name), column=str(COLUMNS[name]), right=right)

    def _points(self) -> Decimal:
        return self._number("points") if self._cell("points") else Decimal(1)

    def _level(self) -> str:
        if not self._cell("level"):
            return ""
        level = meant(self._cell("level"), spoken_levels())
        if level is None:
            raise self._bad("level", listed(levels().values()))
        return level

    # Kinds

    def choices(self) -> Fields:
        choices = unlettered(self.lines("choices"))
        if len(choices) < 2:
            raise self._empty("choices", _("Write each choice on its own line in the cell."))
        if len(choices) > len(LETTERS):
            raise Refused("TOO_MANY_ANSWERS", most=len(LETTERS))
        letters = LETTERS[: len(choices)]
        correct = [one.upper() for one in _CHOSEN.split(self._needed("correct", ", ".join(letters))) if one]
        if not correct:
            raise self._bad("correct", ", ".join(letters))
        for one in correct:
            if one not in letters or len(one) != 1:
                raise self._bad("correct", ", ".join(letters), one)
        labels = dict(zip(letters, letters, strict=True))
        feedback = self.labelled(labels, spoken(labels))
        share = WHOLE / len(set(correct))
        return {
            "answers": tuple(
                Answer(
                    text=text,
                    percent=share if letter in correct else Decimal(0),
                    feedback=feedback.get(letter, ""),
                )
                for letter, text in zip(letters, choices, strict=True)
            )
        }

    def several(self) -> Fields:
        """An incorrect choice costs as much as a correct one earns, as the kind has it."""
        answers = self.choices()["answers"]
        share = max(answer.percent for answer in answers)
        return {
            "answers": tuple(
                answer if answer.percent else Answer(**{**vars(answer), "percent": -share})
                for answer in answers
            )
        }

    def truth(self) -> Fields:
        truth = meant(self._needed("correct", listed(TRUTHS.values())), spoken_truths())
        if truth is None:
            raise self._bad("correct", listed(TRUTHS.values()))
        feedback = self.labelled(TRUTHS, spoken_truths())
        return {
            "answers": tuple(
                Answer(
                    text=one, percent=WHOLE if one == truth else Decimal(0), feedback=feedback.get(one, "")
                )
                for one in TRUTHS
            )
        }

    def number(self) -> Fields:
        if not self._cell("correct"):
            raise self._empty("correct", _("Write a number in digits, such as 12.5."))
        feedback = self.labelled(VERDICTS, spoken_verdicts())
        tolerance = self._number("tolerance") if self._cell("tolerance") else Decimal(0)
        right = Answer(
            text=plain(self._number("correct")),
            percent=WHOLE,
            tolerance=abs(tolerance),
            feedback=feedback.get("correct", ""),
        )
        unit = self._cell("unit")
        return {
            "answers": (right, *_wrong(feedback)),
            "units": (Unit(unit, Decimal(1)),) if unit else (),
        }

    def short_text(self) -> Fields:
        accepted = self.lines("correct")
        if not accepted:
            raise self._empty("correct", _("Write each accepted answer on its own line in the cell."))
        feedback = self.labelled(VERDICTS, spoken_verdicts())
        right = feedback.get("correct", "")
        return {
            "answers": (
                *(Answer(text=text, percent=WHOLE, feedback=right) for text in accepted),
                *_wrong(feedback),
            )
        }

    def matching(self) -> Fields:
        pairs = []
        for line in self.lines("choices"):
            left, arrow, right = line.partition(ARROW)
            if not arrow:
                right = _("Write each pair as left -> right.")
                raise Refused("CELL_BAD", value=line, column=str(COLUMNS["choices"]), right=right)
            pairs.append((left.strip(), right.strip()))
        letters = LETTERS[: len(pairs)]
        labels = dict(zip(letters, letters, strict=True))
        feedback = self.labelled(labels, spoken(labels))
        return {
            "pairs": tuple(
                Pair(left, right, feedback.get(letter, ""))
                for letter, (left, right) in zip(letters, pairs, strict=False)
            )
        }

    def ordering(self) -> Fields:
        feedback = self.labelled(VERDICTS, spoken_verdicts())
        return {
            "items": tuple(unlettered(self.lines("choices"))),
            "right_feedback": feedback.get("correct", ""),
            "wrong_feedback": feedback.get("wrong", ""),
        }

    def labelled(self, labels: "Mapping[str, StrPromise | str]", said: Mapping[str, str]) -> dict[str, str]:
        """The feedback by label: `A: text` on its own line; a line without a label goes on. Without any label there is
        one line for each. `said` is what stands for the labels.
        """
        lines = self.lines("feedback")
        found: dict[str, list[str]] = {}
        name = ""
        for line in lines:
            label, text = label_of(line)
            known = meant(label, said)
            if known:
                name = known
                found[name] = [text.strip()]
            elif name:
                found[name].append(line)
            else:
                break
        if found or not lines:
            return {name: "\n".join(parts).strip() for name, parts in found.items()}
        if len(lines) != len(labels):
            right = _("Write each text on its own line, such as “%(label)s: text”.")
            example = str(next(iter(labels.values()), ""))
            raise Refused(
                "CELL_BAD", value=lines[0], column=str(COLUMNS["feedback"]), right=right % {"label": example}
            )
        return dict(zip(labels, lines, strict=True))


def unlettered(lines: Sequence[str]) -> list[str]:
    """Without `A.`, `B.` and so on, where each line begins with its own letter."""
    matches = [_LETTERED.fullmatch(line) for line in lines]
    if all(match and match[1].upper() == letter for match, letter in zip(matches, LETTERS, strict=False)):
        return [match[2] for match in matches if match]
    return list(lines)


def _wrong(feedback: Mapping[str, str]) -> list[Answer]:
    return [Answer(text=ANYTHING, feedback=feedback["wrong"])] if feedback.get("wrong") else []


_READS: dict[str, Callable[[_RowReader], Fields]] = {
    "single": _RowReader.choices,
    "multiple": _RowReader.several,
    "truefalse": _RowReader.truth,
    "numeric": _RowReader.number,
    "shorttext": _RowReader.short_text,
    "matching": _RowReader.matching,
    "ordering": _RowReader.ordering,
}
