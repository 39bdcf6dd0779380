"""What holds for the formulas whatever the answers are."""

from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maarifa.quizzes.statistics.formulas import (
    Moments,
    Pair,
    Stratum,
    correlation,
    mantel_haenszel,
    reliability,
    standard_error,
)

pytestmark = pytest.mark.once

share = st.integers(0, 20).map(lambda whole: whole / 20)
pairs = st.lists(st.tuples(share, share), min_size=2, max_size=60)
count = st.integers(0, 40)
strata = st.lists(st.builds(Stratum, count, count, count, count), min_size=1, max_size=11)
answers = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 3)] * width), min_size=2, max_size=40)
)


def moments(values):
    return Moments(len(values), sum(values), sum(value * value for value in values))


def r_of(values):
    one, other = zip(*values, strict=True)
    return correlation(moments(one), moments(other), sum(x * y for x, y in values))


@given(pairs)
def test_correlation_is_symmetric_within_one_and_changes_its_sign_with_one_side(values):
    r = r_of(values)
    turned = r_of([(1 - x, y) for x, y in values])
    if r is None:
        assert len({x for x, _y in values}) == 1 or len({y for _x, y in values}) == 1
        assert turned is None
        return
    assert -1 <= r <= 1
    assert r == pytest.approx(r_of([(y, x) for x, y in values]), abs=1e-9)
    assert turned == pytest.approx(-r, abs=1e-6)


@given(st.lists(share, min_size=2, max_size=60), share)
def test_deviation_does_not_depend_on_where_scores_begin(values, more):
    deviation = moments(values).deviation
    assert deviation >= 0
    assert isclose(moments([value + more for value in values]).deviation, deviation, abs_tol=1e-6)


@pytest.mark.parametrize("values", [[], [0.5]])
def test_of_one_value_or_none_there_is_no_deviation(values):
    assert moments(values).deviation is None
    assert moments([]).mean is None


@given(answers)
def test_alpha_from_pairs_is_alpha_from_totals_where_all_answered_the_same(sheets):
    width = len(sheets[0])
    columns = list(zip(*sheets, strict=True))

    def pair(a, b):
        return Pair(
            len(sheets),
            sum(columns[a]),
            sum(columns[b]),
            sum(x * y for x, y in zip(columns[a], columns[b], strict=True)),
        )

    own = [pair(at, at) for at in range(width)]
    both = [pair(a, b) for a in range(width) for b in range(a + 1, width)]
    totals = moments([sum(one) for one in sheets])
    found = reliability(own, both, asked=width)
    if totals.spread == 0:
        assert found is None
        return
    parts = sum(moments(column).spread for column in columns)
    assert found == pytest.approx(width / (width - 1) * (1 - parts / totals.spread), abs=1e-6)
    assert found <= 1 + 1e-9
    assert standard_error(1.0, found) >= 0


def test_one_question_has_no_reliability():
    assert reliability([Pair(10, 5, 5, 5)], [], asked=1) is None
    assert standard_error(0.2, None) is None
    assert standard_error(None, 0.5) is None


@given(strata)
def test_difference_of_two_languages_is_the_same_seen_from_either(tables):
    one = mantel_haenszel(tables, reference="en")
    turned = [Stratum(t.reference_right, t.reference_wrong, t.right, t.wrong) for t in tables]
    other = mantel_haenszel(turned, reference="ar")
    assert (one is None) == (other is None)
    if one:
        assert one["delta"] == pytest.approx(-other["delta"], abs=1e-9)
        assert one["error"] == pytest.approx(other["error"], abs=1e-9)
        assert one["category"] == other["category"]


@given(strata, st.integers(2, 5))
def test_more_of_the_same_answers_make_a_difference_surer_and_no_larger(tables, times):
    one = mantel_haenszel(tables, reference="en")
    assume(one)
    more = mantel_haenszel(
        [
            Stratum(times * t.right, times * t.wrong, times * t.reference_right, times * t.reference_wrong)
            for t in tables
        ],
        reference="en",
    )
    assert more["delta"] == pytest.approx(one["delta"], abs=1e-9)
    assert more["error"] <= one["error"] + 1e-12
    assert more["category"] >= one["category"]
