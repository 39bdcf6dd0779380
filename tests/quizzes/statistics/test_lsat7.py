"""The answers of 1,000 people to five questions of the Law School Admission Test, section 7.

Frequencies of the 32 patterns after R. D. Bock and M. Lieberman, "Fitting a response model for n dichotomously scored
items", Psychometrika 35 (1970). Published: facilities .828 .658 .772 .606 .843, alpha .453.
"""

from itertools import product
from math import sqrt

import pytest

from maarifa.quizzes import actions
from maarifa.quizzes.models import ItemStatistics, QuizStatistics
from tests.factories.quizzes import RIGHT, WRONG, make_quiz, make_version
from tests.quizzes.respondents import respond

pytestmark = pytest.mark.django_db

FREQUENCIES = (
    *(12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28),
    *(7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308),
)
PATTERNS = dict(zip(product((0, 1), repeat=5), FREQUENCIES, strict=True))
PEOPLE = [pattern for pattern, count in PATTERNS.items() for _person in range(count)]


@pytest.fixture
def version():
    version = make_version(make_quiz(["single"] * 5))
    keys = [f"single-{number}" for number in range(1, 6)]
    answers = {1: RIGHT["single"], 0: WRONG["single"]}
    respond(version, [{key: answers[x] for key, x in zip(keys, one, strict=True)} for one in PEOPLE])
    return version


def test_lsat7_agrees_with_what_was_published_and_with_the_definitions(version):
    assert actions.compute_statistics() == 1
    whole = QuizStatistics.objects.get()
    assert (whole.attempts, round(whole.reliability, 3)) == (1000, 0.453)
    totals = [sum(pattern) for pattern in PEOPLE]
    alpha = 5 / 4 * (1 - sum(variance([one[at] for one in PEOPLE]) for at in range(5)) / variance(totals))
    assert whole.reliability == pytest.approx(alpha, abs=1e-9)
    assert whole.mean == pytest.approx(sum(totals) / 5000, abs=1e-9)
    assert whole.deviation == pytest.approx(sqrt(variance(totals)) / 5, abs=1e-9)
    assert whole.error == pytest.approx(sqrt(variance(totals)) / 5 * sqrt(1 - alpha), abs=1e-9)
    # At least 70 percent of five is four.
    assert whole.passed == pytest.approx(sum(total >= 4 for total in totals) / 1000)

    items = ItemStatistics.objects.filter(language="").order_by("question_version__question__position")
    assert [round(item.facility, 3) for item in items] == [0.828, 0.658, 0.772, 0.606, 0.843]
    for at, item in enumerate(items):
        scores = [pattern[at] for pattern in PEOPLE]
        rests = [sum(pattern) - pattern[at] for pattern in PEOPLE]
        assert item.discrimination == pytest.approx(pearson(scores, rests), abs=1e-6)
        assert item.deviation == pytest.approx(sqrt(variance(scores)), abs=1e-9)
        assert item.upper_lower == pytest.approx(tail(scores, rests, -1) - tail(scores, rests, 1), abs=1e-9)
        assert (item.asked, item.answered, item.omitted) == (1000, 1000, 0)


def variance(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def pearson(one, other):
    first, second = sum(one) / len(one), sum(other) / len(other)
    products = sum((x - first) * (y - second) for x, y in zip(one, other, strict=True))
    return products / (len(one) - 1) / sqrt(variance(one) * variance(other))


def tail(scores, rests, direction, part=0.27):
    """The mean score of the part that comes first; of those who are equal at its edge, of each the same share."""
    taken, wanted, result = 0, part * len(scores), 0.0
    for level in sorted(set(rests), reverse=direction < 0):
        peers = [score for score, rest in zip(scores, rests, strict=True) if rest == level]
        share = min(1, max(0, (wanted - taken) / len(peers)))
        result += share * sum(peers)
        taken += share * len(peers)
    return result / wanted
