"""What grading keeps, whatever is asked and answered: its range, its direction, and that the order of choices does not
matter.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.kinds import KINDS, POINT, kind_named
from maarifa.quizzes.sampling import order_of_choices

POINTS = st.integers(1, 100)


@st.composite
def choices(draw, *, one_right: bool):
    keys = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))
    most = 1 if one_right else len(keys)
    return {
        "choices": keys,
        "correct": draw(st.lists(st.sampled_from(keys), min_size=1, max_size=most, unique=True)),
    }


def decimals(least):
    return st.decimals(least, 10**6, places=3, allow_nan=False).map(lambda number: format(number, "f"))


@st.composite
def pairs(draw, *, second: bool):
    items, keys = (draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True)) for _ in range(2))
    structure = {
        "items": items,
        "choices": keys,
        "pairs": {item: draw(st.sampled_from(keys)) for item in items},
    }
    if not second or len(keys) < 3:
        return structure
    also = {
        item: {draw(st.sampled_from([key for key in keys if key != structure["pairs"][item]])): percent}
        for item in items
        if (percent := draw(st.integers(0, 99)))
    }
    return {**structure, "also": also}


STRUCTURES = {
    "single": choices(one_right=True),
    "multiple": choices(one_right=False),
    "truefalse": st.sampled_from([{"correct": ["true"]}, {"correct": ["false"]}]),
    "matching": pairs(second=False),
    "extended": pairs(second=True),
    "ordering": st.fixed_dictionaries(
        {"items": st.lists(st.sampled_from("abcdefgh"), min_size=3, unique=True)}
    ),
    "numeric": st.fixed_dictionaries({"answer": decimals(-(10**6)), "tolerance": decimals(0)}),
}
KIND = st.sampled_from(list(KINDS))
TEXTS: dict = {}
"""Of the kinds that are graded by texts: see `words_of`."""


@st.composite
def asked(draw, kind=KIND):
    name = draw(kind)
    return name, draw(STRUCTURES[name])


def answers_to(name, structure):
    """Answers that can be read."""
    keys = kind_named(name).choice_keys(structure)
    if name in ("matching", "extended"):
        return st.dictionaries(st.sampled_from(structure["items"]), st.sampled_from(keys), min_size=1)
    if name == "ordering":
        positions = st.permutations([str(position) for position in range(1, len(keys) + 1)])
        some = st.sets(st.sampled_from(keys), min_size=1).map(sorted)
        return st.tuples(some, positions).map(lambda both: dict(zip(*both, strict=False)))
    if not keys:
        return decimals(-(2 * 10**6))
    most = len(keys) if name == "multiple" else 1
    return st.lists(st.sampled_from(keys), min_size=1, max_size=most, unique=True)


def test_every_kind_has_structures_to_try():
    assert set(STRUCTURES) == set(KINDS)


@given(question=asked(), points=POINTS, data=st.data())
def test_score_is_a_share_of_the_points(question, points, data):
    name, structure = question
    kind = kind_named(name)
    assert kind.structure_problems(structure) == []
    response = kind.read(structure, data.draw(answers_to(name, structure)))
    assert 0 <= kind.grade(structure, points, response, TEXTS) <= kind.maximum(points) == points * POINT
    assert kind.grade(structure, points, None, TEXTS) == 0


@given(question=asked(), points=POINTS)
def test_samples_are_worth_everything_and_nothing(question, points):
    name, structure = question
    kind = kind_named(name)
    right = kind.sample(structure, TEXTS, right=True)
    assert kind.grade(structure, points, kind.read(structure, right), TEXTS) == points * POINT
    if "correct" not in structure or len(structure["correct"]) < len(kind.choice_keys(structure)):
        wrong = kind.sample(structure, TEXTS, right=False)
        assert kind.grade(structure, points, kind.read(structure, wrong), TEXTS) == 0


@given(question=asked(st.just("multiple")), points=POINTS, data=st.data())
def test_right_choice_never_takes_away_and_wrong_one_never_gives(question, points, data):
    _name, structure = question
    kind = kind_named("multiple")
    chosen = data.draw(st.sets(st.sampled_from(structure["choices"])))
    before = kind.grade(structure, points, sorted(chosen), TEXTS)
    for key in set(structure["choices"]) - chosen:
        after = kind.grade(structure, points, sorted({*chosen, key}), TEXTS)
        assert after >= before if key in structure["correct"] else after <= before


@given(question=asked(st.just("numeric")), points=POINTS, data=st.data())
def test_nearer_number_is_worth_no_less(question, points, data):
    _name, structure = question
    answer = Decimal(structure["answer"])
    one, other = (data.draw(answers_to("numeric", structure)) for _ in range(2))
    near, far = sorted((one, other), key=lambda text: abs(Decimal(text) - answer))
    # With three decimals a point has two readings, and either may be right: here one is meant.
    near, far = (f"{text}0" for text in (near, far))
    grade = kind_named("numeric").grade
    assert grade(structure, points, near, TEXTS) >= grade(structure, points, far, TEXTS)


@pytest.mark.parametrize("name", ["single", "multiple"])
@given(points=POINTS, data=st.data())
def test_order_of_choices_does_not_change_the_score(name, points, data):
    kind = kind_named(name)
    structure = data.draw(STRUCTURES[name])
    chosen = data.draw(answers_to(name, structure))
    shuffled = {
        "choices": data.draw(st.permutations(structure["choices"])),
        "correct": data.draw(st.permutations(structure["correct"])),
    }
    again = kind.read(shuffled, data.draw(st.permutations(chosen)))
    score = kind.grade(structure, points, kind.read(structure, chosen), TEXTS)
    assert kind.grade(shuffled, points, again, TEXTS) == score


@pytest.mark.parametrize("name", ["matching", "extended"])
@given(points=POINTS, data=st.data())
def test_another_pair_never_takes_anything_away(name, points, data):
    kind, structure = kind_named(name), data.draw(STRUCTURES[name])
    given = data.draw(answers_to(name, structure))
    before = kind.grade(structure, points, given, TEXTS)
    for item in set(structure["items"]) - set(given):
        for choice in structure["choices"]:
            assert kind.grade(structure, points, {**given, item: choice}, TEXTS) >= before
    for item in given:
        better = {**given, item: structure["pairs"][item]}
        assert kind.grade(structure, points, better, TEXTS) >= before


@pytest.mark.parametrize("name", ["matching", "extended"])
@given(points=POINTS, data=st.data())
def test_order_of_items_and_choices_does_not_change_the_score(name, points, data):
    kind, structure = kind_named(name), data.draw(STRUCTURES[name])
    given = data.draw(answers_to(name, structure))
    shuffled = {
        **structure,
        "items": data.draw(st.permutations(structure["items"])),
        "choices": data.draw(st.permutations(structure["choices"])),
    }
    score = kind.grade(structure, points, kind.read(structure, given), TEXTS)
    assert kind.grade(shuffled, points, kind.read(shuffled, given), TEXTS) == score


@given(points=POINTS, data=st.data())
def test_only_the_right_order_earns_everything(points, data):
    kind, structure = kind_named("ordering"), data.draw(STRUCTURES["ordering"])
    positions = data.draw(st.permutations(range(1, len(structure["items"]) + 1)))
    given = {item: str(place) for item, place in zip(structure["items"], positions, strict=True)}
    score = kind.grade(structure, points, given, TEXTS)
    assert (score == points * POINT) == (positions == sorted(positions))
    # Taking an item away takes at most its two neighbourhoods away, and never gives anything.
    for item in given:
        fewer = {other: place for other, place in given.items() if other != item}
        assert kind.grade(structure, points, fewer, TEXTS) <= score


@given(data=st.data(), seed=st.integers(0, 2**63 - 1))
def test_order_that_a_page_shows_is_complete_and_never_right(data, seed):
    kind, structure = kind_named("ordering"), data.draw(STRUCTURES["ordering"])
    items = structure["items"]
    shown = kind.order(structure, order_of_choices(seed, "q", items))
    assert sorted(shown) == sorted(items)
    assert shown != items


@given(question=asked(), data=st.data(), seed=st.integers(0, 2**63 - 1))
def test_answer_comes_back_from_its_page_as_it_is_stored(question, data, seed):
    name, structure = question
    kind = kind_named(name)
    order = kind.order(structure, order_of_choices(seed, "q", kind.choice_keys(structure)))
    stored = kind.read(structure, data.draw(answers_to(name, structure)))
    there = kind.masked(structure, order, stored)
    assert kind.read(structure, kind.unmasked(structure, order, there)) == stored
    assert kind.unmasked(structure, order, stored) == stored
