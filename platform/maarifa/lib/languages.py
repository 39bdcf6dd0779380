"""What a language code says of how its words are written."""

from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language

# Those that run from right to left. CLDR says it of each locale that Babel has, and Babel has no Dari and no Arabic in
# Latin letters: so it is read off the script.
_SCRIPTS = frozenset("adlm arab aran armi hebr mand mend nkoo rohg samr syrc thaa yezi".split())
# What CLDR has no likely script for.
_LIKELY = {"ku_IQ": "ku_Arab_IQ", "ku_IR": "ku_Arab_IR", "tk_IR": "tk_Arab_IR"}


@lru_cache(maxsize=1024)
def direction(code: str) -> str:
    """The `dir` of words in this language: by its script where the code names one, else by the script that it is
    usually written in, or in the country that the code names.
    """
    language, *others = (code or "").lower().replace("_", "-").split("-")
    named = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    return "rtl" if (named or _usual_script(language, others)) in _SCRIPTS else "ltr"


def attributes_of(code: str) -> str:
    """`lang` and `dir` for the element around words in this language, where the page is in another one."""
    return "" if code == get_language() else format_html(' lang="{}" dir="{}"', code, direction(code))


def _usual_script(language: str, others: list[str]) -> str:
    language = get_global("language_aliases").get(language, language)
    likely = get_global("likely_subtags")
    for known in (*(f"{language}_{part.upper()}" for part in others), language, language.partition("_")[0]):
        if full := _LIKELY.get(known) or likely.get(known):
            return full.split("_")[1].lower()
    return ""


def named_language(name: str) -> str:
    """The code of a language by its name in English, in itself or in a language of the interface; "" for no name."""
    return _names().get(name.strip().casefold(), "")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for speaker, _name in settings.LANGUAGES:
        for code, name in Locale.parse(speaker).languages.items():
            if len(code) <= 3:
                names.setdefault(name.casefold(), code)
    return names | {name.casefold(): code for code, name in settings.LANGUAGES}
