"""What keeps a course from being published."""

import pytest

from maarifa.curriculum.checking import problems_of
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import ModuleQuiz
from tests.factories.curriculum import draft_course

pytestmark = pytest.mark.django_db


def problems(made) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems_of(Draft.read(made.course))]


def test_course_as_it_should_be_has_no_problem():
    assert problems(draft_course()) == []


def test_quiz_of_another_course_is_a_problem():
    made, other = draft_course(), draft_course()
    ModuleQuiz.objects.filter(module=other.module).delete()
    ModuleQuiz.objects.filter(module=made.module).update(quiz=other.quiz)
    assert problems(made) == [("quiz_elsewhere", other.quiz.key)]


@pytest.mark.parametrize("up_to_date", [True, False])
def test_practice_that_differs_between_languages_is_a_problem_where_it_should_not(up_to_date):
    made = draft_course()
    text = made.lessons[0].texts.get(language="ar")
    text.body = text.body.replace("correct: true", "correct: TRUE").replace("correct: false", "correct: true")
    text.body = text.body.replace("correct: TRUE", "correct: false")
    text.source_digest = text.source_digest if up_to_date else "0" * 16
    text.save()
    assert problems(made) == ([("practice_differs", "first (ar)")] if up_to_date else [])


def test_other_objectives_than_those_of_the_source_are_a_problem():
    made = draft_course()
    made.lessons[0].texts.filter(language="ar").update(objectives=[])
    assert problems(made) == [("objectives_differ", "first (ar)")]
