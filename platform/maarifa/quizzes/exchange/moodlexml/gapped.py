"""The questions of Moodle that have gaps in a text."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from maarifa.quizzes.exchange.model import MARKER, WHOLE, Answer, Gap
from maarifa.quizzes.exchange.moodlexml import cloze as syntax
from maarifa.quizzes.exchange.plaintext import HTML, PLAIN
from maarifa.quizzes.exchange.problems import Refused, note
from maarifa.quizzes.kinds.gapshapes import MOST_GAPS

if TYPE_CHECKING:
    from maarifa.quizzes.exchange.moodlexml.reading import QuestionReader

Fields = dict[str, Any]


def cloze(reader: "QuestionReader") -> Fields:
    element = reader.element.first("questiontext")
    inner = element and (element.first("text") or element)
    raw, markup = inner.own_text if inner else "", reader.markup_of(element) if element else HTML
    if found := _brackets_in(raw):
        raise Refused("MARKER_IN_TEXT", value=found)
    _check_count(syntax.count(raw))
    text, gaps, differ = syntax.read(raw, lambda part: reader.plain(part, markup))
    if not gaps:
        raise Refused("GAP_MISSING")
    if differ:
        reader.notes.append(note("GAP_WEIGHT"))
    # Each gap of a cloze question is worth a point, whatever the question as a whole says.
    fields: Fields = {"type": "gaps", "stem": reader.plain(text, markup), "gaps": tuple(gaps)}
    return fields


def _brackets_in(text: str) -> str:
    """The first `[[`, with what is behind it up to `]]` in the same line; empty without one."""
    for line in text.split("\n"):
        inside, end, _rest = line.partition("[[")[2].partition("]]")
        if end:
            return f"[[{inside}]]"
    return ""


def _check_count(gaps: int) -> None:
    """Before any gap is read: each may have a copy of all choices."""
    if gaps > MOST_GAPS:
        raise Refused("GAPS_MANY", count=gaps, most=MOST_GAPS)


def selected(reader: "QuestionReader") -> Fields:
    return _numbered(reader, "selectoption", PLAIN)


def dragged(reader: "QuestionReader") -> Fields:
    return _numbered(reader, "dragbox", HTML)


def _numbered(reader: "QuestionReader", name: str, markup: str) -> Fields:
    """The marker of a gap has the number of the right choice; the choices of its group are offered."""
    reader.leave_out_overall_feedback()
    choices = [
        (element.text("group") or "1", reader.plain(element.text("text"), markup))
        for element in reader.element.all(name)
    ]
    gaps: list[Gap] = []

    def gap(match: re.Match[str]) -> str:
        number = int(match[1][:4])
        if not 1 <= number <= len(choices):
            raise Refused("GAP_UNKNOWN", value=match[1])
        group, right = choices[number - 1]
        # A choice that may be used several times is written several times.
        texts = dict.fromkeys(text for other, text in choices if other == group)
        answers = (Answer(text=text, percent=WHOLE if text == right else Decimal(0)) for text in texts)
        gaps.append(Gap(tuple(answers)))
        return f"[[{len(gaps)}]]"

    text = reader.text("questiontext")
    _check_count(len(MARKER.findall(text)))
    stem = MARKER.sub(gap, text)
    if not gaps:
        raise Refused("GAP_MISSING")
    return {"type": "gaps", "stem": stem, "gaps": tuple(gaps)}
