"""How well something is remembered, and when it should be asked again: the one place that knows FSRS.

FSRS-6 of the package fsrs: https://github.com/open-spaced-repetition/py-fsrs. A right answer is its rating Good, any
other its rating Again. A question is due when it would be answered right with a probability of 85 %. Always right, it
comes back after 4, 31 and 173 days; missed the first time, after 1, 4, 17 and 61. Chance has no part in it: the same
answers at the same moments give the same memory.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from fsrs import Card, Rating, Scheduler

LONGEST_DAYS = 180
_SCHEDULER = Scheduler(
    desired_retention=0.85,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)


class Exposure(NamedTuple):
    """A question was answered, or the answer was shown."""

    at: datetime
    right: bool


class Memory(NamedTuple):
    """`stability` is in days: after so many days the answer is right with a probability of 90 %. `difficulty` is from 1
    to 10. `exposed_at` is the last exposure.
    """

    stability: float
    difficulty: float
    exposed_at: datetime
    due_at: datetime


def memory_of(exposures: Iterable[Exposure]) -> Memory:
    """What these leave, in the order of their moments, whatever order they came in. Needs at least one."""
    # An id of its own: without one the package waits a millisecond for each card.
    card = Card(card_id=1)
    for exposure in sorted(exposures):
        rating = Rating.Good if exposure.right else Rating.Again
        card, _log = _SCHEDULER.review_card(card, rating, exposure.at.astimezone(UTC))
    if card.stability is None or card.difficulty is None or card.last_review is None:
        raise ValueError("nothing was ever answered or shown")
    return Memory(card.stability, card.difficulty, card.last_review, card.due)


def recall(*, stability: float, exposed_at: datetime, at: datetime) -> float:
    """The probability, from 0 to 1, that the answer would be right at this moment. It falls from day to day."""
    card = Card(card_id=1, stability=stability, last_review=exposed_at.astimezone(UTC))
    return _SCHEDULER.get_card_retrievability(card, at.astimezone(UTC))
