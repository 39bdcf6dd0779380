"""What grading keeps, whatever is asked and answered: its range, its direction, and that the order of choices does not
matter.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.kinds import KINDS, POINT, kind_named
from maarifa.quizzes.kinds.case.structure import follow_ups
from maarifa.quizzes.kinds.numeric.structure import width_of
from maarifa.quizzes.sampling import order_of_choices

POINTS = st.integers(1, 100)


@st.composite
def choices(draw, *, one_right: bool):
    keys = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))
    most = 1 if one_right else len(keys)
    structure = {
        "choices": keys,
        "correct": draw(st.lists(st.sampled_from(keys), min_size=1, max_size=most, unique=True)),
    }
    last = draw(st.lists(st.sampled_from(keys), unique=True))
    return structure | ({"last": last} if last else {})


@st.composite
def single_choices(draw):
    """With a part of the points for some of the others, never for all of them."""
    structure = draw(choices(one_right=True))
    others = [key for key in structure["choices"] if key not in structure["correct"]]
    credit = draw(st.dictionaries(st.sampled_from(others), st.integers(1, 99), max_size=len(others) - 1))
    return structure | ({"credit": credit} if credit else {})


@st.composite
def multiple_choices(draw):
    structure = draw(choices(one_right=False))
    return structure | draw(st.sampled_from([{}, {"grading": "all-or-nothing"}]))


@st.composite
def numbers(draw):
    """With a tolerance as a number or as a share, a wider one or none, and units or none."""
    answer = draw(decimals(-(10**6)))
    share = st.integers(0, 50).map(lambda percent: f"{percent}%")
    tolerance = draw(decimals(0) | share if Decimal(answer) else decimals(0))
    structure = {"answer": answer, "tolerance": tolerance}
    if draw(st.booleans()):
        wider = width_of(tolerance, answer) + draw(st.integers(1, 1000))
        structure["near"] = {"tolerance": format(wider, "f"), "percent": draw(st.integers(1, 99))}
    if draw(st.booleans()):
        structure["units"] = {"MB": "1000", "km/h": "3.6", "%": "0.01"}
    return structure


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
    "single": single_choices(),
    "multiple": multiple_choices(),
    "truefalse": st.sampled_from([{"correct": ["true"]}, {"correct": ["false"]}]),
    "numeric": numbers(),
    "matching": pairs(second=False),
    "extended": pairs(second=True),
    "ordering": st.fixed_dictionaries(
        {"items": st.lists(st.sampled_from("abcdefgh"), min_size=3, unique=True)}
    ),
}
KIND = st.sampled_from(list(KINDS))
WORD = st.text("abcdeéèüßñهةأايى", min_size=1, max_size=6)


def spelling():
    return st.fixed_dictionaries({}, optional={"case": st.just(True), "diacritics": st.just(True)})


@st.composite
def gap(draw):
    if draw(st.booleans()):
        return {"typed": True, **draw(spelling())}
    keys = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))
    return {"choices": keys, "correct": draw(st.sampled_from(keys))}


STRUCTURES["shorttext"] = spelling()
STRUCTURES["gaps"] = st.fixed_dictionaries(
    {"gaps": st.dictionaries(st.sampled_from([str(n) for n in range(1, 13)]), gap(), min_size=1)}
)


def has_a_wrong_answer(structure):
    return "choices" not in structure or len(structure["correct"]) < len(structure["choices"])


@st.composite
def cases(draw):
    """Steps of every kind, each of which leads to later ones or to the end."""
    steps = {}
    for number in range(1, draw(st.integers(1, 6)) + 1):
        kind = draw(st.sampled_from(["single", "truefalse", "multiple", "numeric", "shorttext"]))
        step = draw(STRUCTURES[kind].filter(has_a_wrong_answer))
        steps[str(number)] = {**step, "kind": kind, "weight": draw(st.integers(1, 10))}
    for key, step in steps.items():
        later = st.sampled_from([*list(steps)[int(key) :], "end"])
        step["next"] = draw(later)
        if step["kind"] in ("single", "truefalse") and draw(st.booleans()):
            step["next"] = {choice: draw(later) for choice in kind_named(step["kind"]).choice_keys(step)}
    reached = ["1"]
    for key in reached:
        reached += [one for one in follow_ups(steps[key]) if one not in reached]
    return {"first": "1", "steps": {key: step for key, step in steps.items() if key in reached}}


STRUCTURES["case"] = cases()


@st.composite
def case_answers(draw, structure):
    """To the end, or to a step on the way, whose answer may be open."""
    answer, key = {}, "1"
    while key != "end":
        step = structure["steps"][key]
        given = draw(answers_to(step["kind"], step))
        given = given if isinstance(given, str) else ",".join(given)
        what = draw(st.sampled_from(["fixed", "fixed", "fixed", "open", "none"]))
        if what != "fixed":
            return answer | ({"Open": given} if what == "open" else {})
        answer[key] = given
        key = step["next"] if isinstance(step["next"], str) else step["next"][given]
    return answer


def texts_of(name, structure):
    """Of the kinds that are graded by texts, in two languages."""
    if name == "case":
        texts = texts_of("shorttext", {})
        return {
            language: {"steps": dict.fromkeys(structure["steps"], words)} for language, words in texts.items()
        }
    if name == "shorttext":
        return {"en": {"accepted": ["Éte", "b*d"]}, "ar": {"accepted": ["إيه"]}}
    if name != "gaps":
        return {}
    accepted = {"en": ["Éte", "b*d"], "ar": ["إيه"]}
    return {
        language: {"gaps": {key: {"accepted": words} for key in structure["gaps"]}}
        for language, words in accepted.items()
    }


@st.composite
def asked(draw, kind=KIND):
    name = draw(kind)
    return name, draw(STRUCTURES[name])


def answers_to(name, structure):
    """Answers that can be read."""
    keys = kind_named(name).choice_keys(structure)
    if name == "case":
        return case_answers(structure)
    if name == "shorttext":
        return WORD
    if name == "gaps":
        answers = {
            key: st.sampled_from(one["choices"]) if "choices" in one else WORD
            for key, one in structure["gaps"].items()
        }
        return st.fixed_dictionaries({}, optional=answers).filter(bool)
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
    texts = texts_of(name, structure)
    assert 0 <= kind.grade(structure, points, response, texts) <= kind.maximum(points) == points * POINT
    assert kind.grade(structure, points, None, texts) == 0


@given(question=asked(), points=POINTS)
def test_samples_are_worth_everything_and_nothing(question, points):
    name, structure = question
    kind = kind_named(name)
    texts = texts_of(name, structure)
    right = kind.sample(structure, texts, right=True)
    assert kind.grade(structure, points, kind.read(structure, right), texts) == points * POINT
    # Only where every choice is right, no answer is wrong.
    if name not in ("single", "multiple") or len(structure["correct"]) < len(structure["choices"]):
        wrong = kind.sample(structure, texts, right=False)
        assert kind.grade(structure, points, kind.read(structure, wrong), texts) == 0


@given(question=asked(st.just("multiple")), points=POINTS, data=st.data())
def test_right_choice_never_takes_away_and_wrong_one_never_gives(question, points, data):
    _name, structure = question
    kind = kind_named("multiple")
    structure.pop("grading", None)
    chosen = data.draw(st.sets(st.sampled_from(structure["choices"])))
    before = kind.grade(structure, points, sorted(chosen), {})
    for key in set(structure["choices"]) - chosen:
        after = kind.grade(structure, points, sorted({*chosen, key}), {})
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
    assert grade(structure, points, near, {}) >= grade(structure, points, far, {})


@given(question=asked(st.just("numeric")), points=POINTS, data=st.data())
def test_number_is_worth_the_same_in_every_unit(question, points, data):
    _name, structure = question
    structure["units"] = {"MB": "1000"}
    typed = data.draw(answers_to("numeric", structure))
    kind, texts = kind_named("numeric"), {"en": {"stem": "", "unit": "GB"}}
    # A fourth decimal, so that a point has one reading.
    forms = [f"{typed}0", f"{typed}0 GB", f"{format(Decimal(typed) * 1000, 'f')}0MB"]
    read = [kind.read(structure, form, texts) for form in forms]
    assert len({kind.grade(structure, points, form, texts) for form in read}) == 1


@given(question=asked(st.just("multiple")), points=POINTS, data=st.data())
def test_all_or_nothing_is_never_more_than_a_share(question, points, data):
    _name, structure = question
    response = data.draw(answers_to("multiple", structure))
    kind = kind_named("multiple")
    whole = kind.grade({**structure, "grading": "all-or-nothing"}, points, response, {})
    share = kind.grade({**structure, "grading": "share"}, points, response, {})
    assert whole in (0, points * POINT)
    assert whole <= share
    assert (whole == share) == (share in (0, points * POINT))


@pytest.mark.parametrize("name", ["single", "multiple"])
@given(points=POINTS, data=st.data())
def test_order_of_choices_does_not_change_the_score(name, points, data):
    kind = kind_named(name)
    structure = data.draw(STRUCTURES[name])
    chosen = data.draw(answers_to(name, structure))
    shuffled = {
        **structure,
        "choices": data.draw(st.permutations(structure["choices"])),
        "correct": data.draw(st.permutations(structure["correct"])),
    }
    again = kind.read(shuffled, data.draw(st.permutations(chosen)))
    score = kind.grade(structure, points, kind.read(structure, chosen), {})
    assert kind.grade(shuffled, points, again, {}) == score


@given(structure=STRUCTURES["gaps"], points=POINTS, data=st.data())
def test_each_gap_that_is_right_adds_and_none_takes_away(structure, points, data):
    kind, texts = kind_named("gaps"), texts_of("gaps", structure)
    right, wrong = (kind.sample(structure, texts, right=one) for one in (True, False))
    chosen = data.draw(st.permutations(list(right)))
    scores = []
    for count in range(len(chosen) + 1):
        answer = wrong | {key: right[key] for key in chosen[:count]}
        scores.append(kind.grade(structure, points, answer, texts))
        only = {key: right[key] for key in chosen[:count]} or None
        assert kind.grade(structure, points, only, texts) == scores[-1]
    assert scores == [count * points * POINT // len(chosen) for count in range(len(chosen) + 1)]
    assert scores[-1] == points * POINT


@given(structure=STRUCTURES["gaps"], data=st.data())
def test_order_of_gaps_and_choices_does_not_change_the_score(structure, data):
    kind, texts = kind_named("gaps"), texts_of("gaps", structure)
    answer = data.draw(answers_to("gaps", structure))
    shuffled = {
        "gaps": {
            key: {**one, **({"choices": one["choices"][::-1]} if "choices" in one else {})}
            for key, one in data.draw(st.permutations(list(structure["gaps"].items())))
        }
    }
    assert kind.grade(shuffled, 7, kind.read(shuffled, answer), texts) == kind.grade(
        structure, 7, kind.read(structure, answer), texts
    )


@given(typed=WORD, structure=STRUCTURES["shorttext"])
def test_stricter_spelling_accepts_no_more(typed, structure):
    kind, texts = kind_named("shorttext"), texts_of("shorttext", structure)
    strict = kind.grade({"case": True, "diacritics": True}, 1, typed, texts)
    loose = kind.grade({}, 1, typed, texts)
    assert strict <= kind.grade(structure, 1, typed, texts) <= loose


@pytest.mark.parametrize("name", ["matching", "extended"])
@given(points=POINTS, data=st.data())
def test_another_pair_never_takes_anything_away(name, points, data):
    kind, structure = kind_named(name), data.draw(STRUCTURES[name])
    given = data.draw(answers_to(name, structure))
    before = kind.grade(structure, points, given, {})
    for item in set(structure["items"]) - set(given):
        for choice in structure["choices"]:
            assert kind.grade(structure, points, {**given, item: choice}, {}) >= before
    for item in given:
        better = {**given, item: structure["pairs"][item]}
        assert kind.grade(structure, points, better, {}) >= before


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
    score = kind.grade(structure, points, kind.read(structure, given), {})
    assert kind.grade(shuffled, points, kind.read(shuffled, given), {}) == score


@given(points=POINTS, data=st.data())
def test_only_the_right_order_earns_everything(points, data):
    kind, structure = kind_named("ordering"), data.draw(STRUCTURES["ordering"])
    positions = data.draw(st.permutations(range(1, len(structure["items"]) + 1)))
    given = {item: str(place) for item, place in zip(structure["items"], positions, strict=True)}
    score = kind.grade(structure, points, given, {})
    assert (score == points * POINT) == (positions == sorted(positions))
    # Taking an item away takes at most its two neighbourhoods away, and never gives anything.
    for item in given:
        fewer = {other: place for other, place in given.items() if other != item}
        assert kind.grade(structure, points, fewer, {}) <= score


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
