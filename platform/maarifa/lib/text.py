"""Text as it is stored, searched and sorted."""

import re
import unicodedata

KEY_PATTERN = r"^[a-z0-9-]{1,60}$"
"""What a key looks like: in addresses, in files and in columns."""

_SPACES = re.compile(r"\s+")
# In a text that is no name a joiner, a mark or a variation may be meant; what turns a whole line never is.
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x200B, 0x2060, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xE0000, 0xE0080),
    ]
)

# Direction marks and overrides, tags, variation selectors, fillers and blanks, and what only formats text. Of these
# Unicode calls nearly all "default ignorable"; U+2800 is the Braille pattern without a dot.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_JOINER = re.compile(f"[{_JOINERS}]+")
# Letters that were once written with a joiner at their end, and have had a code of their own since 2005 and 2008.
_ONCE_JOINED = {
    "\u09a4\u09cd\u200d": "\u09ce",
    "\u0d23\u0d4d\u200d": "\u0d7a",
    "\u0d28\u0d4d\u200d": "\u0d7b",
    "\u0d30\u0d4d\u200d": "\u0d7c",
    "\u0d32\u0d4d\u200d": "\u0d7d",
    "\u0d33\u0d4d\u200d": "\u0d7e",
    "\u0d15\u0d4d\u200d": "\u0d7f",
}
_ENDS_JOINED = re.compile(f"(?:{'|'.join(_ONCE_JOINED)})(?![\\w\u0980-\u09ff\u0d00-\u0d7f])")
# Arabic, Syriac, N'Ko and Mandaic; the scripts of India and Sri Lanka; Burmese, Khmer, Mongolian and their neighbours.
_JOINING = (
    (0x0600, 0x08FF),
    (0x0900, 0x0DFF),
    (0x1000, 0x109F),
    (0x1700, 0x18AF),
    (0x1900, 0x1CFF),
    (0xA800, 0xABFF),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),
)


_DOTTED = re.compile("i\u0307+")
# Letters that people type for one another, once marks are gone: what search takes for the same.
ALIKE = str.maketrans(
    {
        # Arabic, with the forms of Persian, Urdu and Kurdish keyboards
        "\u0649": "\u064a",  # alef maksura, yeh
        "\u06cc": "\u064a",
        "\u06d0": "\u064a",
        "\u06d2": "\u064a",
        "\u0629": "\u0647",  # teh marbuta, heh
        "\u06c1": "\u0647",
        "\u06c3": "\u0647",
        "\u06be": "\u0647",
        "\u06d5": "\u0647",
        "\u06a9": "\u0643",  # keheh, kaf
        "\u06aa": "\u0643",
        "\u0671": "\u0627",  # alef wasla, alef
        "\u0621": "",  # a hamza by itself
        "\u0640": "",  # tatweel
        # Latin letters whose stroke, hook or shape is no mark to Unicode
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ɖ": "d",
        "ɗ": "d",
        "ı": "i",
        "ɨ": "i",
        "ɩ": "i",
        "ø": "o",
        "ɔ": "o",
        "ɛ": "e",
        "ə": "e",
        "ǝ": "e",
        "ħ": "h",
        "ŧ": "t",
        "ɓ": "b",
        "ƙ": "k",
        "ƴ": "y",
        "ŋ": "n",
        "ɲ": "n",
        "ɣ": "g",
        "ʋ": "v",
        "ʊ": "u",
        "ƒ": "f",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


def nfc(text: str) -> str:
    """The text in Unicode normal form C, as every stored text is."""
    return unicodedata.normalize("NFC", text)


def storable(text: str) -> str:
    """The text without what a database or UTF-8 cannot hold: NUL, and a "?" for each half of a surrogate pair."""
    return text.replace("\0", "").encode(errors="replace").decode()


def one_line(text: str) -> str:
    """NFC, without control or invisible characters, runs of space made one, ends stripped.

    Zero-width joiners stay: Persian and Indic scripts need them. For a name see `clean_name`.
    """
    text = nfc(text)
    if text.isascii() and text.isprintable():
        # Nearly every text: the only space in it is the plain one, and nothing is to be taken out.
        return " ".join(text.split())
    text = text.translate(_INVISIBLE)
    text = _SPACES.sub(" ", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cc").strip()


def clean_name(text: str) -> str:
    """The name as it is kept; empty where nothing of it can be seen. Never refuses; what is clean stays as it is.

    A joiner stays between two letters of a script that writes with joiners, and nowhere else.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _UNSEEN.sub("", _SPACES.sub(" ", text))
    text = "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf"))
    text = nfc(text)
    if _JOINER.search(text):
        text = _ENDS_JOINED.sub(lambda match: _ONCE_JOINED[match[0]], text)
        text = nfc(_JOINER.sub(_kept_joiner, text))
    return " ".join(text.split())


def casefold_key(text: str) -> str:
    """NFKC and casefolded: two spellings of one user name or address give one key. No joiner counts."""
    if text.isascii():
        return clean_name(text).casefold()
    text = _JOINER.sub("", clean_name(text))
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # A capital İ in small letters is an i, as every Turk writes it: not an i with a second dot.
    return clean_name(_DOTTED.sub("i", key))


def fold(text: str) -> str:
    """The letters that people type for a text: casefolded, without marks, variants of a letter made one.

    é → e, ł → l, أ and إ → ا, ى → ي, ة → ه, ک → ك, digits of every script 0-9. Spaces and signs stay.
    """
    key = casefold_key(text)
    if key.isascii():
        return key
    decomposed = unicodedata.normalize("NFKD", key)
    bare = "".join(plain_digit(c) for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.translate(ALIKE))


def search_key(text: str) -> str:
    """What search compares: the folded letters and digits, without spaces and signs.

    عبد الله and عبدالله, N’Diaye and Ndiaye, Al-Hassan and al hassan have one key each. Stored in a column, because
    SQLite's own `icontains` misses Cyrillic in another case.
    """
    key = fold(text)
    return (
        key if key.isalnum() else "".join(c for c in key if c.isalnum() or unicodedata.category(c)[0] == "M")
    )


def sort_key(text: str) -> str:
    """What lists are ordered by: the folded text, with marks kept behind it to break ties."""
    # A tab comes before a space: a name is before one that begins with it.
    return f"{fold(text)}\t{casefold_key(text)}"[:255]


def plain_digit(character: str) -> str:
    """A digit of any script as one of 0-9; any other character as it is."""
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _kept_joiner(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if start == 0 or end == len(text) or not (_joins(text[start - 1]) and _joins(text[end])):
        return ""
    return match[0][0]


def _joins(character: str) -> bool:
    point = ord(character)
    return unicodedata.category(character)[0] in "LM" and any(low <= point <= high for low, high in _JOINING)


def same_texts(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Which keys say the same to a reader, whatever spaces and capitals: each repetition with its first. Empty texts
    say nothing.
    """
    first: dict[str, str] = {}
    pairs = []
    for key, text in texts.items():
        folded = " ".join(nfc(text).split()).casefold()
        if folded and folded in first:
            pairs.append((first[folded], key))
        first.setdefault(folded, key)
    return pairs
