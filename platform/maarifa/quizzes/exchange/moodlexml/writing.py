"""From questions to Moodle XML, in one form for one question: reading it back and writing it again gives the same
bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr  # nosec B406 - writes, and parses nothing

from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.model import MARKER, Answer, ExchangeQuestion
from maarifa.quizzes.exchange.moodlexml import cloze
from maarifa.quizzes.exchange.problems import Refused
from maarifa.quizzes.exchange.tags import tags_of
from maarifa.quizzes.exchange.writing import check_texts

NAME = "Moodle XML"

_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "numeric": "numerical",
    "shorttext": "shortanswer",
    "matching": "matching",
    "ordering": "ordering",
    "gaps": "cloze",
}
_FORMAT = ' format="plain_text"'


def check(question: ExchangeQuestion) -> None:
    """Refuses what Moodle XML cannot hold."""
    check_texts(question, NAME)
    if question.type not in _TYPES:
        raise Refused("OUT_KIND", kind=question.type, format=NAME)
    if question.diacritics:
        raise Refused("OUT_CASE", format=NAME)
    if question.type == "gaps" and cloze.looks_like_gap(question.stem):
        raise Refused("OUT_SYNTAX", value="{1:…:", format=NAME)


def changes(question: ExchangeQuestion) -> str:
    """What Moodle itself leaves out, or needs a plugin for; we read it back."""
    if any(pair.feedback for pair in question.pairs):
        return "OUT_PAIR_FEEDBACK"
    return "OUT_PLUGIN" if question.all_or_nothing else ""


def write(questions: Iterable[ExchangeQuestion]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for question in questions:
        lines += [f"  {line}" for line in _question(question)]
    # Line ends inside texts are texts: nothing is indented but these lines.
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _question(question: ExchangeQuestion) -> Iterator[str]:
    kind = _TYPES[question.type]
    if question.all_or_nothing:
        kind = "multichoiceset"
    yield f'<question type="{kind}">'
    yield from _inside(question)
    yield "</question>"


def _inside(question: ExchangeQuestion) -> Iterator[str]:
    stem = question.stem
    if question.type == "gaps":
        stem = MARKER.sub(lambda match: cloze.written(question.gaps[int(match[1]) - 1]), stem)
    yield f"  <name>{_text(question.name)}</name>"
    yield f"  <questiontext{_FORMAT}>{_text(stem)}</questiontext>"
    yield f"  <generalfeedback{_FORMAT}>{_text(question.explanation)}</generalfeedback>"
    yield f"  <defaultgrade>{plain(question.points)}</defaultgrade>"
    yield "  <penalty>0</penalty>"
    yield "  <hidden>0</hidden>"
    yield f"  <idnumber>{escape(question.name)}</idnumber>"
    yield from (f"  {line}" for line in _BODIES[question.type](question))
    tags = tags_of(question, points=False)
    if tags:
        yield "  <tags>"
        yield from (f"    <tag>{_text(tag)}</tag>" for tag in tags)
        yield "  </tags>"


def _choices(question: ExchangeQuestion) -> Iterator[str]:
    if not question.all_or_nothing:
        yield f"<single>{_flag(question.type == 'single')}</single>"
    yield f"<shuffleanswers>{_flag(question.shuffle)}</shuffleanswers>"
    yield "<answernumbering>none</answernumbering>"
    yield from (_answer(answer) for answer in question.answers)


def _truth(question: ExchangeQuestion) -> Iterator[str]:
    yield from (_answer(answer) for answer in question.answers)


def _number(question: ExchangeQuestion) -> Iterator[str]:
    for answer in question.answers:
        yield _answer(answer, f"<tolerance>{plain(answer.tolerance)}</tolerance>")
    yield "<unitgradingtype>0</unitgradingtype>"
    yield "<unitpenalty>0</unitpenalty>"
    # 0: the unit may be typed with the number; 3: there is none.
    yield f"<showunits>{0 if question.units else 3}</showunits>"
    yield "<unitsleft>0</unitsleft>"
    if question.units:
        yield "<units>"
        for unit in question.units:
            name, factor = escape(unit.name), plain(unit.factor)
            yield f"  <unit><multiplier>{factor}</multiplier><unit_name>{name}</unit_name></unit>"
        yield "</units>"


def _short_text(question: ExchangeQuestion) -> Iterator[str]:
    yield f"<usecase>{int(question.case)}</usecase>"
    yield from (_answer(answer) for answer in question.answers)


def _matching(question: ExchangeQuestion) -> Iterator[str]:
    yield "<shuffleanswers>true</shuffleanswers>"
    for pair in question.pairs:
        feedback = f"<feedback{_FORMAT}>{_text(pair.feedback)}</feedback>" if pair.feedback else ""
        answer = f"<answer>{_text(pair.right)}</answer>"
        yield f"<subquestion{_FORMAT}>{_text(pair.left)}{answer}{feedback}</subquestion>"


def _ordering(question: ExchangeQuestion) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype>"
    yield "<selecttype>ALL</selecttype>"
    yield "<selectcount>0</selectcount>"
    yield "<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>"
    yield f"<correctfeedback{_FORMAT}>{_text(question.right_feedback)}</correctfeedback>"
    yield f"<incorrectfeedback{_FORMAT}>{_text(question.wrong_feedback)}</incorrectfeedback>"
    for place, item in enumerate(question.items, start=1):
        yield f'<answer fraction="{place}"{_FORMAT}>{_text(item)}</answer>'


def _gaps(question: ExchangeQuestion) -> Iterator[str]:
    return iter(())


_BODIES: dict[str, Callable[[ExchangeQuestion], Iterator[str]]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "numeric": _number,
    "shorttext": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "gaps": _gaps,
}


def _answer(answer: Answer, inside: str = "") -> str:
    fraction = quoteattr(plain(answer.percent))
    feedback = f"<feedback{_FORMAT}>{_text(answer.feedback)}</feedback>"
    return f"<answer fraction={fraction}{_FORMAT}>{_text(answer.text)}{inside}{feedback}</answer>"


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _flag(flag: bool) -> str:
    return "true" if flag else "false"
