"""Confidence intervals of shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.lib.proportions import wilson

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("successes", "count", "interval"),
    # Published: R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), method 3.
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0000, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_interval_agrees_with_what_was_published(successes, count, interval):
    assert tuple(round(end, 4) for end in wilson(successes, count)) == interval


def test_of_nothing_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_interval_holds_the_share_and_stays_within_its_bounds(drawn):
    successes, count = drawn
    low, high = wilson(successes, count)
    assert 0 <= low <= successes / count <= high <= 1
    mirrored = wilson(count - successes, count)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.integers(0, 50))
def test_more_of_the_same_share_makes_it_narrower(successes):
    few, many = wilson(successes, 50), wilson(20 * successes, 1000)
    assert many[1] - many[0] < few[1] - few[0]
