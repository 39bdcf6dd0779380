"""How far somebody comes in a bank who knows nothing but how questions are written.

Questions are single-choice ones as (texts of the choices, key of the right one). What is returned by a function that
takes many is how many of a hundred such a person gets right, by expectation: where several choices look alike to them,
they pick one by lot.
"""

import re
from collections.abc import Callable, Iterable

from maarifa.lib.customs import customs_of
from maarifa.lib.text import fold
from maarifa.quizzes.kinds.practice import Guessed


def by_chance(asked: Iterable[Guessed]) -> float:
    return _expected(asked, lambda texts: set(texts))


def by_absolute_words(asked: Iterable[Guessed], language: str) -> float:
    """Who avoids choices that speak absolutely."""
    own = customs_of(language)
    absolute = {fold(word) for word in own.absolute_words} if own else set()

    def careful(texts: dict[str, str]) -> set[str]:
        choices = {key for key, text in texts.items() if not absolute & set(re.findall(r"\w+", fold(text)))}
        return choices or set(texts)

    return _expected(asked, careful)


def length_apart(guessed: Guessed) -> int:
    """By how many in a hundred the right choice is longer than the others on average; below 0 where it is shorter.

    0 where it is neither the longest nor the shortest: its length does not tell it from the others.
    """
    texts, right = guessed
    length, others = len(texts[right]), [len(text) for key, text in texts.items() if key != right]
    if not others or min(others) <= length <= max(others):
        return 0
    return round(100 * length / (sum(others) / len(others))) - 100


def limits(text: str, language: str) -> bool:
    """Whether the text says that something holds for this alone, with a word of its language such as “only”."""
    own = customs_of(language)
    patterns = own.limiting if own else ()
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _expected(asked: Iterable[Guessed], pick: Callable[[dict[str, str]], set[str]]) -> float:
    shares = []
    for texts, right in asked:
        picked = pick(texts)
        shares.append((right in picked) / len(picked))
    return 100 * sum(shares) / len(shares) if shares else 0.0
