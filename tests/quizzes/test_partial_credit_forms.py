"""The author's form for what an answer is worth that is partly right, and for choices that stay last."""

import pytest

from maarifa.quizzes.kinds import kind_named
from tests.factories.quizzes import STRUCTURES, make_question
from tests.quizzes.pages import change_url, form_of, said

CREDIT = {"choices": ["a", "b", "c", "d"], "correct": ["b"], "credit": {"c": 50, "a": 33}}
ALL = {"choices": ["a", "b", "c", "d"], "correct": ["a", "c"], "grading": "all-or-nothing"}
NEAR = {"answer": "200", "tolerance": "1%", "near": {"tolerance": "10", "percent": 40}}


@pytest.mark.parametrize(
    ("kind", "structure"),
    [
        ("single", {**CREDIT, "credit": {"a": 33, "c": 50}, "last": ["d"]}),
        ("multiple", {**ALL, "last": ["b", "d"]}),
        ("numeric", {**NEAR, "units": {"MB": "1000"}}),
    ],
)
def test_author_form_gives_back_what_it_was_given(kind, structure):
    fields = kind_named(kind).structure_fields(structure, {})
    cleaned = {name: field.clean(field.initial) for name, field in fields.items()}
    assert kind_named(kind).structure_from(cleaned, structure) == structure


@pytest.mark.django_db
def test_author_gives_credit_and_keeps_a_choice_last(desk):
    question = make_question()
    form = form_of(desk, change_url(question))
    rows = {"credit-0-choice": "c", "credit-0-percent": "50", "last": ["c"]}
    desk.post(change_url(question), form | rows)
    question.refresh_from_db()
    assert question.structure == {**STRUCTURES["single"], "last": ["c"], "credit": {"c": 50}}
    html = desk.get(change_url(question)).content.decode()
    assert "Keep last" in html
    assert '<option value="c" selected>' in html or "<option value=c selected>" in html
    again = form_of(desk, change_url(question))
    for wrong, sentence in (
        ({"credit-0-percent": "100"}, "Row 1: “100” cannot be used in “Percentage of the points”."),
        ({"credit-1-choice": "c", "credit-1-percent": "5"}, "Rows 1 and 2 both have “c: Choice c of"),
    ):
        answer = desk.post(change_url(question), again | wrong)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
    answer = desk.post(change_url(question), again | {"correct": "c"}, follow=True)
    assert said(answer)[0] == (
        "This question is not complete yet. Points for other choices: “c” is the correct choice, which is "
        "worth all points. Name another choice."
    )


@pytest.mark.django_db
def test_choice_that_is_removed_is_neither_last_nor_worth_anything(desk):
    question = make_question(structure={**CREDIT, "last": ["c", "d"]})
    desk.post(change_url(question), form_of(desk, change_url(question)) | {"remove": ["c"], "sure": "c"})
    question.refresh_from_db()
    assert question.structure == {
        "choices": ["a", "b", "d"],
        "correct": ["b"],
        "last": ["d"],
        "credit": {"a": 33},
    }


@pytest.mark.django_db
def test_author_chooses_how_points_are_given(desk):
    question = make_question("multiple")
    assert "a share of the points for each correct choice" in desk.get(change_url(question)).content.decode()
    desk.post(change_url(question), form_of(desk, change_url(question)) | {"grading": "all-or-nothing"})
    question.refresh_from_db()
    assert question.structure == {**STRUCTURES["multiple"], "grading": "all-or-nothing"}


@pytest.mark.django_db
def test_author_writes_tolerances_as_people_write_numbers(desk):
    question = make_question("numeric")
    form = form_of(desk, change_url(question))
    form |= {"tolerance": "٥ ٪", "near_tolerance": "2,5", "near_percent": "50"}
    desk.post(change_url(question), form)
    question.refresh_from_db()
    assert question.structure == {
        "answer": "12.5",
        "tolerance": "5%",
        "near": {"tolerance": "2.5", "percent": 50},
    }
    answer = desk.post(change_url(question), form | {"tolerance": "five%"})
    assert "“five%” is not a number we can read." in answer.content.decode()
