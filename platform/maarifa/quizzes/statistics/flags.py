"""What is weak about a question, as its figures show it, each in a sentence that says what to check."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.lib import numbers
from maarifa.lib.proportions import wilson
from maarifa.quizzes.models import LEAST_ANSWERS, ItemStatistics

HARD, EASY = 0.20, 0.95
WEAK = 0.10
GUESSED = 0.5
"""Of the way from chance to certainty: so far above chance are those who know least where a question can be guessed."""

SENTENCES = {
    "HARD": _(
        "Too hard: learners earn %(facility)s of the points. "
        "Check the wording, and which answer is marked as correct."
    ),
    "EASY": _(
        "Too easy: learners earn %(facility)s of the points. The question tells little about what they know."
    ),
    "NEGATIVE": _(
        "Learners who know more get this question wrong more often (discrimination %(discrimination)s). "
        "Check which answer is marked as correct."
    ),
    "WEAK": _(
        "Learners who know more and learners who know less do about equally well "
        "(discrimination %(discrimination)s). Check the wording."
    ),
    "UNCHOSEN": _("No learner chose “%(choice)s”. Replace it with a mistake that learners make."),
    "RIVAL": _(
        "The third of learners who know most chose “%(choice)s” more often than the correct “%(right)s”. "
        "Check which choice is marked as correct."
    ),
    "DIFFERS_B": _(
        "Learners in “%(language)s” and in “%(reference)s” who know the same do not do equally well here "
        "(category B, delta %(delta)s). Compare the texts."
    ),
    "DIFFERS_C": _(
        "Learners in “%(language)s” and in “%(reference)s” who know the same do very differently here "
        "(category C, delta %(delta)s). Compare the texts, and correct the translation."
    ),
    "GUESSABLE": _(
        "Among the fifth of learners with the lowest scores, %(share)s chose the correct "
        "choice. Random guesses would give %(chance)s. Check whether the choices show which "
        "answer is correct."
    ),
}


@dataclass(frozen=True)
class Flag:
    """`code` is for machines and for tests."""

    code: str
    params: dict[str, str]

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % self.params


def flags_of(item: ItemStatistics) -> list[Flag]:
    """The worst first; nothing, of a row whose figures are hidden."""
    return [] if item.is_hidden else [*_of_the_key(item), *_of_the_text(item)]


def _of_the_key(item: ItemStatistics) -> Iterator[Flag]:
    r = item.discrimination
    if r is not None and r < 0:
        yield Flag("NEGATIVE", {"discrimination": _figure(r)})
    for right, wrong in _rivals(item):
        yield Flag("RIVAL", {"choice": wrong, "right": right})
    if item.difference and item.difference["category"] != "A":
        params = {"language": item.language, "reference": item.difference["reference"]}
        code = f"DIFFERS_{item.difference['category']}"
        yield Flag(code, {**params, "delta": _figure(item.difference["delta"])})
    if item.facility is not None and item.facility < HARD:
        yield Flag("HARD", {"facility": percent(item.facility)})


def _of_the_text(item: ItemStatistics) -> Iterator[Flag]:
    if item.discrimination is not None and 0 <= item.discrimination < WEAK:
        yield Flag("WEAK", {"discrimination": _figure(item.discrimination)})
    # Where those who know least do best, it is not because they guess.
    if _is_guessable(item) and (item.discrimination is None or item.discrimination >= 0):
        params = {"share": percent(_lowest_share(item)), "chance": percent(item.chance or 0)}
        yield Flag("GUESSABLE", params)
    if item.facility is not None and item.facility > EASY:
        yield Flag("EASY", {"facility": percent(item.facility)})
    for pick in item.choices:
        if not pick["count"] and not pick["part"] and not pick["right"]:
            yield Flag("UNCHOSEN", {"choice": pick["given"]})


def _rivals(item: ItemStatistics) -> Iterator[tuple[str, str]]:
    """Wrong choices that the upper third prefers to a right one, each with that one. Part by part."""
    for part in dict.fromkeys(pick["part"] for pick in item.choices):
        picks = [pick for pick in item.choices if pick["part"] == part]
        right = [pick for pick in picks if pick["right"]]
        if not right:
            continue
        # Where one choice is made, several right ones do as well as each other; else each is to be chosen.
        chosen = max if part or item.chance is not None else min
        least = chosen(right, key=lambda pick: pick["upper"])
        for pick in picks:
            if not pick["right"] and pick["upper"] > least["upper"]:
                yield least["given"], pick["given"]


def _lowest_share(item: ItemStatistics) -> float:
    return (item.lowest_right or 0) / item.lowest if item.lowest else 0.0


def _is_guessable(item: ItemStatistics) -> bool:
    """Far above chance, and not by chance."""
    if item.chance is None or item.lowest is None or item.lowest < LEAST_ANSWERS:
        return False
    low, _high = wilson(item.lowest_right or 0, item.lowest)
    return low > item.chance and _lowest_share(item) > item.chance + GUESSED * (1 - item.chance)


def percent(share: float) -> str:
    """A share as so many in a hundred, rounded to the nearest."""
    return numbers.percent(int(share * 100 + 0.5), language=get_language() or "en")


def _figure(value: float) -> str:
    return numbers.number(value, decimals=2, language=get_language() or "en")
