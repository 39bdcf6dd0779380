"""What is flagged, and what is not."""

import pytest

from maarifa.quizzes.models import ItemStatistics, QuestionVersion
from maarifa.quizzes.statistics.flags import flags_of
from maarifa.quizzes.statistics.formulas import Stratum, mantel_haenszel
from maarifa.quizzes.statistics.tables import ItemTable

pytestmark = pytest.mark.once


def pick(given, upper, *, right=False, count=10, part=""):
    return {"part": part, "given": given, "right": right, "count": count, "lower": 3.0, "upper": upper}


def item(**figures):
    fine = {"asked": 100, "answered": 100, "facility": 0.6, "deviation": 0.49, "discrimination": 0.4}
    return ItemStatistics(**{**fine, "choices": [], **figures})


def codes(**figures):
    return [flag.code for flag in flags_of(item(**figures))]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, []),
        ({"facility": 0.1999}, ["HARD"]),
        ({"facility": 0.2}, []),
        ({"facility": 0.95}, []),
        ({"facility": 0.951}, ["EASY"]),
        ({"discrimination": -0.01}, ["NEGATIVE"]),
        ({"discrimination": 0.0}, ["WEAK"]),
        ({"discrimination": 0.099}, ["WEAK"]),
        ({"discrimination": 0.1}, []),
        ({"discrimination": None}, []),
        ({"choices": [pick("a", 20, right=True), pick("b", 5), pick("c", 0, count=0)]}, ["UNCHOSEN"]),
        ({"choices": [pick("a", 0, right=True, count=0), pick("b", 0)]}, []),
        ({"choices": [pick("a", 10, right=True), pick("b", 10.5)]}, ["RIVAL"]),
        ({"choices": [pick("a", 10, right=True), pick("b", 10)]}, []),
        # In each part by itself: what is right in one is wrong in another.
        (
            {
                "choices": [
                    *(pick("a", 10, right=True, part="1"), pick("b", 3, part="1")),
                    *(pick("a", 20, part="2"), pick("b", 30, right=True, part="2")),
                ]
            },
            [],
        ),
        ({"chance": 0.25, "lowest": 40.0, "lowest_right": 30.0}, ["GUESSABLE"]),
        ({"chance": 0.25, "lowest": 40.0, "lowest_right": 24.0}, []),
        ({"chance": 0.25, "lowest": 4.0, "lowest_right": 3.0}, []),
    ],
)
def test_weak_questions_are_flagged_at_their_limits(figures, expected):
    assert codes(**figures) == expected


def test_flag_of_a_language_is_kept_where_all_together_name_another_choice():
    whole = item(choices=[pick("a", 10, right=True), pick("b", 11), pick("c", 3)])
    arabic = item(language="ar", choices=[pick("a", 5, right=True), pick("b", 6), pick("c", 7)])
    english = item(language="en", choices=[pick("a", 5, right=True), pick("b", 5), pick("c", 2)])
    table = ItemTable(QuestionVersion(), whole, [arabic, english])
    found = [(language, flag.code, flag.params["choice"]) for language, flag in table.flags]
    assert found == [("", "RIVAL", "b"), ("ar", "RIVAL", "c")]


def test_hidden_row_has_no_flags():
    assert flags_of(ItemStatistics(asked=9, answered=None)) == []


def test_sentences_say_what_to_check():
    said = {
        flag.code: flag.sentence
        for flag in flags_of(
            item(
                facility=0.1,
                discrimination=-0.2,
                language="ar",
                choices=[pick("a", 1, right=True), pick("b", 9), pick("c", 0, count=0)],
                difference={"reference": "en", "delta": -2.1, "error": 0.2, "category": "C"},
                chance=0.25,
                lowest=40.0,
                lowest_right=39.0,
            )
        )
    }
    assert said["NEGATIVE"] == (
        "Learners who know more get this question wrong more often (discrimination -0.2). "
        "Check which answer is marked as correct."
    )
    assert "“b” more often than the correct “a”" in said["RIVAL"]
    assert "“ar” and in “en”" in said["DIFFERS_C"]
    assert "delta -2.1" in said["DIFFERS_C"]
    assert "GUESSABLE" not in said
    assert "earn 10% of the points" in said["HARD"]
    assert "No learner chose “c”" in said["UNCHOSEN"]


def test_sentence_of_a_question_that_can_be_guessed_names_the_share_and_chance():
    (flag,) = flags_of(item(chance=0.25, lowest=40.0, lowest_right=39.0))
    assert "98% chose the correct choice. Random guesses would give 25%." in flag.sentence


def test_mantel_haenszel_agrees_with_the_published_example():
    """Two strata with the odds ratio 4 in each: on the scale of ETS, −2.35 ln 4."""
    strata = [Stratum(right=40, wrong=60, reference_right=80, reference_wrong=30)]
    found = mantel_haenszel([Stratum(20, 20, 40, 10), Stratum(10, 40, 20, 20)], reference="en")
    assert found["delta"] == pytest.approx(-3.2578, abs=1e-4)
    assert found["category"] == "C"
    assert mantel_haenszel(strata, reference="en")["delta"] == pytest.approx(-2.35 * 1.386294, abs=1e-4)


@pytest.mark.parametrize(
    ("strata", "category"),
    [
        ([Stratum(50, 50, 50, 50)], "A"),
        # Large, and by chance.
        ([Stratum(3, 7, 5, 5)], "A"),
        ([Stratum(400, 600, 520, 480)], "B"),
        ([Stratum(300, 700, 600, 400)], "C"),
    ],
)
def test_categories_are_those_of_ets(strata, category):
    assert mantel_haenszel(strata, reference="en")["category"] == category


def test_languages_that_no_stratum_compares_have_no_difference():
    assert mantel_haenszel([Stratum(10, 0, 0, 0), Stratum(0, 0, 5, 5)], reference="en") is None
    assert mantel_haenszel([], reference="en") is None
    # Everybody is right: the odds are not defined.
    assert mantel_haenszel([Stratum(50, 0, 50, 0)], reference="en") is None
