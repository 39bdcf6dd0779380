"""What an answer is worth that is partly right: as its author says it, and as learners read it before and after."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.coursefiles.shapes import BankFile
from maarifa.coursefiles.writing import canonical
from maarifa.lib.shapes import shape
from maarifa.lib.strict_yaml import load
from maarifa.quizzes.answerforms import answer_form
from maarifa.quizzes.differences import question_differences
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.models import Question
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    STRUCTURES,
    BankFactory,
    QuizFactory,
    make_attempt,
    make_question,
    make_version,
    submit,
    words_of,
)

CREDIT = {"choices": ["a", "b", "c", "d"], "correct": ["b"], "credit": {"c": 50, "a": 33}}
ALL = {"choices": ["a", "b", "c", "d"], "correct": ["a", "c"], "grading": "all-or-nothing"}
NEAR = {"answer": "200", "tolerance": "1%", "near": {"tolerance": "10", "percent": 40}}

# Grading


@pytest.mark.parametrize(
    ("response", "score"), [(["b"], 300_000), (["c"], 150_000), (["a"], 99_000), (["d"], 0), (None, 0)]
)
def test_single_gives_a_choice_the_part_that_its_author_says(response, score):
    assert kind_named("single").grade(CREDIT, 3, response, {}) == score


@pytest.mark.parametrize(
    ("response", "score"), [(["a", "c"], 100_000), (["a"], 0), (["a", "b", "c"], 0), (["b"], 0), (None, 0)]
)
def test_multiple_gives_all_or_nothing_where_its_author_says_so(response, score):
    assert kind_named("multiple").grade(ALL, 1, response, {}) == score


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        *(("200", POINT), ("198", POINT), ("202.000", POINT), ("197.99", 40_000), ("210", 40_000)),
        *(("190", 40_000), ("189.99", 0), ("210.01", 0), ("-200", 0)),
    ],
)
def test_numeric_has_a_tolerance_in_percent_and_a_wider_one_worth_a_part(typed, score):
    assert kind_named("numeric").grade(NEAR, 1, typed, {}) == score


@pytest.mark.parametrize(
    ("typed", "right"), [("-50", True), ("-47.5", True), ("-47.4", False), ("50", False)]
)
def test_percentage_is_of_the_size_of_the_answer(typed, right):
    assert kind_named("numeric").grade({"answer": "-50", "tolerance": "5%"}, 1, typed, {}) == right * POINT


@pytest.mark.parametrize(("kind", "structure"), [("single", CREDIT), ("multiple", ALL), ("numeric", NEAR)])
def test_samples_are_worth_everything_and_nothing(kind, structure):
    for right in (True, False):
        sample = kind_named(kind).sample(structure, {}, right=right)
        assert kind_named(kind).grade(structure, 1, sample, {}) == right * POINT


# What is said before an answer


@pytest.mark.parametrize(
    ("kind", "structure", "help_text"),
    [
        ("single", STRUCTURES["single"], "Choose one answer."),
        ("single", CREDIT, "Choose the best answer. Another answer can be worth part of the points."),
        (
            "multiple",
            STRUCTURES["multiple"],
            "Choose all that apply. Within this question, each incorrect choice cancels one correct choice.",
        ),
        (
            "multiple",
            ALL,
            "Choose all that apply. You get points only for all correct choices and no others.",
        ),
        ("truefalse", STRUCTURES["truefalse"], "Is this true or false?"),
        ("numeric", STRUCTURES["numeric"], "Write a number."),
        ("numeric", NEAR, "Write a number. A nearly correct number earns part of the points."),
        (
            "numeric",
            {**NEAR, "units": {"MB": "1000", "Mo": "1000"}},
            "Write a number. If you use another unit than the one shown, write it after the number: MB, Mo. "
            "A nearly correct number earns part of the points.",
        ),
    ],
)
def test_learner_reads_the_rule_beside_the_question(kind, structure, help_text):
    assert kind_named(kind).help_for(structure) == help_text


def asked(*structures):
    """A version of a quiz that asks a question of each of these (kind, structure)."""
    bank = BankFactory()
    for position, (kind, structure) in enumerate(structures, 1):
        make_question(kind, bank=bank, position=position, key=f"{kind}-{position}", structure=structure)
    return make_version(QuizFactory(bank=bank, draw=len(structures)))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_says_the_rules_and_neither_keys_nor_percentages(language):
    version = asked(("single", CREDIT), ("multiple", ALL), ("numeric", NEAR))
    form = answer_form(make_attempt(learner=User.objects.create_user("amina"), quiz_version=version))
    with override(language):
        html = render_to_string("quizzes/questions.html", {"answer_form": form})
        for question in form.questions:
            assert question.help in html.replace("&#x27;", "'")
    assert "SECRET" not in html
    assert all(secret not in html for secret in ("50", "33", "40", "200", "correct:"))


# What is said after it


def looked_back(structure, kind, response, *, language="en", **more):
    attempt = make_attempt(learner=User.objects.create_user("amina"), quiz_version=asked((kind, structure)))
    reviewed = review(submit(attempt, {"1": response}), language, **more)
    with override(language):
        return " ".join(render_to_string("quizzes/review.html", {"review": reviewed}).split())


@pytest.mark.django_db
def test_choice_worth_a_part_is_neither_correct_nor_incorrect():
    html = looked_back(CREDIT, "single", ["c"])
    assert "Partly correct, worth 50% of the points. You chose:" in html
    assert "SECRET feedback on c" in html
    assert "Incorrect" not in html
    assert html.count("Partly correct") == 1
    assert "Choice b" not in html


@pytest.mark.django_db
def test_incomplete_answer_to_all_or_nothing_says_why_it_earns_nothing():
    html = looked_back(ALL, "multiple", ["a"])
    assert "No points: this question needs all correct choices and no others." in html
    assert "Correct. You chose:" in html
    assert "No points" not in render_to_string(
        "quizzes/review.html", {"review": review(_right_attempt(ALL), "en")}
    )


def _right_attempt(structure):
    attempt = make_attempt(
        learner=User.objects.create_user("kofi"), quiz_version=asked(("multiple", structure))
    )
    return submit(attempt, {"1": structure["correct"]})


@pytest.mark.django_db
def test_nearly_correct_number_says_so_with_its_own_feedback():
    html = looked_back(NEAR, "numeric", "205")
    assert "Nearly correct, worth 40% of the points. You wrote:" in html
    assert "SECRET wrong feedback" in html
    words = {**words_of("numeric", NEAR, "it", "en"), "feedback": {"near": "Close.", "wrong": "Far."}}
    reviewed = kind_named("numeric").review(NEAR, words, [], "205", "en", {})
    assert (reviewed.percent, reviewed.feedback) == (40, "Close.")
    assert kind_named("numeric").review(NEAR, words, [], "0", "en", {}).feedback == "Far."


# What is refused


@pytest.mark.parametrize(
    ("kind", "structure", "where", "sentence"),
    [
        (
            "single",
            {**CREDIT, "credit": {"b": 50}},
            "credit",
            "“b” is the correct choice, which is worth all points. Name another choice.",
        ),
        (
            "single",
            {**CREDIT, "credit": {"z": 50}},
            "credit",
            "There is no choice “z”. The choices are: a, b, c, d.",
        ),
        ("single", {**CREDIT, "credit": {"a": 100}}, "credit.a", "100 is too large. Write at most 99."),
        ("single", {**CREDIT, "credit": {"a": 0}}, "credit.a", "0 is too small. Write at least 1."),
        (
            "single",
            {**CREDIT, "last": ["z"]},
            "last",
            "There is no choice “z”. The choices are: a, b, c, d.",
        ),
        (
            "multiple",
            {**ALL, "grading": "half"},
            "grading",
            "“half” is not allowed here. Write one of these: share, all-or-nothing.",
        ),
        (
            "numeric",
            {**NEAR, "tolerance": "5 percent"},
            "tolerance",
            "“5 percent” is not a tolerance in the right form. Write a number or a percentage in quotation "
            'marks, for example "0.5" or "5%".',
        ),
        ("numeric", {**NEAR, "tolerance": "-5%"}, "tolerance", "“-5%” is below 0. Write 0 or more."),
        (
            "numeric",
            {"answer": "0", "tolerance": "5%"},
            "tolerance",
            "The correct answer is 0, and any percentage of 0 is 0. Write the tolerance as a number.",
        ),
        (
            "numeric",
            {**NEAR, "tolerance": "5%"},
            "near",
            "The tolerance for nearly correct answers is not wider than the first one. Write a larger one.",
        ),
        (
            "numeric",
            {**NEAR, "near": {"tolerance": "10"}},
            "near.percent",
            "This field is empty. Fill it in.",
        ),
    ],
)
def test_structure_that_is_wrong_is_said_with_what_would_be_right(kind, structure, where, sentence):
    found = kind_named(kind).structure_problems(structure)
    assert [(one.where, one.message) for one in found] == [(where, sentence)]
    assert kind_named(kind).place_of(where)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            "kind: single, points: 1, choices: [a, b], correct: [a], credit: {a: 50}",
            "questions.1.credit: “a” is the correct choice, which is worth all points. Name another choice.",
        ),
        (
            "kind: single, points: 1, choices: [a, b], correct: [a], credit: {b: half}",
            "questions.1.credit.b: “half” is not a whole number. Write one without quotes, such as 5.",
        ),
        (
            "kind: multiple, points: 1, choices: [a, b], correct: [a], last: [c]",
            "questions.1.last: “c” is not one of the choices. The choices are: a, b.",
        ),
        (
            "kind: truefalse, points: 1, correct: [true], last: [true]",
            "questions.1.last: Questions of the kind “truefalse” do not have this field. Remove it.",
        ),
        (
            "kind: single, points: 1, choices: [a, b], correct: [a], grading: share",
            "questions.1.grading: Questions of the kind “single” do not have this field. Remove it.",
        ),
        (
            "kind: numeric, points: 1, answer: '5', tolerance: '0', near: {tolerance: '5%', percent: 0}",
            "questions.1.near.percent: 0 is too small. Write at least 1.",
        ),
    ],
)
def test_file_that_is_wrong_names_line_field_and_value(fields, sentence):
    text = f"format: 1\nbank: basics\nkind: module\nquestions:\n  - {{key: q, {fields}}}\n"
    read, problems = shape(BankFile, load(text))
    assert read is None
    assert [str(one) for one in problems] == [sentence]
    assert problems[0].line == 5


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("single", {**CREDIT, "last": ["d"]}),
        ("multiple", {**ALL, "last": ["d", "a"]}),
        ("numeric", {**NEAR, "units": {"MB": "1000", "%": "0.5"}}),
    ],
)
def test_structure_comes_back_from_a_file_as_it_is_stored(kind, fields):
    entry = {"key": "q", "kind": kind, "points": 1, **fields}
    file = BankFile.model_validate({"format": 1, "bank": "basics", "kind": "module", "questions": [entry]})
    read, problems = shape(BankFile, load(canonical(file)))
    assert problems == []
    assert read.questions[0].structure.stored() == fields
    assert canonical(read) == canonical(file)


def test_usual_rules_are_not_stored():
    entry = {"key": "q", "kind": "multiple", "points": 1, **STRUCTURES["multiple"]}
    written = BankFile.model_validate(
        {
            "format": 1,
            "bank": "basics",
            "kind": "module",
            "questions": [{**entry, "grading": "share", "last": []}],
        }
    )
    assert written.questions[0].structure.stored() == STRUCTURES["multiple"]


# The page of what has changed


def test_differences_say_rules_in_words():
    content = {"kind": "multiple", "points": 1, "lesson_key": "", "source_language": "en", "states": {}}
    content |= {"texts": {"en": words_of("multiple", STRUCTURES["multiple"], "it", "en")}}
    before = {**content, "structure": STRUCTURES["multiple"]}
    after = {**content, "structure": {**ALL, "last": ["d"]}}
    assert [(one.what, one.after) for one in question_differences(before, after)] == [
        ("How points are given", "all points or none"),
        ("Keep last", "d: Choice d of it"),
    ]
    number = {**content, "kind": "numeric", "texts": {"en": words_of("numeric", {}, "it", "en")}}
    numeric = [
        {**number, "structure": one} for one in (STRUCTURES["numeric"], {**NEAR, "units": {"MB": "1000"}})
    ]
    assert {(one.what, one.after) for one in question_differences(*numeric)} >= {
        ("Other units", "MB: 1000"),
        ("Tolerance", "1%"),
    }


@pytest.mark.django_db
def test_attempt_keeps_choices_last_and_shuffles_the_others():
    version = asked(("single", {**CREDIT, "last": ["a", "d"]}))
    orders = set()
    for number in range(12):
        attempt = make_attempt(learner=User.objects.create_user(f"amina-{number}"), quiz_version=version)
        order = attempt.questions.get().choice_order
        assert order[2:] == ["a", "d"]
        orders.add(tuple(order))
    assert len(orders) == 2
    assert Question.objects.get().structure["choices"] == ["a", "b", "c", "d"]
