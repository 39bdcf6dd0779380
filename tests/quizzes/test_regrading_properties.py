"""What grading again keeps, whatever the attempt and the rule."""

from itertools import combinations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from maarifa.quizzes.grading import AttemptGrade, grade, graded_again, is_pass
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import GradingRule, QuestionVersion

KEYS = ["a", "b", "c"]
ANSWER = st.one_of(st.none(), st.sampled_from(KEYS).map(lambda key: [key]))
PERCENT = st.integers(1, 100)


def version_of(points=1, correct="a", rule=None) -> QuestionVersion:
    """A question in memory, with the rule that a regrade made."""
    structure = {"choices": KEYS, "correct": [correct]}
    version = QuestionVersion(kind="single", points=points, structure=structure, texts={})
    if rule:
        GradingRule(question_version=version, rule=rule)
    return version


def keys_of(*correct) -> list:
    return [{"structure": {"choices": KEYS, "correct": [key]}, "texts": {}} for key in correct]


RULES = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["accept", "corrected", "everyone", "drop"]),
        "keys": st.lists(st.sampled_from(KEYS), max_size=2).map(lambda correct: keys_of(*correct)),
        "own_key": st.booleans(),
        "lower": st.booleans(),
    }
)
UPWARDS = RULES.map(lambda rule: {**rule, "lower": False})


@st.composite
def attempt_grades(draw):
    """An attempt in which the question counts, or was dropped before."""
    best = draw(st.integers(1, 5)) * POINT
    question = draw(st.one_of(st.none(), st.integers(0, best)))
    others = draw(st.integers(0 if question is not None else 1, 20)) * POINT
    score = draw(st.integers(0, others)) + (question or 0)
    maximum = others + (best if question is not None else 0)
    percent = draw(PERCENT)
    return AttemptGrade(score, maximum, is_pass(score, maximum, percent), percent, question, best)


def again(before, rule, answer):
    version = version_of(points=before.question_best // POINT)
    return graded_again(before, version, rule, answer)


@given(before=attempt_grades(), rule=UPWARDS, answer=ANSWER)
def test_upwards_nothing_becomes_lower(before, rule, answer):
    after = again(before, rule, answer)
    assert after.score * before.maximum >= before.score * after.maximum
    assert after.passed >= before.passed
    assert not after.is_below(before)


@given(before=attempt_grades(), rule=RULES, answer=ANSWER)
def test_graded_twice_is_as_graded_once(before, rule, answer):
    once = again(before, rule, answer)
    assert again(once, rule, answer) == once


@given(before=attempt_grades(), rule=RULES, answer=ANSWER)
def test_score_stays_between_nothing_and_the_maximum(before, rule, answer):
    after = again(before, rule, answer)
    assert 0 <= after.score <= after.maximum
    assert after.maximum >= POINT
    assert after.question is None or 0 <= after.question <= after.question_best
    assert after.passed is is_pass(after.score, after.maximum, after.pass_percent) or after.passed


@given(before=attempt_grades(), rule=RULES, answer=ANSWER, mark=PERCENT)
def test_who_passes_at_a_mark_passes_at_every_lower_one(before, rule, answer, mark):
    """The pass follows from the share of points alone, before and after."""
    assume(mark <= before.pass_percent)
    after = again(before, rule, answer)
    assert is_pass(after.score, after.maximum, mark) or not is_pass(
        after.score, after.maximum, before.pass_percent
    )


@given(first=st.integers(0, POINT), second=st.integers(0, POINT), before=attempt_grades())
def test_more_points_for_the_question_never_undo_a_pass(first, second, before):
    low, high = sorted([first, second])
    assert before.with_question(high).passed >= before.with_question(low).passed


QUESTIONS = st.lists(
    st.tuples(st.integers(1, 4), ANSWER, st.one_of(st.none(), RULES)), min_size=1, max_size=6
)


def graded(questions, percent=70):
    return grade(
        [(version_of(points, rule=rule), answer) for points, answer, rule in questions], pass_percent=percent
    )


@given(questions=QUESTIONS, percent=PERCENT)
def test_attempt_is_graded_within_its_range_under_any_rules(questions, percent):
    result = graded(questions, percent)
    assert len(result.scores) == len(questions)
    counted = [
        (score, points)
        for score, (points, *_) in zip(result.scores, questions, strict=True)
        if score is not None
    ]
    assert result.score == sum(score for score, _points in counted)
    assert result.maximum == sum(points for _score, points in counted) * POINT > 0
    assert all(0 <= score <= points * POINT for score, points in counted)
    assert result.passed is is_pass(result.score, result.maximum, percent)


DROP = {"method": "drop", "keys": [], "own_key": True, "lower": False}


@given(questions=QUESTIONS, percent=PERCENT)
@example(questions=[(1, ["a"], DROP), (2, ["b"], DROP)], percent=70)
def test_attempt_graded_by_its_rules_stays_as_it_is(questions, percent):
    """Whoever submitted after a correction, and is graded by it once more."""
    result = graded(questions, percent)
    for score, (points, answer, rule) in zip(result.scores, questions, strict=True):
        before = AttemptGrade(
            result.score, result.maximum, result.passed, percent, score, question_best=points * POINT
        )
        assert rule is None or again(before, rule, answer) == before


@given(questions=QUESTIONS)
def test_accepting_more_never_takes_away(questions):
    more = [
        (points, answer, {"method": "accept", "keys": keys_of("b"), "own_key": True, "lower": False})
        for points, answer, _rule in questions
    ]
    plain = [(points, answer, None) for points, answer, _rule in questions]
    assert graded(more).score >= graded(plain).score


@given(questions=st.lists(st.tuples(st.integers(1, 4), ANSWER, st.booleans()), min_size=2, max_size=6))
def test_gentle_dropping_finds_the_largest_share(questions):
    """As trying every set of what may be left out does."""
    assume(not all(dropped for *_, dropped in questions))
    result = graded([(points, answer, DROP if dropped else None) for points, answer, dropped in questions])
    earned = [(points if answer == ["a"] else 0, points) for points, answer, _dropped in questions]
    droppable = [place for place, (*_, dropped) in enumerate(questions) if dropped]
    shares = []
    for size in range(len(droppable) + 1):
        for left_out in combinations(droppable, size):
            kept = [one for place, one in enumerate(earned) if place not in left_out]
            shares.append(sum(score for score, _ in kept) / sum(points for _, points in kept))
    assert result.score / result.maximum == max(shares)


@given(answer=ANSWER, lower=st.booleans())
def test_later_attempts_are_graded_as_earlier_ones(answer, lower):
    """An attempt of two questions, submitted before the rule and after it."""
    for method in ("accept", "everyone", "drop"):
        rule = {"method": method, "keys": keys_of("b"), "own_key": True, "lower": lower}
        plain = [(1, ["a"], None), (2, answer, None)]
        first = graded(plain)
        before = AttemptGrade(first.score, first.maximum, first.passed, 70, first.scores[1], 2 * POINT)
        earlier = graded_again(before, version_of(2), rule, answer)
        # The question is graded by all of its keys first, where it may be dropped.
        if method == "drop" and answer == ["b"]:
            continue
        later = graded([(1, ["a"], None), (2, answer, rule)])
        assert (later.score, later.maximum, later.passed) == (earlier.score, earlier.maximum, earlier.passed)
