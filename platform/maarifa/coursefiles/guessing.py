"""How far somebody comes in a bank who knows nothing but how questions are written.

Each function takes single-choice questions as (words, key of the right choice) and returns how many of a hundred such a
person gets right, by expectation: where several choices look alike to them, they pick among these by lot.
"""

import re
from collections.abc import Callable, Iterable

from maarifa.lib.text import search_key

# Words that make a claim easy to refute. As whole words, in small letters.
ABSOLUTE = {
    "en": "always never only every none nobody everybody everything nothing completely",
    "fr": "toujours jamais uniquement exclusivement aucun aucune rien totalement",
    "ar": "دائما أبدا فقط جميع مطلقا إطلاقا تماما",
}


def by_chance(asked: Iterable[tuple]) -> float:
    return _expected(asked, lambda texts: set(texts))


def by_length(asked: Iterable[tuple]) -> float:
    """Who picks the longest choice."""

    def longest(texts: dict[str, str]) -> set[str]:
        most = max(len(text) for text in texts.values())
        return {key for key, text in texts.items() if len(text) == most}

    return _expected(asked, longest)


def by_absolute_words(asked: Iterable[tuple], language: str) -> float:
    """Who avoids choices that speak absolutely."""
    absolute = set(search_key(ABSOLUTE.get(language, "")).split())

    def careful(texts: dict[str, str]) -> set[str]:
        kept = {
            key for key, text in texts.items() if not absolute & set(re.findall(r"\w+", search_key(text)))
        }
        return kept or set(texts)

    return _expected(asked, careful)


def _expected(asked: Iterable[tuple], pick: Callable[[dict[str, str]], set[str]]) -> float:
    shares = []
    for words, right in asked:
        picked = pick({key: choice.text or "" for key, choice in words.choices.items()})
        shares.append((right in picked) / len(picked))
    return 100 * sum(shares) / len(shares) if shares else 0.0
