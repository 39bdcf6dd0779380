"""Numbers, shares and sizes as each language writes them."""

import re
import unicodedata
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext, override

from maarifa.lib.customs import Customs, customs_of

Number = int | float | Decimal | str

# Of languages that only courses are written in: CLDR's plain "pt" means Brazil.
_LOCALES = {"pt": "pt_PT"}


@lru_cache
def locale_for(language: str) -> Locale:
    """The locale whose customs we follow for an interface language; English where nothing is known of it."""
    own = customs_of(language)
    name = own.locale if own else _LOCALES.get(language, language)
    try:
        return Locale.parse(name.replace("-", "_"))
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


@lru_cache
def _signs(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands between thousands and before decimals in texts of the language."""
    own = customs_of(language)
    thousands, decimals = (own.thousands, own.decimals) if own else (Customs.thousands, Customs.decimals)
    return re.compile(rf"(?<=\d)[{thousands}](?=\d{{3}}(?!\d))"), re.compile(rf"(?<=\d)[{decimals}](?=\d)")


def numbers_in(text: str, *, language: str) -> list[str]:
    """The numbers in a text, in their order, each as digits with a point before decimals: 1,024 and 1 024 are 1024.

    To compare a translation with its source. Signs and units are left out.
    """
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    thousands, decimals = _signs(language)
    plain = decimals.sub(".", thousands.sub("", plain))
    return re.findall(r"\d+(?:\.\d+)*", plain)
