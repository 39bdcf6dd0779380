"""What a learner is told after an attempt."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import KINDS, POINT
from maarifa.quizzes.models import Attempt, Question
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    MONDAY,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    wrong_responses,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina():
    return User.objects.create_user("amina")


def submitted(learner, version, responses, at=MONDAY, **more) -> Attempt:
    attempt = make_attempt(learner=learner, quiz_version=version, at=at)
    answers = responses(attempt) if callable(responses) else responses
    return actions.submit_attempt(attempt=attempt, responses=answers, happened_at=at, at=at, **more)


def page(reviewed, language="en") -> str:
    with override(language):
        return render_to_string("quizzes/review.html", {"review": reviewed})


def test_review_says_what_was_chosen_and_what_was_right(amina):
    attempt = submitted(amina, make_version(), wrong_responses)
    reviewed = review(attempt, "en")
    assert (reviewed.right, len(reviewed.questions)) == (0, 4)
    single = next(question for question in reviewed.questions if question.kind.name == "single")
    assert (single.stem, single.answered, single.right, single.score, single.maximum) == (
        "What is single-1?",
        True,
        False,
        0,
        POINT,
    )
    assert {(choice.key, choice.chosen, choice.right) for choice in single.reviewed.choices} == {
        ("a", True, False),
        ("b", False, True),
        ("c", False, False),
    }
    numeric = next(question for question in reviewed.questions if question.kind.name == "numeric")
    assert (numeric.reviewed.typed, numeric.reviewed.answer, numeric.reviewed.unit) == ("99", "12.5", "GB")
    assert numeric.reviewed.feedback == "SECRET wrong feedback of numeric-4"


def test_review_gives_feedback_on_what_was_chosen_and_no_other_while_attempts_are_left(amina):
    attempt = submitted(amina, make_version(make_quiz(["single"])), wrong_responses)
    html = page(review(attempt, "en"))
    assert "Incorrect. You chose:" in html
    assert "SECRET feedback on a of single-1" in html
    assert "Choice b" not in html
    assert "feedback on b" not in html


def test_review_of_a_number_keeps_the_answer_while_attempts_are_left(amina):
    attempt = submitted(amina, make_version(make_quiz(["numeric"])), wrong_responses)
    assert "12.5" not in page(review(attempt, "en"))
    assert "12.5" in page(review(attempt, "en", attempts_left=False))


def test_review_names_right_answers_once_no_attempt_is_left(amina):
    version = make_version(make_quiz(["single"], attempts=1))
    html = page(review(submitted(amina, version, wrong_responses), "en"))
    assert "Correct answer:" in html
    assert "feedback on b of single-1" in html
    assert "Choice c" not in html


def test_review_of_a_passed_attempt_reveals_everything(amina):
    version = make_version(make_quiz(["single"] * 4))
    attempt = make_attempt(learner=amina, quiz_version=version)
    actions.submit_attempt(
        attempt=attempt,
        responses={**right_responses(attempt), "1": ["a"]},
        happened_at=MONDAY,
        at=MONDAY,
    )
    reviewed = review(attempt, "en")
    assert (attempt.passed, reviewed.reveals_answers, reviewed.right) == (True, True, 3)


def test_review_of_an_exam_reveals_neither_answers_nor_feedback(amina):
    version = make_version(make_quiz(bank_kind=BankKind.EXAM, attempts=1))
    reviewed = review(submitted(amina, version, wrong_responses), "en")
    html = page(reviewed)
    assert (reviewed.reveals, reviewed.reveals_answers) == (False, False)
    assert [question.reviewed for question in reviewed.questions] == [None] * 4
    assert "SECRET" not in html
    assert "right" not in html
    assert "wrong" not in html
    assert len(reviewed.lessons_to_reread()) == 4


def test_review_says_that_a_question_was_not_answered(amina):
    html = page(review(submitted(amina, make_version(), {}), "en"))
    assert html.count("You did not answer.") == 4
    assert "SECRET" not in html


def test_review_says_partly_right(amina):
    version = make_version(make_quiz(["multiple"]))
    reviewed = review(submitted(amina, version, {"1": ["a"]}), "en")
    question = reviewed.questions[0]
    assert (question.right, question.partly_right, question.score) == (False, True, POINT // 2)
    assert "Partly correct." in page(reviewed)


def test_review_is_in_the_language_asked_for(amina):
    reviewed = review(submitted(amina, make_version(), wrong_responses), "ar")
    assert {question.texts.language for question in reviewed.questions} == {"ar"}
    assert "ما هو single-1؟" in page(reviewed, "ar")


def test_review_is_of_what_was_asked_not_of_what_the_question_says_now(amina):
    version = make_version(make_quiz(["single"]))
    attempt = submitted(amina, version, right_responses)
    question = Question.objects.get(key="single-1")
    question.texts.all().delete()
    question.structure = {"choices": ["x", "y"], "correct": ["y"]}
    question.save()
    reviewed = review(attempt, "en")
    assert (reviewed.questions[0].stem, reviewed.questions[0].right) == ("What is single-1?", True)


def test_lessons_to_reread_come_in_the_order_of_the_course_each_once(amina):
    quiz = make_quiz(["single"] * 5)
    lessons = ["third", "first", "third", "second", ""]
    for number, lesson in enumerate(lessons, start=1):
        Question.objects.filter(key=f"single-{number}").update(lesson_key=lesson)
    attempt = make_attempt(learner=amina, quiz_version=make_version(quiz))
    rows = attempt.questions.select_related("question_version")
    answers = {
        str(row.position): ["b"] if row.question_version.lesson_key == "second" else ["a"] for row in rows
    }
    actions.submit_attempt(attempt=attempt, responses=answers, happened_at=MONDAY, at=MONDAY)
    reviewed = review(attempt, "en")
    assert reviewed.lessons_to_reread(["first", "second", "third", "fourth"]) == ["first", "third"]
    assert reviewed.lessons_to_reread(["first"]) == ["first"]
    assert sorted(reviewed.lessons_to_reread()) == ["first", "third"]


def test_open_attempt_has_no_review(amina):
    with pytest.raises(ValueError, match="open attempt"):
        review(make_attempt(learner=amina), "en")


@pytest.mark.parametrize("count", [3, 10])
def test_review_takes_three_queries(amina, count, django_assert_num_queries):
    version = make_version(make_quiz([list(KINDS)[number % 4] for number in range(count)]))
    attempt = Attempt.objects.get(pk=submitted(amina, version, wrong_responses).pk)
    with django_assert_num_queries(3):
        page(review(attempt, "en"))
