"""The gaps of a cloze question: `{1:SHORTANSWER:=Nairobi#Yes~%0%Mombasa#No}`, anywhere in a text."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from maarifa.quizzes.exchange.decimals import percent, plain
from maarifa.quizzes.exchange.model import WHOLE, Answer, Gap
from maarifa.quizzes.exchange.opening import MOST_ANSWERS
from maarifa.quizzes.exchange.problems import Refused

CHOSEN = (
    *("MULTICHOICE", "MC", "MULTICHOICE_S", "MCS", "MULTICHOICE_V", "MCV", "MULTICHOICE_VS", "MCVS"),
    *("MULTICHOICE_H", "MCH", "MULTICHOICE_HS", "MCHS"),
)
TYPED = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC")
STRICT = ("SHORTANSWER_C", "SAC", "MWC")

_OPENING = re.compile(r"\{([0-9]*):([A-Z_]+):")
_ESCAPE = re.compile(r"\\([}#~/\"\\])")
# No backtracking: a backslash is read with the character behind it, or alone.
_BODY = re.compile(r"((?:[^\\}]|\\[}#~/\"\\]|\\(?![}#~/\"\\]))*)\}")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
_RESERVED = re.compile(r"[}#~/\"\\]")
_STANDINS = {sign: chr(0xFDD0 + place) for place, sign in enumerate('}#~/"\\')}
_MEANT = {ord(standin): sign for sign, standin in _STANDINS.items()}
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,10})?)%")


def read(text: str, as_plain: Callable[[str], str]) -> tuple[str, list[Gap], bool]:
    """The text with the marker of each gap in its place, the gaps, and whether they are worth different shares.

    `as_plain` makes plain text of an answer. Refuses what is no gap of ours.
    """
    parts: list[str] = []
    gaps: list[Gap] = []
    weights = set()
    place = 0
    while match := _OPENING.search(text, place):
        body = _BODY.match(text, match.end())
        if body is None:
            raise Refused("CLOZE_BROKEN", value=text[match.start() :][:40])
        parts += [text[place : match.start()], f"[[{len(gaps) + 1}]]"]
        gaps.append(_gap(match[2], _protected(body[1]), len(gaps) + 1, as_plain))
        weights.add(match[1] or "1")
        place = body.end()
    parts.append(text[place:])
    return "".join(parts), gaps, len(weights) > 1


def _protected(body: str) -> str:
    return _ESCAPE.sub(lambda match: _STANDINS[match[1]], _NONCHARACTERS.sub("", body))


def _gap(kind: str, body: str, number: int, as_plain: Callable[[str], str]) -> Gap:
    if kind not in (*CHOSEN, *TYPED):
        raise Refused("GAP_KIND", gap=number, kind=kind)
    if body.count("~") >= MOST_ANSWERS:
        raise Refused("TOO_MANY_ANSWERS", most=MOST_ANSWERS)
    answers = tuple(_answer(raw, as_plain) for raw in body.split("~") if raw.strip())
    if not answers or any(not answer.text for answer in answers):
        raise Refused("CLOZE_BROKEN", value=f"{{{kind}:{body.translate(_MEANT)}}}")
    return Gap(answers, typed=kind in TYPED, case=kind in STRICT)


def _answer(raw: str, as_plain: Callable[[str], str]) -> Answer:
    raw, worth = raw.strip(), Decimal(0)
    if raw.startswith("="):
        raw, worth = raw[1:], WHOLE
    elif match := _WEIGHT.match(raw):
        raw, worth = raw[match.end() :], percent(match[1])
    text, _hash, feedback = raw.partition("#")
    plain_text, plain_feedback = (as_plain(part.translate(_MEANT)) for part in (text, feedback))
    return Answer(text=plain_text, percent=worth, feedback=plain_feedback)


def looks_like_gap(text: str) -> bool:
    """Whether a text would be read as a gap."""
    return _OPENING.search(text) is not None


def count(text: str) -> int:
    """How many gaps a text begins."""
    return len(_OPENING.findall(text))


def written(gap: Gap) -> str:
    kind = ("SHORTANSWER_C" if gap.case else "SHORTANSWER") if gap.typed else "MULTICHOICE_S"
    return f"{{1:{kind}:{'~'.join(_written(gap.answers))}}}"


def _written(answers: Iterable[Answer]) -> Iterable[str]:
    for answer in answers:
        sign = "=" if answer.percent == WHOLE else f"%{plain(answer.percent)}%"
        feedback = f"#{_escaped(answer.feedback)}" if answer.feedback else ""
        yield f"{sign}{_escaped(answer.text)}{feedback}"


def _escaped(text: str) -> str:
    return _RESERVED.sub(lambda match: f"\\{match[0]}", text)
