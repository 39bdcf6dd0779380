"""From GIFT to questions, as Moodle reads it.

    ::name::[markup]text {answers} rest of the text

What stands in the braces says the kind: nothing, an essay; `#`, a number; a `~`, choices; `=` and `->`, pairs; T or F,
true or false; else accepted answers. With text behind them, the answers stand for a missing word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from maarifa.lib.problems import Problem
from maarifa.lib.text import nfc, one_line
from maarifa.quizzes.exchange.decimals import decimal, percent
from maarifa.quizzes.exchange.gift.blocks import Block, blocks, is_missing_word, unescaped
from maarifa.quizzes.exchange.model import ANYTHING, BLANK, WHOLE, Answer, ExchangeQuestion, Pair, Reading
from maarifa.quizzes.exchange.opening import MOST_ANSWERS, MOST_QUESTIONS
from maarifa.quizzes.exchange.plaintext import MARKUPS, MOODLE, plain_text
from maarifa.quizzes.exchange.problems import Refused, note, once_each
from maarifa.quizzes.exchange.tags import fields_of

_MARKUP = re.compile(rf"\[({'|'.join(MARKUPS)})\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,10})?)%")
_SIGNS = re.compile("([=~])")
_TRUTHS = {"T": "true", "TRUE": "true", "F": "false", "FALSE": "false"}
_LINE_END_BEFORE = re.compile(r"\A[ \t]*\n\s*")
_GENERAL = "####"


def read(text: str) -> Reading:
    """Never raises. Stops behind `MOST_QUESTIONS`, so that a caller sees that there are more."""
    reading = Reading()
    for block in blocks(text, MOST_QUESTIONS + 1):
        name = _Head.of(block.text).name
        try:
            reading.questions.append(_Question(block).read())
        except Refused as refusal:
            line = refusal.params.pop("line", block.line)
            reading.problems.append(refusal.problem(name=name, line=line))
    if any(question.category for question in reading.questions):
        reading.notes.append(note("CATEGORIES"))
    return reading


@dataclass(frozen=True)
class _Head:
    """The name of a question, and what follows it. Without an end of the name, all of it is the rest."""

    name: str
    rest: str
    is_closed: bool = True

    @classmethod
    def of(cls, text: str) -> "_Head":
        if not text.startswith("::"):
            return cls("", text)
        name, end, rest = text[2:].partition("::")
        if not end or "{" in name:
            return cls("", text, is_closed=False)
        return cls(nfc(one_line(unescaped(name))), rest)


@dataclass
class _Question:
    block: Block
    notes: list[Problem] = field(default_factory=list)
    markup: str = MOODLE
    """Of the question's text, and of every other that has none of its own."""

    def read(self) -> ExchangeQuestion:
        text = self.block.text
        head = _Head.of(text)
        if not head.is_closed:
            raise Refused("NAME_UNCLOSED")
        before, body, tail = self._parts(text, len(text) - len(head.rest))
        # Only the text as a whole says its markup.
        is_blank, stem = _with_blank(before, tail)
        stem = self._text(stem, is_stem=True)
        if not stem:
            raise Refused("NO_STEM")
        places, others = fields_of(self.block.tags)
        if others:
            self.notes.append(note("TAGS"))
        if " // " in text:
            self.notes.append(note("COMMENT"))
        explanation = ""
        fields: dict[str, Any] = {"type": "description"}
        if body is not None:
            body, general, explanation = body.rpartition(_GENERAL) if _GENERAL in body else (body, "", "")
            fields = self._answers(body.strip())
            explanation = self._text(explanation) if general else ""
        return ExchangeQuestion(
            name=head.name,
            key=self.block.key,
            stem=stem,
            line=self.block.line,
            category=self.block.category,
            explanation=explanation,
            missing_word=is_blank and stem.count(BLANK) == 1,
            notes=once_each(self.notes),
            **{**places, **fields},
        )

    def _parts(self, text: str, begin: int) -> tuple[str, str | None, str]:
        """What is before the answers, in their braces (None without any), and behind them."""
        opened, closed = text.find("{", begin), text.find("}", begin)
        if self.block.broken:
            raise Refused("EMPTY_LINE_INSIDE", line=self.block.line_at(opened))
        if opened < 0 and closed < 0:
            return text[begin:], None, ""
        if closed < 0:
            raise Refused("BRACE_UNCLOSED", line=self.block.line_at(opened))
        if opened < 0 or closed < opened:
            raise Refused("BRACE_UNOPENED", line=self.block.line_at(closed))
        nested = text.find("{", opened + 1)
        if 0 <= nested < closed:
            raise Refused("BRACE_NESTED", line=self.block.line_at(nested))
        if nested >= 0:
            raise Refused("BRACES_TWICE", line=self.block.line_at(nested))
        if "}" in text[closed + 1 :]:
            raise Refused("BRACE_UNOPENED", line=self.block.line_at(text.find("}", closed + 1)))
        return text[begin:opened], text[opened + 1 : closed], text[closed + 1 :]

    def _text(self, raw: str, *, is_stem: bool = False) -> str:
        raw, markup = raw.strip(), self.markup
        match = _MARKUP.match(raw)
        if match:
            raw, markup = raw[match.end() :], match[1]
        if is_stem:
            self.markup = markup
        plain = plain_text(unescaped(raw), markup)
        self.notes.extend(plain.notes)
        return plain.text

    # The kinds

    def _answers(self, body: str) -> dict[str, Any]:
        if not body:
            return {"type": "essay"}
        if body.startswith("#"):
            return {"type": "numeric", "answers": tuple(self._numbers(body[1:]))}
        truth = body.partition("#")[0].strip().upper()
        if truth in _TRUTHS and "~" not in body:
            return self._truth(_TRUTHS[truth], body)
        if "~" in body:
            return self._choices(body)
        if "=" in body and "->" in body and self._all_have_arrows(body):
            return {"type": "matching", "pairs": tuple(self._pairs(body))}
        answers = tuple(self._weighted(body, default=WHOLE))
        return {"type": "shorttext", "answers": answers}

    def _truth(self, truth: str, body: str) -> dict[str, Any]:
        """The first feedback is for the wrong answer, the second for the right one."""
        _truth, *feedback = [*body.split("#", 2), "", ""][:3]
        wrong, right = map(self._text, feedback)
        return {
            "type": "truefalse",
            "answers": tuple(
                Answer(
                    text=one,
                    percent=WHOLE if one == truth else Decimal(0),
                    feedback=right if one == truth else wrong,
                )
                for one in ("true", "false")
            ),
        }

    def _choices(self, body: str) -> dict[str, Any]:
        answers = tuple(self._weighted(body, default=Decimal(0)))
        if len(answers) < 2:
            raise Refused("TOO_FEW_ANSWERS", found=len(answers), least=2)
        return {"type": "single" if "=" in body else "multiple", "answers": answers}

    def _weighted(self, body: str, *, default: Decimal) -> Iterator[Answer]:
        """Answers behind `=` or `~`. One without a sign, at the beginning, is worth `default`."""
        for number, (sign, raw) in enumerate(_signed(body), start=1):
            raw, worth = _weight(raw)
            if worth is None:
                worth = WHOLE if sign == "=" else default if not sign else Decimal(0)
            text, _hash, feedback = raw.partition("#")
            answer = Answer(text=self._text(text), percent=worth, feedback=self._text(feedback))
            if not answer.text:
                raise Refused("ANSWER_EMPTY", number=number)
            yield answer

    def _all_have_arrows(self, body: str) -> bool:
        """An arrow in an answer of several does not make pairs of them; one that lacks its arrow is an error."""
        arrows = ["->" in raw.partition("#")[0] for _sign, raw in _signed(body)]
        return sum(arrows) * 2 > len(arrows)

    def _pairs(self, body: str) -> Iterator[Pair]:
        pairs = _signed(body)
        if len(pairs) < 2:
            raise Refused("TOO_FEW_ANSWERS", found=len(pairs), least=2)
        for _sign, raw in pairs:
            left, arrow, right = raw.partition("->")
            if not arrow:
                raise Refused("NO_ARROW", value=unescaped(raw.strip()))
            right, _hash, feedback = right.partition("#")
            pair = Pair(self._text(left), self._text(right), self._text(feedback))
            if not pair.right:
                raise Refused("PAIR_EMPTY", value=unescaped(raw.strip()))
            yield pair

    def _numbers(self, body: str) -> Iterator[Answer]:
        answers = _signed(body)
        if not answers:
            raise Refused("TOO_FEW_ANSWERS", found=0, least=1)
        for sign, raw in answers:
            raw, worth = _weight(raw)
            text, _hash, feedback = raw.partition("#")
            text = unescaped(text).strip()
            if worth is None:
                worth = Decimal(0) if sign == "~" else WHOLE
            if text in ("", ANYTHING):
                yield Answer(text=ANYTHING, percent=worth, feedback=self._text(feedback))
                continue
            value, tolerance = _number_and_tolerance(text)
            yield Answer(
                text=format(value, "f"), tolerance=tolerance, percent=worth, feedback=self._text(feedback)
            )


def _signed(body: str) -> list[tuple[str, str]]:
    """Pairs of a sign and what follows it; without a sign, what stands before the first one, if anything. Refuses
    TOO_MANY_ANSWERS.
    """
    if body.count("=") + body.count("~") > MOST_ANSWERS:
        raise Refused("TOO_MANY_ANSWERS", most=MOST_ANSWERS)
    first, *rest = _SIGNS.split(body)
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    return [("", first), *pairs] if first.strip() else pairs


def _weight(raw: str) -> tuple[str, Decimal | None]:
    raw = raw.strip()
    match = _WEIGHT.match(raw)
    return (raw[match.end() :], percent(match[1])) if match else (raw, None)


def _number_and_tolerance(text: str) -> tuple[Decimal, Decimal]:
    low, dots, high = text.partition("..")
    if dots and low:
        least, most = decimal(low), decimal(high)
        if least > most:
            raise Refused("RANGE_REVERSED", value=text)
        return (least + most) / 2, (most - least) / 2
    value, _colon, tolerance = text.partition(":")
    return decimal(value), abs(decimal(tolerance)) if tolerance.strip() else Decimal(0)


def _without_line_end(text: str) -> str:
    """The text with a space for the line ends, and the spaces around them, that it ends with."""
    bare = text.rstrip()
    spaces, line_end, _rest = text[len(bare) :].partition("\n")
    return bare + spaces.rstrip(" \t") + " " if line_end else text


def _with_blank(before: str, tail: str) -> tuple[bool, str]:
    """The text with a blank where its answers were, and whether a word is missing there."""
    if not is_missing_word(before, tail):
        return False, before
    # A line end beside the answers is one of the file, not of the sentence.
    return True, f"{_without_line_end(before)}{BLANK}{_LINE_END_BEFORE.sub(' ', tail)}"
