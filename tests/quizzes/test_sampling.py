"""The draw is a rule that anybody can work out again, so its results stand here as literals."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.sampling import new_seed, order_of_choices, sample

KEYS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]


def test_draw_is_the_same_for_ever():
    assert sample(1, KEYS, 3) == ["epsilon", "delta", "beta"]
    assert sample(2**63 - 1, KEYS, 6) == ["epsilon", "gamma", "zeta", "beta", "alpha", "delta"]


def test_order_of_choices_is_the_same_for_ever():
    assert order_of_choices(1, "alpha", list("abcd")) == ["c", "b", "a", "d"]
    assert order_of_choices(1, "beta", list("abcd")) == ["c", "b", "d", "a"]


def test_choices_that_stay_last_are_not_shuffled_and_do_not_move_the_others():
    assert order_of_choices(1, "alpha", list("abcd"), ["a", "c"]) == ["b", "d", "a", "c"]
    assert order_of_choices(1, "alpha", list("abcd"), ["d", "a", "c"]) == ["b", "a", "c", "d"]
    assert order_of_choices(1, "alpha", list("abcd"), []) == order_of_choices(1, "alpha", list("abcd"))


@given(seed=st.integers(0, 2**63 - 1), last=st.lists(st.sampled_from("abcdef"), unique=True))
def test_every_choice_has_a_place_and_the_last_ones_are_at_the_end(seed, last):
    order = order_of_choices(seed, "alpha", list("abcdef"), last)
    assert order[len(order) - len(last) :] == sorted(last)
    assert [key for key in order_of_choices(seed, "alpha", list("abcdef")) if key not in last] == order[
        : len(order) - len(last)
    ]


@given(seed=st.integers(0, 2**63 - 1), count=st.integers(0, 6), pool=st.permutations(KEYS))
def test_draw_takes_each_question_once_whatever_the_order_of_the_pool(seed, count, pool):
    drawn = sample(seed, pool, count)
    assert len(drawn) == len(set(drawn)) == count
    assert drawn == sample(seed, KEYS, count)


def test_draw_gives_every_question_its_share():
    drawn = Counter(key for seed in range(3000) for key in sample(seed, KEYS, 2))
    assert all(900 < drawn[key] < 1100 for key in KEYS)


def test_new_seed_fits_into_its_column():
    assert all(0 <= new_seed() < 2**63 for _ in range(100))


def test_cells_give_their_counts_whatever_the_seed():
    cells = [{"questions": ["a", "b", "c"], "count": 2}, {"questions": ["d", "e"], "count": 1}]
    for seed in range(50):
        drawn = sample(seed, "abcde", 3, cells)
        assert (len({*drawn} & {"a", "b", "c"}), len({*drawn} & {"d", "e"}), len(drawn)) == (2, 1, 3)
        # In the one order that the seed gives to all.
        assert drawn == [key for key in sample(seed, "abcde", 5) if key in drawn]
    assert {key for seed in range(50) for key in sample(seed, "abcde", 3, cells)} == set("abcde")
