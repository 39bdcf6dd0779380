"""When something is asked again, by the real FSRS."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.learning.memory import LONGEST_DAYS, Exposure, memory_of, recall

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

EXPOSURES = st.lists(
    st.builds(
        Exposure,
        st.integers(0, 730 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def intervals(first: bool, times: int) -> list[int]:
    """Days until it is due, each time answered on the day, right but perhaps for the first time."""
    found, exposures, at = [], [], MONDAY
    for number in range(times):
        exposures.append(Exposure(at, first if number == 0 else True))
        memory = memory_of(exposures)
        found.append((memory.due_at - at).days)
        at = memory.due_at
    return found


def test_always_right_it_comes_back_after_4_31_and_173_days_and_then_every_180():
    assert intervals(True, 5) == [4, 31, 173, 180, 180]


def test_missed_at_first_it_comes_back_after_1_4_17_and_61_days():
    assert intervals(False, 5) == [1, 4, 17, 61, 180]


def test_missed_later_it_comes_back_much_sooner():
    exposures = [Exposure(MONDAY, True), Exposure(MONDAY + timedelta(days=4), True)]
    at = MONDAY + timedelta(days=35)
    right = memory_of([*exposures, Exposure(at, True)])
    wrong = memory_of([*exposures, Exposure(at, False)])
    assert (right.due_at - at).days == 173
    assert (wrong.due_at - at).days <= 4


@given(EXPOSURES, st.randoms(use_true_random=False))
def test_memory_is_the_same_in_whatever_order_the_exposures_came(exposures, chance: random.Random):
    shuffled = list(exposures)
    chance.shuffle(shuffled)
    assert memory_of(shuffled) == memory_of(exposures)


@given(EXPOSURES)
def test_memory_is_due_after_a_day_at_least_and_half_a_year_at_most(exposures):
    memory = memory_of(exposures)
    assert memory.exposed_at == max(exposures).at
    assert timedelta(days=1) <= memory.due_at - memory.exposed_at <= timedelta(days=LONGEST_DAYS)
    assert memory.stability > 0
    assert 1 <= memory.difficulty <= 10


@given(EXPOSURES, st.integers(0, 400), st.integers(1, 400))
def test_recall_falls_with_time(exposures, days, more):
    memory = memory_of(exposures)
    soon = memory.exposed_at + timedelta(days=days)
    first = recall(stability=memory.stability, exposed_at=memory.exposed_at, at=soon)
    later = recall(stability=memory.stability, exposed_at=memory.exposed_at, at=soon + timedelta(days=more))
    assert 0 < later < first <= 1


def test_moments_of_other_zones_are_taken_as_the_moments_that_they_are():
    nairobi = MONDAY.astimezone(ZoneInfo("Africa/Nairobi"))
    assert memory_of([Exposure(nairobi, True)]) == memory_of([Exposure(MONDAY, True)])


def test_memory_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        memory_of([])
