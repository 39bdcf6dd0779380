"""A set of answers with everything that LSAT7 lacks: sampled questions, points that differ, answers that are partly
right, left out, in two languages. Computed here with fractions, person by person, by the definitions.
"""

import random
from fractions import Fraction
from math import log, sqrt

import pytest

from maarifa.quizzes import actions
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import AttemptQuestion, ItemStatistics, Question, QuizStatistics
from tests.factories.quizzes import RIGHT, WRONG, BankFactory, QuizFactory, make_question, make_version
from tests.quizzes.respondents import respond

pytestmark = pytest.mark.django_db

KINDS = ["single", "multiple", "truefalse", "numeric", "single", "multiple", "single", "numeric"]
PARTLY = {"multiple": ["a"]}


def sheet(rng, version, able):
    """Six of the eight questions, answered by somebody who knows so much."""
    questions = rng.sample(list(Question.objects.order_by("position")), 6)
    answers = {}
    for question in questions:
        luck = rng.random()
        if luck < 0.08:
            answers[question.key] = None
        elif luck < able:
            answers[question.key] = RIGHT[question.kind]
        elif question.kind in PARTLY and luck < able + 0.2:
            answers[question.key] = PARTLY[question.kind]
        else:
            answers[question.key] = WRONG[question.kind]
    return answers


@pytest.fixture
def version():
    bank = BankFactory()
    for position, kind in enumerate(KINDS, 1):
        make_question(kind, bank=bank, position=position, key=f"q{position}", points=1 + position % 3)
    version = make_version(QuizFactory(bank=bank, draw=6))
    rng = random.Random(7)
    for language, count in (("en", 180), ("ar", 160)):
        able = [rng.uniform(0.2, 0.95) for _person in range(count)]
        respond(version, [sheet(rng, version, one) for one in able], language=language)
    actions.compute_statistics(quizzes=[version.quiz])
    return version


def rows_of(key, language=""):
    """Score, rest score and answer of everybody who was asked, as fractions."""
    rows = AttemptQuestion.objects.filter(question_version__question__key=key)
    if language:
        rows = rows.filter(attempt__language=language)
    found = []
    for row in rows.select_related("attempt", "question_version"):
        others = [one for one in row.attempt.questions.select_related("question_version") if one.pk != row.pk]
        earned = sum(Fraction(one.score, POINT) for one in others)
        rest = earned / sum(one.question_version.points for one in others)
        found.append((Fraction(row.score, POINT * row.question_version.points), rest, row.response))
    return found


@pytest.mark.parametrize("language", ["", "en", "ar"])
def test_items_agree_with_their_definitions(version, language):
    for question in Question.objects.order_by("position"):
        item = ItemStatistics.objects.get(question_version__question=question, language=language)
        rows = rows_of(question.key, language)
        scores, rests, responses = zip(*rows, strict=True)
        assert (item.asked, item.omitted) == (len(rows), sum(one is None for one in responses))
        assert item.facility == pytest.approx(float(mean(scores)), abs=1e-9)
        assert item.deviation == pytest.approx(sqrt(covariance(scores, scores)), abs=1e-9)
        r = covariance(scores, rests) / sqrt(covariance(scores, scores) * covariance(rests, rests))
        assert item.discrimination == pytest.approx(r, abs=1e-6)
        upper, lower = part(rows, Fraction(27, 100), best=True), part(rows, Fraction(27, 100), best=False)
        difference = sum(w * row[0] for w, row in upper) - sum(w * row[0] for w, row in lower)
        assert item.upper_lower == pytest.approx(
            float(difference / (len(rows) * Fraction(27, 100))), abs=1e-9
        )
        for pick in item.choices:
            chosen = [row for row in rows if row[2] and pick["given"] in row[2]]
            assert pick["count"] == len(chosen)
            for name, best in (("upper", True), ("lower", False)):
                third = part(rows, Fraction(1, 3), best=best)
                weight = sum(w for w, row in third if row[2] and pick["given"] in row[2])
                assert pick[name] == pytest.approx(float(weight), abs=1e-9)


def test_one_choice_questions_say_how_the_weakest_fifth_did(version):
    item = ItemStatistics.objects.get(question_version__question__key="q1", language="")
    rows = rows_of("q1")
    fifth = part(rows, Fraction(1, 5), best=False)
    assert item.chance == pytest.approx(1 / 3)
    assert item.lowest == pytest.approx(len(rows) / 5)
    assert item.lowest_right == pytest.approx(float(sum(w for w, row in fifth if row[2] == ["b"])), abs=1e-9)
    several = ItemStatistics.objects.get(question_version__question__key="q2", language="")
    assert (several.chance, several.lowest) == (None, None)


def totals_of(key, language):
    """Score of the question, and of the whole attempt, as fractions."""
    rows = AttemptQuestion.objects.filter(question_version__question__key=key, attempt__language=language)
    return [
        (
            Fraction(row.score, row.question_version.points * POINT),
            Fraction(row.attempt.score, row.attempt.maximum),
        )
        for row in rows.select_related("attempt", "question_version")
    ]


def test_difference_between_languages_agrees_with_its_definition(version):
    compared = 0
    for question in Question.objects.order_by("position"):
        item = ItemStatistics.objects.get(question_version__question=question, language="ar")
        if ItemStatistics.objects.get(question_version__question=question, language="en").answered < 100:
            continue
        if item.answered < 100:
            assert item.difference is None
            continue
        focal, reference = totals_of(question.key, "ar"), totals_of(question.key, "en")
        numerator = denominator = Fraction(0)
        for step in range(11):
            inside = [[row for row in group if int(row[1] * 10) == step] for group in (reference, focal)]
            (a, b), (c, d) = ((sum(r[0] == 1 for r in g), sum(r[0] != 1 for r in g)) for g in inside)
            if a + b + c + d:
                numerator += Fraction(a * d, a + b + c + d)
                denominator += Fraction(b * c, a + b + c + d)
        assert item.difference["delta"] == pytest.approx(-2.35 * log(numerator / denominator), abs=1e-9)
        assert item.difference["reference"] == "en"
        compared += 1
    # Some have enough answers in both languages, and some have not.
    assert compared > 0


def test_quiz_agrees_with_its_definitions(version):
    whole = QuizStatistics.objects.get()
    attempts = list(version.attempts.all())
    shares = [Fraction(one.score, one.maximum) for one in attempts]
    assert whole.attempts == 340
    assert whole.mean == pytest.approx(float(mean(shares)), abs=1e-9)
    assert whole.deviation == pytest.approx(sqrt(covariance(shares, shares)), abs=1e-9)
    sheets = [
        {row.question_version_id: Fraction(row.score, POINT) for row in one.questions.all()}
        for one in version.attempts.prefetch_related("questions")
    ]
    asked = sorted({key for one in sheets for key in one})
    own = pooled([(key, key) for key in asked], sheets)
    pairs = pooled([(a, b) for a in asked for b in asked if a < b], sheets)
    assert whole.reliability == pytest.approx(float(6 * pairs / (own + 5 * pairs)), abs=1e-9)
    assert whole.error == pytest.approx(whole.deviation * sqrt(1 - whole.reliability), abs=1e-9)
    assert whole.passed == pytest.approx(sum(one.passed for one in attempts) / 340)


def pooled(pairs, sheets):
    products, freedom = Fraction(0), 0
    for a, b in pairs:
        both = [(one[a], one[b]) for one in sheets if a in one and b in one]
        products += Fraction(covariance(*zip(*both, strict=True))) * (len(both) - 1)
        freedom += len(both) - 1
    return products / freedom


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def covariance(one, other):
    first, second = mean(one), mean(other)
    return sum((x - first) * (y - second) for x, y in zip(one, other, strict=True)) / (len(one) - 1)


def part(rows, share, *, best):
    """Weights and rows of the part with the best, or the lowest, rest scores; equals weigh the same."""
    left, found = share * len(rows), []
    for level in sorted({row[1] for row in rows}, reverse=best):
        peers = [row for row in rows if row[1] == level]
        weight = min(Fraction(1), left / len(peers))
        found += [(weight, row) for row in peers]
        left -= weight * len(peers)
    return found
