"""What the writers of all formats share: which texts a format can hold."""

import re
from collections.abc import Iterator

from maarifa.quizzes.exchange.model import ExchangeQuestion
from maarifa.quizzes.exchange.problems import Refused

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\ufdd0-\ufdef\ufffe\uffff]")


def texts_of(question: ExchangeQuestion) -> Iterator[str]:
    """All texts of a question, its name left out."""
    yield question.stem
    yield from (question.explanation, question.right_feedback, question.wrong_feedback)
    for answer in (*question.answers, *(answer for gap in question.gaps for answer in gap.answers)):
        yield from (answer.text, answer.feedback)
    for pair in question.pairs:
        yield from (pair.left, pair.right, pair.feedback)
    yield from question.items
    yield from (unit.name for unit in question.units)


def has_feedback(question: ExchangeQuestion) -> bool:
    answers = (*question.answers, *(answer for gap in question.gaps for answer in gap.answers))
    return bool(
        question.explanation
        or question.right_feedback
        or question.wrong_feedback
        or any(answer.feedback for answer in answers)
        or any(pair.feedback for pair in question.pairs)
    )


def check_texts(question: ExchangeQuestion, format_name: str) -> None:
    """Refuses OUT_CONTROL: no format holds control characters, and a reader takes some of them for line ends."""
    if any(_CONTROL.search(text) for text in texts_of(question)):
        raise Refused("OUT_CONTROL", format=format_name)
