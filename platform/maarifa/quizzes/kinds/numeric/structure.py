"""What is right, how far from it is right as well, and in which units."""

import re
from decimal import Decimal, localcontext
from typing import Annotated, Any, Self

from django.utils.translation import gettext_lazy as _
from pydantic import PlainValidator, model_validator

from maarifa.lib.shapes import Shape
from maarifa.quizzes.kinds.base import Percent, Structure
from maarifa.quizzes.kinds.numeric.readings import MOST_IN_UNIT, number_and_unit, unit_key
from maarifa.quizzes.kinds.problems import refuse

BAD_TOLERANCE = _(
    "“%(value)s” is not a tolerance in the right form. Write a number or a percentage in quotation marks, for "
    'example "0.5" or "5%%".'
)
NO_SHARE_OF_ZERO = _(
    "The correct answer is 0, and any percentage of 0 is 0. Write the tolerance as a number."
)
NEAR_TOO_NARROW = _(
    "The tolerance for nearly correct answers is not wider than the first one. Write a larger one."
)
BAD_UNIT = _(
    "“%(value)s” cannot be used as a unit. Write 1 to 60 characters, with a letter or a sign at both ends."
)
BAD_FACTOR = _(
    "“%(value)s” cannot be used for the unit “%(unit)s”. Write how many of it make one of the question’s unit: a "
    'number above 0 in quotation marks, for example "1000".'
)
UNIT_TWICE = _("The unit “%(value)s” appears twice, perhaps in capital and small letters. Keep one.")

PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")


def _decimal(value: object) -> str:
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        raise refuse("number")
    return value


def _tolerance(value: object) -> str:
    if not isinstance(value, str) or not PLAIN.fullmatch(value.removesuffix("%")):
        raise refuse("tolerance_form", template=BAD_TOLERANCE)
    if value.startswith("-"):
        raise refuse("tolerance")
    return value


DecimalText = Annotated[str, PlainValidator(_decimal)]
Tolerance = Annotated[str, PlainValidator(_tolerance)]
"""A decimal text; with a percent sign behind it, a share of the answer's size."""


class NearAnswers(Shape):
    """What is worth a part of the points."""

    tolerance: Tolerance
    percent: Percent


class NumberStructure(Structure):
    """Decimal texts: what is right, and how far from it is right as well. `units`: how many of another unit make one
    of the question's.
    """

    answer: DecimalText
    tolerance: Tolerance
    near: NearAnswers | None = None
    units: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _tolerances_widen(self) -> Self:
        tolerances = [("tolerance", self.tolerance)]
        if self.near:
            tolerances.append(("near", self.near.tolerance))
        for at, tolerance in tolerances:
            if tolerance.endswith("%") and not Decimal(self.answer):
                raise refuse("share_of_zero", template=NO_SHARE_OF_ZERO, value=tolerance, at=at)
        widths = [width_of(tolerance, self.answer) for _at, tolerance in tolerances]
        if self.near and widths[1] <= widths[0]:
            raise refuse("near_narrow", template=NEAR_TOO_NARROW, value=self.near.tolerance, at="near")
        return self

    @model_validator(mode="after")
    def _units_are_told_apart(self) -> Self:
        seen = set()
        for unit, factor in (self.units or {}).items():
            if not is_unit(unit):
                raise refuse("unit", template=BAD_UNIT, value=unit, at="units")
            if not isinstance(factor, str) or not PLAIN.fullmatch(factor) or Decimal(factor) <= 0:
                raise refuse("factor", template=BAD_FACTOR, value=str(factor), unit=unit, at="units")
            if unit_key(unit) in seen:
                raise refuse("unit_twice", template=UNIT_TWICE, value=unit, at="units")
            seen.add(unit_key(unit))
        return self


def is_unit(text: str) -> bool:
    """Whether a unit may be written so: its ends are told from the number beside it."""
    behind, before = number_and_unit(f"1{text}"), number_and_unit(f"{text}1")
    comes_apart = behind == before == ("1", text)
    return (
        bool(unit_key(text)) and comes_apart and text == " ".join(text.split()) and len(text) <= MOST_IN_UNIT
    )


def width_of(tolerance: str, answer: str) -> Decimal:
    """How far an answer may be from the right one."""
    with localcontext(prec=200):
        if tolerance.endswith("%"):
            return (abs(Decimal(answer)) * Decimal(tolerance[:-1])).scaleb(-2)
        return Decimal(tolerance)
