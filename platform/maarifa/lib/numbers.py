"""Numbers, shares and sizes as each language writes them."""

import re
import unicodedata
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext, override

Number = int | float | Decimal | str

# CLDR's plain "ar", "en" and "pt" mean Latin digits, the United States and Brazil.
LOCALES = {"ar": "ar_EG", "en": "en_GB", "pt": "pt_PT"}


@lru_cache
def locale_for(language: str) -> Locale:
    """The locale whose customs we follow for an interface language; English where nothing is known of it."""
    try:
        return Locale.parse(LOCALES.get(language, language), sep="_" if language in LOCALES else "-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def number(value: Number, *, language: str, decimals: int = 3) -> str:
    """A number with the language's separators, and no more than so many decimals. Digits are 0 to 9 in every language:
    courses, certificates and pages agree.
    """
    step = Decimal(1).scaleb(-decimals)
    # The default of 28 digits is too few for the numbers that questions may ask for.
    with localcontext(prec=100):
        rounded = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
        return format_decimal(
            rounded, locale=locale_for(language), decimal_quantization=False, numbering_system="latn"
        )


def percent(value: Number, *, language: str) -> str:
    """So many in a hundred, rounded down: nobody should read the pass mark who hasn't reached it."""
    whole = Decimal(str(value)).to_integral_value(ROUND_FLOOR)
    return format_percent(whole / 100, locale=locale_for(language), numbering_system="latn")


def size(count: int, *, language: str) -> str:
    """So many bytes, as a person buys them: 1 kB is 1,000 bytes."""
    amount = Decimal(count) / 1000
    with override(language):
        # Our own words: CLDR says "1 MByte" in Portuguese and has no byte in Swahili, Hindi and Arabic.
        units = [gettext("%(size)s kB"), gettext("%(size)s MB"), gettext("%(size)s GB")]
    # From 999.5 on it would be rounded to a thousand of the smaller unit.
    while len(units) > 1 and amount >= Decimal("999.5"):
        amount /= 1000
        units.pop(0)
    shown = number(amount, decimals=1 if amount < Decimal("9.95") else 0, language=language)
    return units[0] % {"size": shown}


# How a text of a course writes large numbers and decimals: a French one with a space and a comma, others with a comma
# and a point.
_GROUPS = {"fr": re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}(?!\d))")}
_POINTS = {"fr": re.compile(r"(?<=\d),(?=\d)")}
_GROUPED = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")


def numbers_in(text: str, *, language: str) -> list[str]:
    """The numbers in a text, in their order, each as digits with a point before decimals: 1,024 and 1 024 are 1024.

    To compare a translation with its source. Signs and units are left out.
    """
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    plain = _GROUPS.get(language, _GROUPED).sub("", plain.replace("٫", "."))
    if language in _POINTS:
        plain = _POINTS[language].sub(".", plain)
    return re.findall(r"\d+(?:\.\d+)*", plain)
