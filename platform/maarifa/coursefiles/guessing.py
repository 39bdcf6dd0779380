"""How far somebody comes in a bank who knows nothing but how questions are written.

Each function takes single-choice questions as (texts of the choices, key of the right one) and returns how many of a
hundred such a person gets right, by expectation: where several choices look alike to them, they pick one by lot.
"""

import re
from collections.abc import Callable, Iterable

from maarifa.lib.customs import customs_of
from maarifa.lib.text import fold
from maarifa.quizzes.kinds.practice import Guessed


def by_chance(asked: Iterable[Guessed]) -> float:
    return _expected(asked, lambda texts: set(texts))


def by_longest(asked: Iterable[Guessed]) -> float:
    """Who picks the longest choice."""
    return _expected(asked, lambda texts: _as_long_as(max, texts))


def by_shortest(asked: Iterable[Guessed]) -> float:
    """Who picks the shortest choice."""
    return _expected(asked, lambda texts: _as_long_as(min, texts))


def by_absolute_words(asked: Iterable[Guessed], language: str) -> float:
    """Who avoids choices that speak absolutely."""
    own = customs_of(language)
    absolute = {fold(word) for word in own.absolute_words} if own else set()

    def careful(texts: dict[str, str]) -> set[str]:
        kept = {key for key, text in texts.items() if not absolute & set(re.findall(r"\w+", fold(text)))}
        return kept or set(texts)

    return _expected(asked, careful)


def _as_long_as(which: Callable[[Iterable[int]], int], texts: dict[str, str]) -> set[str]:
    length = which(len(text) for text in texts.values())
    return {key for key, text in texts.items() if len(text) == length}


def _expected(asked: Iterable[Guessed], pick: Callable[[dict[str, str]], set[str]]) -> float:
    shares = []
    for texts, right in asked:
        picked = pick(texts)
        shares.append((right in picked) / len(picked))
    return 100 * sum(shares) / len(shares) if shares else 0.0
