"""Numbers as files of other systems have them."""

import re
from decimal import Decimal, localcontext

from maarifa.quizzes.exchange.model import WHOLE
from maarifa.quizzes.exchange.problems import Refused

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")


def decimal(text: str) -> Decimal:
    """Refuses NOT_A_NUMBER (value)."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise Refused("NOT_A_NUMBER", value=text)
    return Decimal(text)


def percent(text: str) -> Decimal:
    """Refuses BAD_WEIGHT (value)."""
    value = decimal(text)
    if abs(value) > WHOLE:
        raise Refused("BAD_WEIGHT", value=text.strip())
    return value


def plain(number: Decimal) -> str:
    """In digits with a point, without zeros at the end."""
    with localcontext(prec=100):
        text = format(number.normalize(), "f")
    return "0" if text == "-0" else text


def share(count: int) -> str:
    """The percentage of one of so many equal answers, with the five decimals that Moodle has."""
    return plain((WHOLE / count).quantize(Decimal("0.00001")))
