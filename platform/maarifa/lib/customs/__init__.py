"""What each language of the interface has of its own beside its catalogue: one file for a language, named by its code.

A language is on when its file is here. It imports nothing of Django: the settings are made with it.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module


@dataclass(frozen=True, kw_only=True)
class Customs:
    """Where a value is left out, the language has no custom of its own."""

    # Its name in itself, as menus show it.
    name: str
    # The locale of CLDR whose forms of dates and numbers it follows; the plain code may mean another country.
    locale: str
    # So many in a hundred of the strings must be translated, or lint fails: fewer while its translation is begun.
    least_translated: int = 100
    # What texts of a course write between thousands and before decimals: each the inside of a [] of a regular
    # expression.
    thousands: str = ",٬"
    decimals: str = ".٫"
    # Where a space must not break: a regular expression for it, and what is set instead.
    no_break: tuple[tuple[str, str], ...] = ()
    # How the first of a month is counted where CLDR's forms of a date have the plain number.
    first_of_month: str = ""
    # The letters of the choices in an examination where they are not A, B, C; divided by spaces.
    letters: str = ""
    # Words that make a claim easy to refute, in small letters.
    absolute_words: frozenset[str] = frozenset()
    # How a text says that something holds for this alone, as a choice does with “only”: regular expressions.
    limiting: tuple[str, ...] = ()
    # Turns that plain language avoids, and docs/style with it: regular expressions, searched in each string.
    mannered: tuple[str, ...] = ()
    # How people call languages, by the code of the language; several words are divided by |.
    languages: Mapping[str, str] = field(default_factory=dict)
    # What people write above the columns of a roster, by the field; several words are divided by |.
    columns: Mapping[str, str] = field(default_factory=dict)
    # Of these, what means the whole name where it stands alone, and the family name beside a first name.
    family_name_beside_first: str = ""


@cache
def customs() -> dict[str, Customs]:
    """The customs of every language that is on by its code, in the order of menus: by the languages' own names."""
    codes = [module.name for module in pkgutil.iter_modules(__path__)]
    by_code = {code.replace("_", "-"): import_module(f"{__name__}.{code}").CUSTOMS for code in codes}
    return dict(sorted(by_code.items(), key=lambda one: one[1].name.casefold()))


def customs_of(language: str) -> Customs | None:
    """None for a language that is not one of the interface's."""
    return customs().get(language)


def names() -> list[tuple[str, str]]:
    """What Django's LANGUAGES takes: codes and names."""
    return [(code, one.name) for code, one in customs().items()]


def words(text: str) -> list[str]:
    """The words of a list that is divided by |."""
    return [word for one in text.split("|") if (word := " ".join(one.split()))]
