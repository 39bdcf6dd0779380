"""Text as it is stored, searched and sorted."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x00AD])


def nfc(text: str) -> str:
    """The text in Unicode normal form C, as every stored text is."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """NFC, without control or invisible characters, runs of space made one, ends stripped.

    Zero-width joiners stay: Persian and Indic scripts need them.
    """
    text = nfc(text)
    if text.isprintable():
        # Nearly every text: the only space in it is the plain one, and nothing is to be taken out.
        return " ".join(text.split())
    text = text.translate(_INVISIBLE)
    text = _SPACES.sub(" ", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cc").strip()


def casefold_key(text: str) -> str:
    """NFKC and casefolded: two spellings of one user name or address give one key."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", one_line(text)).casefold())


def search_key(text: str) -> str:
    """What search compares: NFKC, casefold, marks stripped (é → e, Arabic vowel signs and hamza carriers gone).

    Stored in a column, because SQLite's own `icontains` misses Cyrillic in another case.
    """
    key = casefold_key(text)
    if key.isascii():
        return key
    decomposed = unicodedata.normalize("NFKD", key)
    stripped = "".join(c for c in decomposed if not unicodedata.combining(c) and c != "\u0640")
    return unicodedata.normalize("NFC", stripped)


def sort_key(text: str) -> str:
    """What lists are ordered by: as the search key, with marks kept behind it to break ties."""
    return f"{search_key(text)} {casefold_key(text)}"[:255]
