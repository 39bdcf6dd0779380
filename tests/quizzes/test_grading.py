"""From answers to a score: pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.grading import grade, is_pass
from maarifa.quizzes.kinds import KINDS, POINT
from maarifa.quizzes.models import QuestionVersion
from tests.factories.quizzes import RIGHT, STRUCTURES, WRONG, words_of

VERSIONS = [
    QuestionVersion(
        kind=kind,
        structure=STRUCTURES[kind],
        points=points,
        texts={"en": words_of(kind, STRUCTURES[kind], "it", "en")},
    )
    for points, kind in enumerate(KINDS, start=1)
]
MAXIMUM = sum(version.points for version in VERSIONS) * POINT


def test_grade_counts_what_is_unanswered_as_nothing_and_in_the_maximum():
    result = grade([(version, None) for version in VERSIONS], pass_percent=1)
    assert (result.scores, result.score, result.maximum, result.passed) == (
        (0,) * len(VERSIONS),
        0,
        MAXIMUM,
        False,
    )


def test_grade_gives_everything_for_all_right():
    result = grade([(version, RIGHT[version.kind]) for version in VERSIONS], pass_percent=100)
    assert (result.score, result.maximum, result.passed) == (MAXIMUM, MAXIMUM, True)


@given(
    answers=st.lists(
        st.sampled_from(VERSIONS).flatmap(
            lambda version: st.tuples(
                st.just(version), st.sampled_from([None, RIGHT[version.kind], WRONG[version.kind]])
            )
        ),
        min_size=1,
        max_size=12,
    ),
    percent=st.integers(1, 100),
    shuffling=st.randoms(),
)
def test_grade_stays_in_range_and_does_not_depend_on_order(answers, percent, shuffling):
    result = grade(answers, pass_percent=percent)
    assert 0 <= result.score <= result.maximum
    assert result.score == sum(result.scores)
    shuffled = list(answers)
    shuffling.shuffle(shuffled)
    again = grade(shuffled, pass_percent=percent)
    assert (again.score, again.maximum, again.passed) == (result.score, result.maximum, result.passed)


@pytest.mark.parametrize(
    ("score", "maximum", "percent", "passed"),
    [
        (70_000, 100_000, 70, True),
        (69_999, 100_000, 70, False),
        (200_000, 300_000, 67, False),
        (200_000, 300_000, 66, True),
        (0, 100_000, 1, False),
        (100_000, 100_000, 100, True),
        (99_999, 100_000, 100, False),
    ],
)
def test_pass_mark_is_compared_in_whole_numbers(score, maximum, percent, passed):
    assert is_pass(score, maximum, percent) is passed
