"""What grading keeps, whatever is asked and answered: its range, its direction, and that the order of choices does not
matter.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.kinds import KINDS, POINT, kind_named

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


STRUCTURES = {
    "single": choices(one_right=True),
    "multiple": choices(one_right=False),
    "truefalse": st.sampled_from([{"correct": ["true"]}, {"correct": ["false"]}]),
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
    if len(structure.get("correct", [])) < len(kind.choice_keys(structure)) or name == "numeric":
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
