"""The fields in which an author writes numbers and units."""

from decimal import Decimal
from typing import Annotated, Any

from django import forms
from pydantic import AfterValidator

from maarifa.quizzes.kinds.numeric.readings import readings, without_percent
from maarifa.quizzes.kinds.numeric.structure import PLAIN, is_unit
from maarifa.quizzes.kinds.problems import problem


def plain_number(text: str) -> str:
    """A number in any way of writing as a plain decimal text. Raises ValueError where it has not one reading alone."""
    if PLAIN.fullmatch(text):
        return text
    meanings = readings(text)
    if len(meanings) != 1:
        # An author can say which of two readings is meant, by a point; a learner need not.
        raise ValueError(f"{text!r} has not one reading alone")
    return format(meanings[0], "f")


def _unit_text(text: str) -> str:
    if not is_unit(text):
        raise ValueError(f"{text!r} is no unit")
    return text


def _factor_text(text: str) -> str:
    if Decimal(plain_number(text)) <= 0:
        raise ValueError(f"{text!r} is not above 0")
    return text


UnitText = Annotated[str, AfterValidator(_unit_text)]
FactorText = Annotated[str, AfterValidator(_factor_text)]


class DecimalField(forms.CharField):
    """A number that an author types in any way of writing, kept as a plain decimal text; where there may be a percent
    sign behind it, with that.
    """

    def __init__(self, *, percent: bool = False, **kwargs: Any) -> None:
        self.percent = percent
        super().__init__(
            required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}), **kwargs
        )

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        share = without_percent(text) if self.percent else None
        if not text:
            return ""
        try:
            return plain_number(text) if share is None else f"{plain_number(share)}%"
        except ValueError:
            raise forms.ValidationError(
                problem("NOT_A_DECIMAL", "", text).message, code="NOT_A_DECIMAL"
            ) from None
