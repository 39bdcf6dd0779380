"""What a language code says of how its words are written."""

from functools import cache

from babel import Locale
from django.conf import settings

# As CLDR has them, for languages whose usual script runs from right to left, and for those scripts.
_LANGUAGES = frozenset(
    "aeb apc apd ar arc arq ars ary arz bal bcc bgn bqi ckb dv fa glk he iw khw ks lrc luz mzn nqo pnb prs ps rhg sd "
    "sdh skr syr ug ur yi".split()
)
_SCRIPTS = frozenset("adlm arab aran armi hebr mand mend nkoo rohg samr syrc thaa yezi".split())
# Languages that are written from right to left in these countries only.
_PLACES = frozenset({("az", "ir"), ("ku", "iq"), ("ku", "ir"), ("pa", "pk"), ("tk", "ir"), ("uz", "af")})


def direction(code: str) -> str:
    """The `dir` of words in this language: by its script where the code names one, else by its first part."""
    first, *others = (code or "").lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else "ltr"
    if first in _LANGUAGES or any((first, part) in _PLACES for part in others):
        return "rtl"
    return "ltr"


def named_language(name: str) -> str:
    """The code of a language by its name in English, in itself or in a language of the interface; "" for no name."""
    return _names().get(name.strip().casefold(), "")


@cache
def _names() -> dict[str, str]:
    names = {}
    for speaker, _name in settings.LANGUAGES:
        for code, name in Locale.parse(speaker).languages.items():
            if len(code) <= 3:
                names.setdefault(name.casefold(), code)
    return names | {name.casefold(): code for code, name in settings.LANGUAGES}
