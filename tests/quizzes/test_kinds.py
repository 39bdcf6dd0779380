"""The kinds of question: what they accept, what they show, what they give."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import KINDS, POINT, kind_named
from maarifa.quizzes.kinds.numeric.readings import readings
from tests.factories.quizzes import RIGHT, STRUCTURES, WRONG, words_of

ALL = list(KINDS)
CHOICE_KINDS = ["single", "multiple", "truefalse"]
EIGHT = {"choices": list("abcdefgh"), "correct": ["a", "b", "c"]}


# Scores


@pytest.mark.parametrize("kind", ALL)
def test_grade_gives_all_points_to_the_right_answer_and_none_to_a_wrong_one(kind):
    texts = {language: words_of(kind, STRUCTURES[kind], "it", language) for language in ("en", "ar")}
    for points in (1, 3, 100):
        assert kind_named(kind).grade(STRUCTURES[kind], points, RIGHT[kind], texts) == points * POINT
        assert kind_named(kind).grade(STRUCTURES[kind], points, WRONG[kind], texts) == 0
        assert kind_named(kind).grade(STRUCTURES[kind], points, None, texts) == 0


@pytest.mark.parametrize(
    ("response", "score"),
    [
        (["a", "c"], 100_000),
        (["a"], 50_000),
        (["c"], 50_000),
        (["a", "b"], 0),
        (["a", "b", "c"], 50_000),
        (["b"], 0),
        (["b", "d"], 0),
        (["a", "b", "c", "d"], 0),
        (None, 0),
    ],
)
def test_multiple_gives_a_share_for_each_right_choice_and_takes_one_for_each_wrong_one(response, score):
    assert kind_named("multiple").grade(STRUCTURES["multiple"], 1, response, {}) == score


def test_multiple_rounds_thirds_down_and_gives_the_whole_for_all():
    structure = {"choices": ["a", "b", "c", "d"], "correct": ["a", "b", "c"]}
    scores = [kind_named("multiple").grade(structure, 1, list("abc")[:count], {}) for count in range(4)]
    assert scores == [0, 33_333, 66_666, 100_000]


@given(chosen=st.lists(st.sampled_from("abcdefgh"), unique=True), points=st.integers(1, 100))
def test_multiple_stays_between_nothing_and_all(chosen, points):
    score = kind_named("multiple").grade(EIGHT, points, chosen or None, {})
    assert 0 <= score <= points * POINT
    assert (score == points * POINT) == (set(chosen) == {"a", "b", "c"})


@given(chosen=st.permutations(list("abcde")), data=st.data())
def test_multiple_does_not_care_in_which_order_choices_were_ticked(chosen, data):
    chosen = chosen[: data.draw(st.integers(0, 5))]
    grade = kind_named("multiple").grade
    assert grade(EIGHT, 7, chosen, {}) == grade(EIGHT, 7, sorted(chosen), {})
    read = kind_named("multiple").read
    assert read(EIGHT, chosen) == read(EIGHT, sorted(chosen))


# Numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("193", ["193"]),
        ("0", ["0"]),
        ("007", ["7"]),
        ("12.5", ["12.5"]),
        ("12,5", ["12.5"]),
        (".5", ["0.5"]),
        ("-3", ["-3"]),
        ("+3", ["3"]),
        ("−3", ["-3"]),
        ("–3", ["-3"]),
        ("- 3", ["-3"]),
        ("－３", ["-3"]),
        ("١٢٫٥", ["12.5"]),
        ("١٬٢٣٤٫٥", ["1234.5"]),
        ("\u061c-١٢", ["-12"]),
        ("\u200f١٢\u200f", ["12"]),
        ("۱۲٫۵", ["12.5"]),
        ("१२.५", ["12.5"]),
        ("১২,৫", ["12.5"]),
        ("１２．５", ["12.5"]),
        ("၁၂", ["12"]),
        ("1 234", ["1234"]),
        ("1\u00a0234,5", ["1234.5"]),
        ("1\u202f234\u202f567", ["1234567"]),
        ("1\u2009234.5", ["1234.5"]),
        ("1'234.5", ["1234.5"]),
        ("1’234’567", ["1234567"]),
        ("1,234.5", ["1234.5"]),
        ("1.234,5", ["1234.5"]),
        ("1,234,567", ["1234567"]),
        ("1.234.567", ["1234567"]),
        ("12,34,567", ["1234567"]),
        ("0,500", ["0.500"]),
        ("1,500", ["1500", "1.500"]),
        ("1.500", ["1500", "1.500"]),
        ("12,345", ["12345", "12.345"]),
        ("1234,567", ["1234.567"]),
        ("1,50", ["1.50"]),
    ],
)
def test_number_is_read_as_people_write_it(text, numbers):
    assert readings(text) == tuple(Decimal(number) for number in numbers)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "twelve",
            "12 GB",
            "12%",
            "1e3",
            "1_000",
            "12d5",
            "NaN",
            "Infinity",
            "1/2",
            "½",
            "Ⅻ",
            "十二",
        ),
        *("--3", "3-", "1,2,3", "1.2.3", "12 50", "1,23,45", "1 234,5 6", "1,234,5", "5.", ",", "-", "1٫2٫3"),
        *("1.234.5", "1٫234,5", "0,000,001", "1 2345", "9" * 41, "³"),
    ],
)
def test_number_that_is_none_is_not_read(text):
    assert readings(text) == ()


@given(st.text(max_size=60))
def test_number_never_fails_on_what_people_type(text):
    for number in readings(text):
        assert number.is_finite()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_number_comes_back_in_every_script(number):
    plain = format(number, "f")
    for zero in "0٠۰०০０":
        written = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in plain)
        assert number in readings(written)
        assert number in readings(written.replace(".", "٫"))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *(("12.5", True), ("12", True), ("13", True), ("١٢٫٥", True), ("12,50", True)),
        *(("11.99", False), ("13.0001", False), ("-12.5", False), ("125", False)),
    ],
)
def test_numeric_is_right_within_the_tolerance(text, right):
    structure = {"answer": "12.5", "tolerance": "0.5"}
    assert kind_named("numeric").grade(structure, 2, text, {}) == (2 * POINT if right else 0)


def test_numeric_takes_either_reading_of_a_comma_before_three_digits():
    for answer in ("1500", "1.5"):
        assert kind_named("numeric").grade({"answer": answer, "tolerance": "0"}, 1, "1,500", {}) == POINT


def test_numeric_compares_exactly():
    structure = {"answer": "0.3", "tolerance": "0.1"}
    assert kind_named("numeric").grade(structure, 1, "0.2", {}) == POINT
    long = {"answer": "123456789012345678901234567890.1", "tolerance": "0"}
    assert kind_named("numeric").grade(long, 1, "123456789012345678901234567890.2", {}) == 0


def test_numeric_keeps_the_number_as_typed():
    assert kind_named("numeric").read({}, "  ١٢٫٥ ") == "١٢٫٥"
    assert kind_named("numeric").read({}, "  ") is None
    assert kind_named("numeric").read_form({}, {"": []}) is None


# Reading answers


@pytest.mark.parametrize(
    ("kind", "raw", "code", "value"),
    [
        ("single", ["z"], "UNKNOWN_CHOICE", "z"),
        ("single", ["a", "b"], "ONE_CHOICE_ONLY", "a, b"),
        ("single", "a", "NOT_AN_ANSWER", "'a'"),
        ("single", [1], "NOT_AN_ANSWER", "[1]"),
        ("multiple", ["a", ""], "UNKNOWN_CHOICE", ""),
        ("multiple", {"a": True}, "NOT_AN_ANSWER", "{'a': True}"),
        ("truefalse", [True], "NOT_AN_ANSWER", "[True]"),
        ("truefalse", ["true", "false"], "ONE_CHOICE_ONLY", "true, false"),
        ("numeric", "a dozen", "NOT_A_NUMBER", "a dozen"),
        ("numeric", 12, "NOT_AN_ANSWER", "12"),
        ("numeric", ["12"], "NOT_AN_ANSWER", "['12']"),
    ],
)
def test_answer_that_cannot_be_read_is_refused_by_name(kind, raw, code, value):
    with pytest.raises(AnswerError) as caught:
        kind_named(kind).read(STRUCTURES[kind], raw)
    assert (caught.value.code, caught.value.params["value"]) == (code, value)


def test_refused_number_says_what_would_be_right_as_its_reader_writes_it():
    refusal = AnswerError("NOT_A_NUMBER", value="100 % sure")
    assert str(refusal) == "“100 % sure” is not a number. Write it in digits, for example 12.5."
    with override("fr"):
        assert "12,5" in str(refusal)
    with override("ar"):
        assert "12.5" in str(refusal)


@pytest.mark.parametrize("kind", CHOICE_KINDS)
def test_answer_from_a_form_is_read_like_one_from_json(kind):
    structure, right = STRUCTURES[kind], RIGHT[kind]
    read_form = kind_named(kind).read_form
    assert read_form(structure, {"": right}) == right == kind_named(kind).read(structure, right)
    assert read_form(structure, {}) is read_form(structure, {"": []}) is None
    assert kind_named(kind).read(structure, []) is kind_named(kind).read(structure, None) is None


# What authors write


@pytest.mark.parametrize("kind", ALL)
def test_question_of_each_kind_has_no_problems(kind):
    assert kind_named(kind).structure_problems(STRUCTURES[kind]) == []
    for language in ("en", "ar"):
        words = words_of(kind, STRUCTURES[kind], "question", language)
        assert kind_named(kind).texts_problems(STRUCTURES[kind], words) == []


@pytest.mark.parametrize(
    ("kind", "structure", "problems"),
    [
        ("single", [], [("NOT_A_MAPPING", "")]),
        ("single", {"answer": "3"}, [("UNKNOWN_FIELD", "answer")]),
        ("single", {}, [("TOO_FEW_CHOICES", "choices")]),
        ("single", {"choices": "ab", "correct": ["a"]}, [("NOT_A_LIST", "choices")]),
        ("single", {"choices": ["a", "B"], "correct": ["a"]}, [("KEY_INVALID", "choices")]),
        ("single", {"choices": ["a", "a"], "correct": ["a"]}, [("TWICE", "choices")]),
        ("single", {"choices": ["a", 1], "correct": ["a"]}, [("KEY_INVALID", "choices")]),
        ("single", {"choices": ["a", "b"]}, [("NO_CORRECT", "correct")]),
        ("single", {"choices": ["a", "b"], "correct": "a"}, [("NOT_A_LIST", "correct")]),
        ("single", {"choices": ["a", "b"], "correct": ["a", "b"]}, [("ONE_CORRECT", "correct")]),
        ("single", {"choices": ["a", "b"], "correct": ["c"]}, [("UNKNOWN_CHOICE", "correct")]),
        ("multiple", {"choices": ["a", "b"], "correct": []}, [("NO_CORRECT", "correct")]),
        ("multiple", {"choices": ["a", "b"], "correct": ["a", "a"]}, [("TWICE", "correct")]),
        (
            "multiple",
            {"choices": [f"c{number}" for number in range(21)], "correct": ["c1"]},
            [("TOO_MANY_CHOICES", "choices")],
        ),
        ("truefalse", {"choices": ["yes", "no"], "correct": ["yes"]}, [("WRONG_CHOICES", "choices")]),
        ("truefalse", {"correct": [True]}, [("UNKNOWN_CHOICE", "correct")]),
        ("truefalse", {"correct": ["true", "false"]}, [("ONE_CORRECT", "correct")]),
        ("numeric", {}, [("MISSING", "answer")]),
        ("numeric", {"answer": 12, "tolerance": "0"}, [("NOT_A_DECIMAL", "answer")]),
        ("numeric", {"answer": "12,5", "tolerance": "0"}, [("NOT_A_DECIMAL", "answer")]),
        (
            "numeric",
            {"answer": "NaN", "tolerance": "-1"},
            [("NOT_A_DECIMAL", "answer"), ("NEGATIVE", "tolerance")],
        ),
    ],
)
def test_structure_that_is_wrong_is_said_field_by_field(kind, structure, problems):
    found = kind_named(kind).structure_problems(structure)
    assert [(problem.code, problem.where) for problem in found] == problems
    assert all(problem.message for problem in found)


@pytest.mark.parametrize(
    ("kind", "words", "problems"),
    [
        ("single", "What?", [("NOT_A_MAPPING", "")]),
        ("single", {"stem": "What?", "unit": "GB"}, [("UNKNOWN_FIELD", "unit")]),
        (
            "single",
            {"stem": " ", "choices": {"a": {"text": "A"}, "b": {"text": "B"}, "c": {"text": "C"}}},
            [("MISSING", "stem")],
        ),
        (
            "single",
            {"stem": "What?", "choices": {"a": {"text": "A"}, "b": {"text": 2}, "d": {"text": "D"}}},
            [
                ("NOT_A_TEXT", "choices.b.text"),
                ("MISSING", "choices.c"),
                ("UNKNOWN_CHOICE", "choices.d"),
            ],
        ),
        (
            "single",
            {
                "stem": "What?",
                "choices": {"a": {"text": "A rule"}, "b": {"text": " a  RULE"}, "c": {"text": "C"}},
            },
            [("SAME_CHOICES", "choices.b.text")],
        ),
        (
            "truefalse",
            {"stem": "So?", "choices": {"true": {"text": "Yes"}}},
            [("UNKNOWN_FIELD", "choices.true.text")],
        ),
        ("numeric", {"stem": "How many?", "unit": 5}, [("NOT_A_TEXT", "unit")]),
        ("numeric", {"stem": "How many?", "feedback": {"maybe": "x"}}, [("UNKNOWN_FIELD", "feedback.maybe")]),
    ],
)
def test_words_that_are_wrong_are_said_field_by_field(kind, words, problems):
    found = kind_named(kind).texts_problems(STRUCTURES[kind], words)
    assert [(problem.code, problem.where) for problem in found] == problems
    assert all(problem.message for problem in found)


@pytest.mark.parametrize("kind", ALL)
def test_shown_has_neither_keys_nor_feedback(kind):
    structure = STRUCTURES[kind]
    words = words_of(kind, structure, "question", "en")
    order = kind_named(kind).choice_keys(structure)
    shown = kind_named(kind).shows(structure, words, order, "en")
    assert "SECRET" not in repr(shown)
    choices = getattr(shown, "choices", getattr(shown, "items", ()))
    if kind == "case":  # Of the first step alone.
        order, choices = ["a", "b", "c"], shown.steps[0].shown.choices
    if kind == "gaps":
        choices = [(f"{gap.key}.{key}", text) for gap in shown.gaps for key, text in gap.choices]
    assert [key for key, _text in choices] == order


def test_true_and_false_are_said_in_the_language_of_the_question():
    words = words_of("truefalse", {}, "question", "ar")
    with override("ar"):
        in_arabic = kind_named("truefalse").shows({}, words, ["true", "false"], "ar").choices
    with override("en"):
        assert kind_named("truefalse").shows({}, words, ["true", "false"], "ar").choices == in_arabic
        assert kind_named("truefalse").shows({}, words, ["true", "false"], "en").choices == (
            ("true", "True"),
            ("false", "False"),
        )


# The form of the author


@pytest.mark.parametrize("kind", ALL)
def test_author_form_gives_back_what_it_was_given(kind):
    subject, structure = kind_named(kind), STRUCTURES[kind]
    words = words_of(kind, structure, "question", "en")
    for fields, back, before in (
        (subject.structure_fields(structure, words), subject.structure_from, structure),
        (subject.texts_fields(structure, words), subject.texts_from, words),
    ):
        cleaned = {name: field.clean(field.initial) for name, field in fields.items()}
        assert back(cleaned, structure) == before


def test_author_adds_and_removes_choices():
    structure = {"choices": ["a", "b", "d"], "correct": ["b"]}
    subject = kind_named("multiple")
    assert subject.structure_from({"correct": ["b", "a"], "remove": ["a"], "more": 2}, structure) == {
        "choices": ["b", "d", "c", "e"],
        "correct": ["b"],
    }


@pytest.mark.parametrize("answer", ["100000000", "671000000000", "1" + "0" * 29, "0.00000000000000000001"])
def test_numeric_review_shows_the_answer_however_large_or_small(answer):
    structure = {"answer": answer, "tolerance": "0"}
    shown = kind_named("numeric").review(structure, {}, [], answer, "en", {}).answer
    assert Decimal(shown.replace(",", "")) == Decimal(answer)


@pytest.mark.parametrize("text", ["3.142", "12.500", "-0.125", "671000000000"])
def test_author_may_write_three_decimals_behind_a_point(text):
    """To a learner “3.142” may be three thousand; whoever writes the key writes decimals behind a point."""
    assert kind_named("numeric").structure_fields({}, {})["answer"].clean(text) == text


def test_author_types_a_number_in_any_way_but_an_ambiguous_one():
    field = kind_named("numeric").structure_fields({}, {})["answer"]
    assert [field.clean(text) for text in ("١٢٫٥", "1 234,5", "")] == ["12.5", "1234.5", ""]
    for text in ("1,500", "twelve"):
        with pytest.raises(ValidationError):
            field.clean(text)
