"""From Moodle XML to questions, as Moodle 4 writes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from maarifa.lib.problems import Problem
from maarifa.lib.text import nfc, one_line
from maarifa.quizzes.exchange.decimals import decimal, percent, plain
from maarifa.quizzes.exchange.model import ANYTHING, Answer, ExchangeQuestion, Pair, Reading, Unit
from maarifa.quizzes.exchange.moodlexml import gapped
from maarifa.quizzes.exchange.moodlexml.tree import Element, parse
from maarifa.quizzes.exchange.opening import MOST_ANSWERS, MOST_QUESTIONS
from maarifa.quizzes.exchange.plaintext import HTML, MARKDOWN, MOODLE, PLAIN, plain_text
from maarifa.quizzes.exchange.problems import ExchangeError, Refused, note, once_each
from maarifa.quizzes.exchange.tags import fields_of

_MARKUPS = {"html": HTML, "moodle_auto_format": MOODLE, "plain_text": PLAIN, "markdown": MARKDOWN}
_TRUE = ("true", "1")
# What Moodle puts into every question unless its author writes something else.
_USUAL_FEEDBACK = {
    "",
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
}
# The second one is of Moodle 1.
_FILES = ("file", "image_base64")
_ANSWERS = ("answer", "subquestion", "selectoption", "dragbox")
"""The elements of which a question has one for each answer."""
_UNIT_GRADED = ("1", "2")
Fields = dict[str, Any]


def read(content: bytes, *, file: str) -> Reading:
    """Refuses as `ExchangeError` what is no Moodle XML. Stops behind `MOST_QUESTIONS`."""
    root, notes = parse(content, file=file)
    if root.name != "quiz":
        raise ExchangeError("XML_NOT_QUIZ", file=file, value=root.name[:40])
    reading, category = Reading(notes=notes), ""
    for element in root.all("question"):
        if element.attributes.get("type") == "category":
            category = element.text("category")
            continue
        if len(reading.questions) + len(reading.problems) > MOST_QUESTIONS:
            break
        try:
            reading.questions.append(QuestionReader(element, category).read())
        except Refused as refusal:
            name = one_line(element.text("name"))
            reading.problems.append(refusal.problem(name=name, line=element.line))
    if any(question.category for question in reading.questions):
        reading.notes.append(note("CATEGORIES"))
    return reading


@dataclass
class QuestionReader:
    element: Element
    category: str
    notes: list[Problem] = field(default_factory=list)

    def read(self) -> ExchangeQuestion:
        kind = self.element.attributes.get("type", "").strip()
        if not kind:
            raise Refused("XML_NO_TYPE")
        reads = _READS.get(kind)
        name = nfc(one_line(self.element.text("name")))
        if reads is None:
            return ExchangeQuestion(type=kind, name=name, line=self.element.line)
        for file in (one for one in self.element.walk() if one.name in _FILES):
            name = file.attributes.get("name") or self.element.text("image") or "?"
            raise Refused("FILES", value=name)
        if self.element.first("questiontext") is None:
            raise Refused("XML_FIELD", field="questiontext")
        if any(len(self.element.all(answers)) > MOST_ANSWERS for answers in _ANSWERS):
            raise Refused("TOO_MANY_ANSWERS", most=MOST_ANSWERS)
        fields = reads(self)
        stem = fields.pop("stem") if "stem" in fields else self.text("questiontext")
        if not stem:
            raise Refused("NO_STEM")
        tags = self.element.first("tags")
        places, others = fields_of(tag.text("text") for tag in (tags.children if tags else ()))
        if others:
            self.notes.append(note("TAGS"))
        if self.element.first("hint"):
            self.notes.append(note("HINTS"))
        return ExchangeQuestion(
            name=name,
            key=self.element.text("idnumber"),
            stem=stem,
            line=self.element.line,
            category=self.category,
            explanation=self.text("generalfeedback"),
            points=self.points(),
            notes=once_each(self.notes),
            **{**places, **fields},
        )

    def points(self) -> Decimal:
        text = self.element.text("defaultgrade")
        return decimal(text) if text else Decimal(1)

    # Parts of a question

    def plain(self, raw: str, markup: str) -> str:
        result = plain_text(raw, markup)
        self.notes.extend(result.notes)
        return result.text

    def markup_of(self, element: Element) -> str:
        return _MARKUPS.get(element.attributes.get("format", ""), HTML)

    def text_in(self, element: Element | None) -> str:
        """The text of an element that has a <text>, by the format that it says."""
        if element is None:
            return ""
        inner = element.first("text")
        return self.plain((inner or element).own_text.strip(), self.markup_of(element))

    def text(self, name: str) -> str:
        return self.text_in(self.element.first(name))

    def is_true(self, name: str, *, default: bool) -> bool:
        text = self.element.text(name).lower()
        return text in _TRUE if text else default

    def answers(self, *, markup: str = "") -> list[Answer]:
        """Those with a fraction. `markup`: of all of them, where the format has none for each."""
        return [self._answer(number, one, markup) for number, one in enumerate(self.element.all("answer"), 1)]

    def _answer(self, number: int, element: Element, markup: str) -> Answer:
        raw = (element.first("text") or element).own_text.strip()
        tolerance = element.text("tolerance")
        answer = Answer(
            text=self.plain(raw, markup or self.markup_of(element)),
            percent=percent(element.attributes.get("fraction") or "0"),
            feedback=self.text_in(element.first("feedback")),
            tolerance=abs(decimal(tolerance)) if tolerance else Decimal(0),
        )
        if not answer.text:
            raise Refused("ANSWER_EMPTY", number=number)
        return answer

    def leave_out_overall_feedback(self, *names: str) -> None:
        for name in names or ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            if self.text(name) not in _USUAL_FEEDBACK:
                self.notes.append(note("OVERALL_FEEDBACK"))

    def overall_feedback(self, name: str) -> str:
        text = self.text(name)
        return "" if text in _USUAL_FEEDBACK else text


def _choices(reader: QuestionReader) -> Fields:
    reader.leave_out_overall_feedback()
    return {
        "type": "single" if reader.is_true("single", default=True) else "multiple",
        "answers": tuple(reader.answers()),
        "shuffle": reader.is_true("shuffleanswers", default=True),
    }


def _all_or_nothing(reader: QuestionReader) -> Fields:
    """Of a plugin that is widely used: the fraction of each right choice is 100, and only all of them count."""
    return {**_choices(reader), "type": "multiple", "all_or_nothing": True}


def _truth(reader: QuestionReader) -> Fields:
    answers = tuple(
        Answer(text=answer.text.lower(), percent=answer.percent, feedback=answer.feedback)
        for answer in reader.answers(markup=PLAIN)
    )
    for answer in answers:
        if answer.text not in ("true", "false"):
            raise Refused("CELL_BAD", value=answer.text, column="answer", right="true, false")
    return {"type": "truefalse", "answers": answers}


def _number(reader: QuestionReader) -> Fields:
    answers = tuple(
        answer if answer.text == ANYTHING else Answer(**{**vars(answer), "text": plain(decimal(answer.text))})
        for answer in reader.answers(markup=PLAIN)
    )
    units = reader.element.first("units")
    if reader.element.text("unitgradingtype") in _UNIT_GRADED:
        reader.notes.append(note("UNIT_GRADED"))
    return {
        "type": "numeric",
        "answers": answers,
        "units": tuple(
            Unit(nfc(one_line(unit.text("unit_name"))), decimal(unit.text("multiplier") or "1"))
            for unit in (units.all("unit") if units else ())
        ),
    }


def _short_text(reader: QuestionReader) -> Fields:
    return {
        "type": "shorttext",
        "answers": tuple(reader.answers(markup=PLAIN)),
        "case": reader.is_true("usecase", default=False),
    }


def _matching(reader: QuestionReader) -> Fields:
    reader.leave_out_overall_feedback()
    pairs = []
    for element in reader.element.all("subquestion"):
        answer = element.first("answer")
        right = nfc(answer.text("text")) if answer else ""
        pair = Pair(reader.text_in(element), right, reader.text_in(element.first("feedback")))
        if not pair.right:
            raise Refused("PAIR_EMPTY", value=f"{pair.left} ->")
        pairs.append(pair)
    return {"type": "matching", "pairs": tuple(pairs)}


def _ordering(reader: QuestionReader) -> Fields:
    """`answer` elements in the right order; only whole lists. Whether they are below or beside one another is ours."""
    if reader.element.text("selecttype").upper() not in ("", "0", "ALL"):
        raise Refused("ORDER_KIND")
    if reader.element.text("gradingtype").upper() not in ("1", "RELATIVE_NEXT_EXCLUDE_LAST"):
        reader.notes.append(note("ORDER_GRADED"))
    reader.leave_out_overall_feedback("partiallycorrectfeedback")
    if any(reader.text_in(element.first("feedback")) for element in reader.element.all("answer")):
        reader.notes.append(note("ITEM_FEEDBACK"))
    return {
        "type": "ordering",
        "items": tuple(reader.text_in(element) for element in reader.element.all("answer")),
        "right_feedback": reader.overall_feedback("correctfeedback"),
        "wrong_feedback": reader.overall_feedback("incorrectfeedback"),
    }


_READS: dict[str, Callable[[QuestionReader], Fields]] = {
    "multichoice": _choices,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truth,
    "numerical": _number,
    "shortanswer": _short_text,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": gapped.cloze,
    "multianswer": gapped.cloze,
    "gapselect": gapped.selected,
    "ddwtos": gapped.dragged,
}
