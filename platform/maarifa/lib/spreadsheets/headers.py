"""Finding the header of a table, and the columns that it names."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from maarifa.lib.text import fold

from .words import COMMON_WORDS

HEADER_WITHIN = 20

# Arabic letters that keyboards and countries write differently for the same word.
_ARABIC = str.maketrans("ٱىیېةۀہھکگؤئ", "ايييههههككوي")
_HINT = re.compile(r"[(\[（【].{0,100}?[)\]）】]")


@dataclass(frozen=True, slots=True)
class UnmatchedColumn:
    """A column that no word names, and the field and word that it may have meant."""

    index: int
    header: str
    field: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which column holds which field.

    A field that several columns name stands in `duplicates` and not in `matched`: nobody can say which one
    is meant.
    """

    matched: dict[str, int] = field(default_factory=dict)
    unmatched: list[UnmatchedColumn] = field(default_factory=list)
    duplicates: dict[str, list[int]] = field(default_factory=dict)


def header_key(text: str) -> str:
    """What two spellings of a header share: no case, accents, spaces or signs; Arabic letters made one."""
    folded = fold(text.replace("_", " ")).translate(_ARABIC)
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M"))


def words_in(text: str) -> frozenset[str]:
    """The words of a header, each as `header_key` has it: "Prénoms de l'agent" has prenoms, de, l and agent."""
    return frozenset(key for key in map(header_key, re.split(r"[\W_]+", text)) if key)


def known_keys(header_words: Iterable[str]) -> frozenset[str]:
    """The keys of header words, those of rosters among them."""
    return frozenset(key for key in map(header_key, [*COMMON_WORDS, *header_words]) if key)


def words_of(vocabulary: Mapping[str, Iterable[str]] | None) -> list[str]:
    """All words of a vocabulary, its fields among them."""
    return [word for name, synonyms in (vocabulary or {}).items() for word in (name, *synonyms)]


def count_known(cells: Iterable[str], known: frozenset[str]) -> int:
    """How many different header words stand in a row."""
    return len({key for key in map(_key_without_hint, cells) if key in known})


def find_header(rows: Sequence[tuple[int, list[str]]], known: frozenset[str]) -> int:
    """The index in `rows` (none of them empty) of the row that names the columns."""
    first = rows[:HEADER_WITHIN]
    for index, (_number, cells) in enumerate(first):
        if count_known(cells, known) >= 2:
            return index
    for index, (_number, cells) in enumerate(first):
        if len({cell for cell in cells if cell}) >= 2:
            return index
    # A single column: its header may stand below a title.
    for index, (_number, cells) in enumerate(first):
        if count_known(cells, known):
            return index
    return 0


def match_columns(columns: Sequence[str], vocabulary: Mapping[str, Iterable[str]]) -> ColumnMatch:
    """The fields of `vocabulary` (field: its words in every language) among the headers of a table.

    Forgives case, accents, spaces, underscores, punctuation, Arabic letter variants and a hint in brackets,
    such as "E-mail (required)". A misspelt header is never taken for the right one, but named with the
    closest word.
    """
    field_of: dict[str, str] = {}
    word_of: dict[str, str] = {}
    for name, synonyms in vocabulary.items():
        for word in (name, *synonyms):
            key = header_key(word)
            if key:
                field_of.setdefault(key, name)
                word_of.setdefault(key, word)
    places_of: dict[str, list[int]] = {}
    rest = []
    for index, header in enumerate(columns):
        field_named = field_of.get(header_key(header))
        if field_named:
            places_of.setdefault(field_named, []).append(index)
        else:
            rest.append(index)
    # Without its hint a header names a field only where no other column does: "Name" beside "Name (Arabic)".
    named = set(places_of)
    still = []
    for index in rest:
        field_named = field_of.get(_key_without_hint(columns[index]))
        if field_named and field_named not in named:
            places_of.setdefault(field_named, []).append(index)
        else:
            still.append(index)
    unmatched = []
    for index in still:
        key = _key_without_hint(columns[index])
        free = [word for word, name in field_of.items() if name not in places_of]
        close = difflib.get_close_matches(key, free, n=1, cutoff=0.75) if key else []
        unmatched.append(
            UnmatchedColumn(
                index,
                columns[index],
                field_of[close[0]] if close else None,
                word_of[close[0]] if close else None,
            )
        )
    return ColumnMatch(
        matched={name: places[0] for name, places in places_of.items() if len(places) == 1},
        unmatched=unmatched,
        duplicates={name: places for name, places in places_of.items() if len(places) > 1},
    )


def _key_without_hint(header: str) -> str:
    return header_key(_HINT.sub(" ", header)) or header_key(header)
