"""What a branching case is worth, whatever its steps and the path taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.kinds.case.paths import OPEN, graded_path, heaviest, next_step, path, texts_at
from tests.factories.quizzes import STRUCTURES, words_of
from tests.quizzes.test_grading_properties import POINTS, case_answers, cases, texts_of

KIND = kind_named("case")
STRUCTURE = STRUCTURES["case"]
TEXTS = {"en": words_of("case", STRUCTURE, "it", "en")}


@pytest.mark.parametrize(
    ("response", "fifths"),
    [
        # Two for the first step, one each for the other three; the heaviest path is four.
        ({"triage": "b", "check": "a,c", "report": "secret report"}, 4),
        ({"triage": "b", "check": "a,c"}, 3),
        ({"triage": "b"}, 2),
        # Not fixed, but given.
        ({"Open": "b"}, 2),
        ({"triage": "b", "Open": "a"}, 2.5),
        # Defensible: it loses what the answer is not worth, and nothing more.
        ({"triage": "c", "check": "a,c", "report": "secret report"}, 3),
        ({"triage": "a", "late": "false", "report": "secret report"}, 2),
        # What a wrong answer leaves out of the case is worth nothing.
        ({"triage": "a", "late": "true"}, 0),
    ],
)
def test_steps_are_worth_their_weights(response, fifths):
    assert KIND.read(STRUCTURE, response, TEXTS) == response
    assert KIND.grade(STRUCTURE, 4, response, TEXTS) == int(fifths * POINT)


SHORT = {
    "first": "1",
    "steps": {
        "1": {
            "kind": "single",
            "choices": ["wrong", "part", "right", "long"],
            "correct": ["right"],
            "credit": {"part": 50},
            "next": {"wrong": "end", "part": "end", "right": "2", "long": "2"},
        },
        "2": {"kind": "truefalse", "correct": ["true"], "weight": 3, "next": "end"},
    },
}


@pytest.mark.parametrize(
    ("response", "score"),
    [
        ({"1": "right", "2": "true"}, 100_000),
        ({"1": "long", "2": "true"}, 75_000),
        # The end of the case is worth what the answer was that led there.
        ({"1": "part"}, 50_000),
        ({"1": "wrong"}, 0),
        ({"1": "right"}, 25_000),
    ],
)
def test_short_path_is_worth_no_more_than_the_answer_that_led_there(response, score):
    assert KIND.grade(SHORT, 1, response, {}) == score


def test_right_answer_may_end_the_case():
    structure = {**SHORT, "steps": {**SHORT["steps"]}}
    structure["steps"]["1"] = {**SHORT["steps"]["1"], "next": {**SHORT["steps"]["1"]["next"], "right": "end"}}
    assert KIND.sample(structure, {}, right=True) == {"1": "right"}
    assert KIND.grade(structure, 1, {"1": "right"}, {}) == 100_000


def right_from(structure, answer, key, texts):
    """The answer, right in every step from this one on."""
    while key is not None:
        step = structure["steps"][key]
        kind = kind_named(step["kind"])
        its = kind.sample(step, texts_at(texts, key), right=True)
        answer = {**answer, key: its if isinstance(its, str) else ",".join(its)}
        key = next_step(step, answer[key])
    return answer


def shares(structure, answer, texts):
    return [share for _taken, share in graded_path(structure, answer, texts)]


@given(structure=cases(), points=POINTS, data=st.data())
def test_more_answers_are_never_worth_less(structure, points, data):
    texts = texts_of("case", structure)
    answer = data.draw(case_answers(structure))
    fixed = [one.key for one in path(structure, answer) if one.is_fixed]
    scores = [
        KIND.grade(structure, points, {key: answer[key] for key in fixed[:count]}, texts)
        for count in range(len(fixed) + 1)
    ]
    assert scores[0] == 0
    assert sorted(scores) == scores
    assert KIND.grade(structure, points, answer, texts) >= scores[-1]


@given(structure=cases(), points=POINTS, data=st.data())
def test_right_answers_from_a_step_on_lose_only_what_was_lost_before(structure, points, data):
    texts = texts_of("case", structure)
    answer = data.draw(case_answers(structure))
    taken = path(structure, answer)
    lost, weights = 0, heaviest(structure)
    for number, one in enumerate(taken):
        whole = {step.key: step.answer for step in taken[:number]}
        score = KIND.grade(structure, points, right_from(structure, whole, one.key, texts), texts)
        assert abs(points * POINT - lost - score) <= number + 1
        if not one.answer:
            break
        # The next step is asked for because of this answer, which costs what it is not worth: of its own weight, and
        # of the weight of the steps that it leaves out.
        share = shares(structure, answer, texts)[number]
        following = next_step(structure["steps"][one.key], one.answer)
        left = weights[following] if following else 0
        lost += (weights[one.key] - left) * (POINT - share) * points // weights["1"]


@given(structure=cases(), points=POINTS, data=st.data())
def test_no_path_earns_more_than_the_best_answer_on_it_nor_less_than_the_worst(structure, points, data):
    texts = texts_of("case", structure)
    answer = data.draw(case_answers(structure))
    its_shares = shares(structure, answer, texts)
    score = KIND.grade(structure, points, answer, texts)
    assert score <= max(its_shares) * points
    if KIND.is_finished(structure, answer):
        assert score >= min(its_shares) * points


@given(structure=cases(), points=POINTS, data=st.data())
def test_better_answer_to_a_step_is_never_worth_less(structure, points, data):
    """On the same path."""
    texts = texts_of("case", structure)
    answer = data.draw(case_answers(structure))
    for one in path(structure, answer):
        right = right_from(structure, {}, one.key, texts)[one.key]
        step = structure["steps"][one.key]
        if one.answer and next_step(step, right) == next_step(step, one.answer):
            better = {**answer, one.key if one.is_fixed else OPEN: right}
            assert KIND.grade(structure, points, better, texts) >= KIND.grade(
                structure, points, answer, texts
            )
