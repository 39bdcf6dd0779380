"""Whether two short texts are one answer, however they were typed.

What never counts: the Unicode form, invisible characters and joiners, the number of spaces, punctuation at the ends,
which apostrophe, quotation mark, hyphen or comma was typed, and in which script digits are written. NFKC makes wide
letters, ligatures and raised or lowered digits plain: CO₂ is CO2.

Capitals and diacritics count where the caller says so. Diacritics are those of two scripts: the accents and strokes of
Latin letters (é, ł, ø), and in Arabic short vowels, tatweel, hamza, and the variants of alef, yeh, kaf and teh marbuta.
In other scripts a mark makes another letter (й in Cyrillic, が in Japanese), and always counts.
"""

import glob
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from maarifa.lib.text import ALIKE, casefold_key, clean_name, plain_digit

WILDCARD = "*"
_WIDE = str.maketrans(dict.fromkeys("\uff0a\ufe61", WILDCARD))
"""The wide and the small asterisk, which NFKC makes plain."""

_SIGNS = str.maketrans(
    {
        character: sign
        for sign, characters in (
            ("'", "\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2032\u05f3\ua78c`\u00b4"),
            ('"', "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\u05f4\u300c\u300d"),
            ("-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u05be"),
            (",", "\u060c\u3001\u066c"),
            (";", "\u061b"),
            ("?", "\u061f"),
            (".", "\u06d4\u3002\u0964\u0965\u066b"),
            ("%", "\u066a"),
        )
        for character in characters
    }
)
_ENDS = " .,;:!?¡¿'\"()[]{}"
_MARKED = ("LATIN ", "ARABIC ")
# The table of search has small letters only.
_ALIKE_IN_CASE = ALIKE | {
    ord(chr(small).upper()): alike.upper()
    for small, alike in ALIKE.items()
    if len(chr(small).upper()) == 1 and chr(small).upper() != chr(small)
}
# Stands for a literal asterisk while the wildcards of an answer are looked for; nobody types it.
_ASTERISK = "\ue000"


def spelling_key(text: str, *, case: bool = False, diacritics: bool = False) -> str:
    """Two texts are one answer where their keys are the same. `case`, `diacritics`: whether these count.

    A text of punctuation alone keeps it.
    """
    text = text.translate(_SIGNS)
    key = unicodedata.normalize("NFKC", casefold_key(text) if not case else _without_joiners(text))
    # What NFKC has made of other signs; a digit of any script is one of ours.
    key = "".join(map(plain_digit, key.translate(_SIGNS)))
    if not diacritics and not key.isascii():
        key = _without_marks(key).translate(_ALIKE_IN_CASE) or key
    key = unicodedata.normalize("NFC", " ".join(key.split()))
    return key.strip(_ENDS) or key


def matches(accepted: str, typed: str, *, case: bool = False, diacritics: bool = False) -> bool:
    r"""Whether a typed text is this accepted one. In the accepted one `*` stands for any text, or none; `\*` for an
    asterisk. It takes time in proportion to the two lengths, whatever the wildcards.
    """
    return matches_one([accepted], typed, case=case, diacritics=diacritics)


def matches_one(accepted: Iterable[str], typed: str, *, case: bool = False, diacritics: bool = False) -> bool:
    """Whether a typed text is one of these accepted ones. The key of what was typed is made once."""
    key = spelling_key(typed, case=case, diacritics=diacritics)
    return any(_is(key, _parts(one, case, diacritics)) for one in accepted)


def _is(key: str, parts: tuple[str, ...]) -> bool:
    if len(parts) == 1:
        return key == parts[0]
    return fnmatchcase(key, WILDCARD.join(glob.escape(part) for part in parts))


def matches_anything(accepted: str) -> bool:
    """Whether there is nothing in it but wildcards."""
    return len(_parts(accepted, False, False)) > 1 and not any(
        part.strip(_ENDS) for part in _parts(accepted, False, False)
    )


def has_wildcard(accepted: str) -> bool:
    return WILDCARD in _marked(accepted)


def as_answer(accepted: str, wildcard: str = "…") -> str:
    """An accepted text as an answer, with this for each of its wildcards."""
    return _marked(accepted).replace(WILDCARD, wildcard).replace(_ASTERISK, WILDCARD)


def _marked(accepted: str) -> str:
    return accepted.translate(_WIDE).replace(f"\\{WILDCARD}", _ASTERISK)


@lru_cache(maxsize=8192)
def _parts(accepted: str, case: bool, diacritics: bool) -> tuple[str, ...]:
    """What stands between the wildcards."""
    key = spelling_key(_marked(accepted), case=case, diacritics=diacritics)
    return tuple(part.replace(_ASTERISK, WILDCARD) for part in key.split(WILDCARD))


def _without_joiners(text: str) -> str:
    return clean_name(text).replace("\u200c", "").replace("\u200d", "")


def _without_marks(text: str) -> str:
    """Without the marks on Latin and Arabic letters."""
    kept, is_marked = [], False
    for character in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(character):
            is_marked = unicodedata.name(character, "").startswith(_MARKED)
        elif is_marked:
            continue
        kept.append(character)
    return "".join(kept)
