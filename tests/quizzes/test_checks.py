"""What keeps a quiz from being published."""

import pytest

from maarifa.quizzes.checks import quiz_problems
from maarifa.quizzes.models import Question
from tests.factories.quizzes import make_quiz

pytestmark = pytest.mark.django_db


def found_in(quiz):
    return [
        (found.question, found.language, found.problem.code, found.problem.where)
        for found in quiz_problems(quiz)
    ]


def test_complete_quiz_has_no_problems():
    assert quiz_problems(make_quiz()) == []


def test_problems_are_named_all_at_once_by_question_language_and_field():
    quiz = make_quiz()
    single, multiple, truefalse, numeric = Question.objects.order_by("position")
    single.structure = {"choices": ["a", "b", "c"], "correct": []}
    single.save()
    multiple.texts.all().delete()
    source = truefalse.texts.get(language="en")
    source.texts = {"stem": ""}
    source.save()
    numeric.structure = {"answer": "some", "tolerance": "0"}
    numeric.save()
    assert found_in(quiz) == [
        ("single-1", "", "NO_CORRECT", "correct"),
        ("multiple-2", "", "NO_SOURCE", "texts"),
        ("truefalse-3", "en", "MISSING", "stem"),
        ("numeric-4", "", "NOT_A_DECIMAL", "answer"),
    ]


def test_problems_of_translations_and_of_retired_questions_keep_nothing_back():
    quiz = make_quiz()
    translation = Question.objects.get(key="single-1").texts.get(language="ar")
    translation.texts = {}
    translation.save()
    Question.objects.filter(key="numeric-4").update(retired_at="2026-11-23T08:00:00Z", structure={})
    assert found_in(quiz) == []


@pytest.mark.parametrize("count", [1, 3])
def test_problems_take_two_queries(count, django_assert_num_queries):
    quiz = make_quiz(["single"] * count)
    with django_assert_num_queries(2):
        quiz_problems(quiz)
