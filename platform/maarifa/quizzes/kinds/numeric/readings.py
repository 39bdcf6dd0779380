"""Numbers as people type them, and the units that they type with them.

A number is read as people write it: digits of any script, a comma or a point or the Arabic ٫ before the
decimals, spaces of any width, apostrophes, points, commas or ٬ between groups of three, any of the minus
signs.

"1,500" is fifteen hundred in London and one and a half in Paris, and nobody can know which of the two a
learner means who reads a course in a second language. Both readings are tried, and one of them being right is
enough: the question tests knowledge, not the customs of notation.

A unit stands behind the number or before it, with or without a space. Capital and small letters, spaces, the percent
signs of all scripts and a point at the end make no difference.
"""

import re
import unicodedata
from decimal import Decimal

from maarifa.lib.text import nfc

MOST_CHARACTERS = 40
"""Of a number, without its unit."""
MOST_IN_UNIT = 60

# What these mean is told by the character alone; for a comma or a point it takes a look at what stands around
# it.
_GROUP, _POINT = "_", "d"
_ALWAYS_GROUP = "'’ʼ٬"
_ALWAYS_POINT = "٫"
_COMMA, _FULL_STOP = ",،，", ".．"
_PLUS, _MINUS = "+＋", "-−–‐‑﹣－"
_SIGNS = (
    ("-", _MINUS),
    ("+", _PLUS),
    (",", _COMMA),
    (".", _FULL_STOP),
    (_GROUP, _ALWAYS_GROUP),
    (_POINT, _ALWAYS_POINT),
)
_DIGITS = re.compile(r"[0-9]+")
# Marks that keyboards of right-to-left scripts leave in a text, and other characters that nobody sees.
_INVISIBLE = dict.fromkeys(
    [0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)
_PERCENT = dict.fromkeys(map(ord, "٪％﹪"), "%")
_RAISED = str.maketrans("²³", "23")


def readings(text: str) -> tuple[Decimal, ...]:
    """The numbers that a text can mean: none, one, or two where a comma or a point has two readings."""
    if len(text) > MOST_CHARACTERS:
        return ()
    plain = _plain(text)
    sign = "-" if plain.startswith("-") else ""
    body = plain[1:].lstrip() if plain[:1] in ("+", "-") else plain
    candidates = [_whole(body)]
    point = max(body.rfind(character) for character in (",", ".", _POINT))
    if point >= 0 and _DIGITS.fullmatch(body[point + 1 :]):
        head = _whole(body[:point], but_not=body[point]) if body[:point] else "0"
        candidates.append(head and f"{head}.{body[point + 1 :]}")
    return tuple(Decimal(sign + number) for number in candidates if number)


def _whole(body: str, but_not: str = "") -> str | None:
    """The digits of a whole number, in groups of three (or of two before the last three, as in India) or in
    none.
    """
    if _DIGITS.fullmatch(body):
        return body
    separator = next((character for character in body if not character.isdigit()), "")
    if separator not in (" ", _GROUP, ",", ".") or separator == but_not:
        return None
    first, *groups = body.split(separator)
    if not all(_DIGITS.fullmatch(group) for group in (first, *groups)) or first.startswith("0"):
        return None
    threes = len(first) <= 3 and all(len(group) == 3 for group in groups)
    twos = len(first) <= 2 and len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[:-1])
    return first + "".join(groups) if threes or twos else None


def _plain(text: str) -> str:
    """The text in ASCII: digits of every script, one minus, one space, one of each sign that stands in
    numbers.
    """
    return "".join(_plain_character(character) for character in text.translate(_INVISIBLE).strip())


def _plain_character(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Zs":
        return " "
    for plain, written in _SIGNS:
        if character in written:
            return plain
    # Our own two signs are letters nobody may type.
    return "?" if character in (_GROUP, _POINT) else character


def without_percent(text: str) -> str | None:
    """What stands before a percent sign of any script at the end; None where there is none."""
    text = text.translate(_INVISIBLE).strip().translate(_PERCENT)
    return text[:-1].rstrip() if text.endswith("%") else None


def unit_key(text: str) -> str:
    """What units are compared by: it is the same for two ways to write one unit."""
    text = nfc(text).translate(_INVISIBLE).translate(_PERCENT).translate(_RAISED)
    return "".join(text.split()).casefold().strip(".")


def number_and_unit(text: str) -> tuple[str, str]:
    """A text that is no number by itself, as a number that can be read and the unit beside it; two empty
    texts for what is no such thing, and for what is too long.
    """
    if len(text) > MOST_CHARACTERS + MOST_IN_UNIT:
        return "", ""
    for end in range(len(text) - 1, 0, -1):
        number, unit = text[:end], text[end:]
        if _may_be_unit(unit.lstrip()[:1]) and readings(number):
            return number, unit.strip()
    for start in range(1, len(text)):
        unit, number = text[:start], text[start:]
        if _may_be_unit(unit.rstrip()[-1:]) and readings(number):
            return number, unit.strip()
    return "", ""


def _may_be_unit(character: str) -> bool:
    """Whether a unit may have this character where it touches the number: not what belongs to numbers."""
    plain = _plain_character(character) if character else ""
    return (
        bool(plain) and not plain.isdecimal() and plain not in ("-", "+", ",", ".", _GROUP, _POINT, " ", "/")
    )
