"""From questions to GIFT, in one form for one question: reading it back and writing it again gives the same bytes."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.gift.blocks import is_missing_word
from maarifa.quizzes.exchange.model import ANYTHING, BLANK, MARKER, WHOLE, Answer, ExchangeQuestion, Gap
from maarifa.quizzes.exchange.problems import Refused
from maarifa.quizzes.exchange.tags import tags_of
from maarifa.quizzes.exchange.writing import check_texts

NAME = "GIFT"

_RESERVED = re.compile(r"[\\:#={}~\n]")
# What would be read as something else at the beginning of a text.
_NEEDS_MARKUP = re.compile(r"\[(html|markdown|moodle|plain)\]|%-?[0-9]|#|\*\Z")


def write(questions: Iterable[ExchangeQuestion]) -> bytes:
    return "".join(f"{written(question)}\n" for question in questions).encode()


def check(question: ExchangeQuestion) -> None:
    """Refuses what GIFT cannot hold."""
    check_texts(question, NAME)
    if question.type not in _ANSWERS:
        raise Refused("OUT_KIND", kind=question.type, format=NAME)
    if question.units:
        raise Refused("OUT_UNIT", format=NAME)
    if question.case or question.diacritics or any(gap.case for gap in question.gaps):
        raise Refused("OUT_CASE", format=NAME)
    if question.all_or_nothing:
        raise Refused("OUT_GRADING", format=NAME)
    if question.right_feedback or question.wrong_feedback or any(pair.feedback for pair in question.pairs):
        raise Refused("OUT_FEEDBACK", format=NAME)
    if question.type in ("single", "multiple") and not question.shuffle:
        raise Refused("OUT_LAST", format=NAME)
    if question.type == "matching" and any("->" in pair.left for pair in question.pairs):
        raise Refused("OUT_ARROW", format=NAME)
    if question.type == "shorttext" and any("->" in answer.text for answer in question.answers):
        raise Refused("OUT_ARROW", format=NAME)
    if question.type == "gaps":
        _check_gap(question)


def _check_gap(question: ExchangeQuestion) -> None:
    before, *rest = MARKER.split(question.stem)
    if len(question.gaps) != 1 or len(rest) != 2 or not is_missing_word(before, rest[1]):
        raise Refused("OUT_GAPS", format=NAME)
    if BLANK in question.stem:
        raise Refused("OUT_SYNTAX", value=BLANK, format=NAME)
    answers = question.gaps[0].answers
    if any("->" in answer.text for answer in answers) and question.gaps[0].typed:
        raise Refused("OUT_ARROW", format=NAME)


def written(question: ExchangeQuestion) -> str:
    """One question, with the line end after it."""
    tags = [f"[id:{question.name}]", *(f"[tag:{tag}]" for tag in tags_of(question, points=True))]
    opening = "{#" if question.type == "numeric" else "{"
    answers = "".join(f"\t{line}\n" for line in _ANSWERS[question.type](question))
    general = f"\t####{_text(question.explanation)}\n" if question.explanation else ""
    before, tail = question.stem, ""
    if question.type == "gaps":
        before, _number, tail = MARKER.split(question.stem)
    head = f"::{_text(question.name)}::[plain]{_escaped(before)}"
    return f"// {' '.join(tags)}\n{head}{opening}\n{answers}{general}}}{_escaped(tail)}\n"


def _choices(question: ExchangeQuestion) -> Iterator[str]:
    for answer in question.answers:
        is_right = question.type == "single" and answer.percent == WHOLE
        sign = "=" if is_right else f"~{_weight(answer.percent) if answer.percent else ''}"
        yield f"{sign}{_text(answer.text)}{_feedback(answer)}"


def _truth(question: ExchangeQuestion) -> Iterator[str]:
    right = next(answer for answer in question.answers if answer.percent == WHOLE)
    wrong = next(answer for answer in question.answers if answer.percent != WHOLE)
    feedback = f"#{_text(wrong.feedback)}" if wrong.feedback or right.feedback else ""
    yield f"{right.text.upper()}{feedback}{_feedback(right)}"


def _numbers(question: ExchangeQuestion) -> Iterator[str]:
    for answer in question.answers:
        if answer.text == ANYTHING:
            yield f"~{_feedback(answer)}"
        else:
            weight = _weight(answer.percent) if answer.percent != WHOLE else ""
            yield f"={weight}{answer.text}:{plain(answer.tolerance)}{_feedback(answer)}"


def _accepted(question: ExchangeQuestion) -> Iterator[str]:
    return _typed(question.answers)


def _typed(answers: Iterable[Answer]) -> Iterator[str]:
    for answer in answers:
        text = ANYTHING if answer.text == ANYTHING else _text(answer.text)
        yield f"={_weight(answer.percent)}{text}{_feedback(answer)}"


def _pairs(question: ExchangeQuestion) -> Iterator[str]:
    for pair in question.pairs:
        yield f"={_text(pair.left)} -> {_text(pair.right)}"


def _gap(question: ExchangeQuestion) -> Iterator[str]:
    gap: Gap = question.gaps[0]
    if gap.typed:
        return _typed(gap.answers)
    return (
        f"{'=' if answer.percent == WHOLE else '~'}{_text(answer.text)}{_feedback(answer)}"
        for answer in gap.answers
    )


_ANSWERS: dict[str, Callable[[ExchangeQuestion], Iterator[str]]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "numeric": _numbers,
    "shorttext": _accepted,
    "matching": _pairs,
    "gaps": _gap,
}


def _weight(worth: Decimal) -> str:
    return f"%{plain(worth)}%"


def _feedback(answer: Answer) -> str:
    return f"#{_text(answer.feedback)}" if answer.feedback else ""


def _text(text: str) -> str:
    """A text on its own, which may begin with anything."""
    return f"[plain]{_escaped(text)}" if _NEEDS_MARKUP.match(text) else _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(lambda match: "\\n" if match[0] == "\n" else f"\\{match[0]}", text)
