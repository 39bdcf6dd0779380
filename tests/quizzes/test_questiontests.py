"""Questions carry tests: an answer, the score that it must get, and what its learner must read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.quizzes import actions, questiontests
from maarifa.quizzes.checks import question_problems, quiz_problems
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.kinds import KINDS, as_line, kind_named
from maarifa.quizzes.models import Question, QuestionVersion
from maarifa.quizzes.questiontests import answer_from_line, failed_tests, feedback_in
from tests.factories.quizzes import RIGHT, STRUCTURES, WRONG, make_question, make_quiz, words_of
from tests.quizzes.pages import change_url, form_of, said


def failures(kind, tests, *, languages=("en", "ar"), structure=None, texts=None):
    structure = structure or STRUCTURES[kind]
    texts = texts or {language: words_of(kind, structure, "q", language) for language in languages}
    found = failed_tests(kind_named(kind), structure, 3, texts, tests, source="en")
    return [(one.number, one.language, one.problem.code) for one in found]


@pytest.mark.parametrize("kind", list(KINDS))
def test_right_answer_gets_everything_and_a_wrong_one_nothing(kind):
    right, wrong = {"answer": RIGHT[kind], "score": 100}, {"answer": WRONG[kind], "score": 0}
    assert failures(kind, [right, wrong]) == []
    assert failures(kind, [right | {"score": 99}, wrong | {"score": 1}]) == [
        (1, "en", "TEST_SCORE"),
        (2, "en", "TEST_SCORE"),
    ]


@pytest.mark.parametrize("kind", list(KINDS))
def test_feedback_that_learners_read_is_what_the_test_expects(kind):
    texts = {language: words_of(kind, STRUCTURES[kind], "q", language) for language in ("en", "ar")}
    reviewed = kind_named(kind).review(
        STRUCTURES[kind], texts["en"], KINDS[kind].choice_keys(STRUCTURES[kind]), RIGHT[kind], "en", texts
    )
    (first, *_others) = feedback_in(reviewed)
    assert "SECRET" in first
    test = {"answer": RIGHT[kind], "score": 100, "feedback": first}
    assert failures(kind, [test]) == []
    assert failures(kind, [test | {"feedback": "Something else."}]) == [(1, "en", "TEST_FEEDBACK")]


def test_feedback_of_choices_that_were_not_chosen_is_not_read():
    test = {"answer": ["b"], "score": 100, "feedback": "SECRET feedback on a of q"}
    assert failures("single", [test]) == [(1, "en", "TEST_FEEDBACK")]


def test_translation_without_feedback_is_named():
    texts = {language: words_of("single", STRUCTURES["single"], "q", language) for language in ("en", "ar")}
    del texts["ar"]["choices"]["b"]["feedback"]
    test = {"answer": ["b"], "score": 100, "feedback": "SECRET feedback on b of q"}
    assert failures("single", [test], texts=texts) == [(1, "ar", "TEST_NO_FEEDBACK")]


def test_part_of_the_points_is_compared_in_whole_percent():
    structure = {"choices": ["a", "b", "c", "d"], "correct": ["a", "b", "c"]}
    tests = [{"answer": ["a"], "score": 33}, {"answer": ["a", "b"], "score": 67}]
    assert failures("multiple", tests, structure=structure) == []


@given(st.integers(0, 300_000))
def test_percent_is_that_of_rounding_to_the_nearest(score):
    percent = questiontests._percent(score, 300_000)
    assert abs(percent - score / 3000) <= 0.5


@pytest.mark.parametrize(
    ("kind", "answer", "code", "sentence"),
    [
        (
            "single",
            ["z"],
            "TEST_UNREADABLE",
            "Test 1: “z” cannot be an answer to this question. “z” is not one of",
        ),
        ("single", ["a", "b"], "TEST_UNREADABLE", "You chose more than one answer."),
        ("single", "a", "TEST_UNREADABLE", "We could not read this answer."),
        ("numeric", "many", "TEST_UNREADABLE", "“many” is not a number."),
        ("single", [], "TEST_EMPTY", "Test 1 has no answer."),
        ("numeric", "13", "TEST_SCORE", "the answer “13” gets 100% of the points, but the test expects 0%."),
    ],
)
def test_test_that_cannot_be_run_or_fails_says_what_is_wrong(kind, answer, code, sentence):
    texts = {"en": words_of(kind, STRUCTURES[kind], "q", "en")}
    (found,) = failed_tests(
        kind_named(kind), STRUCTURES[kind], 1, texts, [{"answer": answer, "score": 0}], source="en"
    )
    assert found.problem.code == code
    assert sentence in found.problem.message


@pytest.mark.parametrize("kind", list(KINDS))
def test_answer_that_an_author_types_is_read_as_it_is_shown(kind):
    for answer in (RIGHT[kind], WRONG[kind]):
        assert answer_from_line(kind_named(kind), as_line(answer)) == answer


@given(st.text(max_size=60))
def test_no_line_is_more_than_an_answer_can_be(line):
    for kind in KINDS.values():
        answer = answer_from_line(kind, line)
        assert isinstance(answer, str | list | dict)
        texts = {"en": words_of(kind.name, STRUCTURES[kind.name], "q", "en")}
        tests = [{"answer": answer, "score": 50}]
        failed_tests(kind, STRUCTURES[kind.name], 1, texts, tests, source="en")


@pytest.mark.django_db
def test_publishing_is_refused_by_name_where_a_test_fails():
    quiz = make_quiz(["single", "numeric"])
    question = Question.objects.get(kind="single")
    question.tests = [{"answer": ["b"], "score": 100}, {"answer": ["a"], "score": 100}]
    question.save()
    with pytest.raises(QuizError) as refusal:
        actions.version_quiz(quiz=quiz)
    assert (refusal.value.code, refusal.value.params["questions"]) == ("FAILED_TESTS", ["single-1"])
    assert "Some questions of this quiz fail their tests: single-1." in refusal.value.message
    assert not QuestionVersion.objects.exists()
    (found,) = quiz_problems(quiz)
    assert (found.question, found.language, found.is_failed_test) == ("single-1", "en", True)
    question.tests = question.tests[:1]
    question.save()
    version = actions.version_quiz(quiz=quiz)
    # Tests are no part of what learners get: others make no new version.
    question.tests = []
    question.save()
    assert actions.version_quiz(quiz=quiz) == version


@pytest.mark.django_db
def test_incomplete_question_says_so_and_not_that_its_tests_fail():
    question = make_question(
        structure={"choices": ["a", "b"], "correct": []}, tests=[{"answer": ["a"], "score": 0}]
    )
    codes = [one.problem.code for one in question_problems(question, list(question.texts.all()))]
    assert codes == ["NO_CORRECT"]
    complete = make_question(tests=[{"answer": ["a"], "score": 100}])
    arabic = complete.texts.get(language="ar")
    arabic.texts["choices"].pop("a")
    arabic.save()
    found = question_problems(complete, list(complete.texts.all()))
    # An incomplete translation is not asked, so that no test is run with it.
    assert [(one.language, one.problem.code) for one in found] == [("en", "TEST_SCORE")]


@pytest.mark.django_db
class TestInTheAdmin:
    @pytest.mark.parametrize("kind", list(KINDS))
    def test_tests_go_through_the_form_unchanged(self, desk, kind):
        tests = [{"answer": RIGHT[kind], "score": 100}, {"answer": WRONG[kind], "score": 0}]
        question = make_question(kind, tests=tests)
        response = desk.post(change_url(question), form_of(desk, change_url(question)), follow=True)
        assert len(said(response)) == 1
        question.refresh_from_db()
        assert question.tests == tests

    def test_author_writes_a_test_and_is_told_that_it_fails(self, desk):
        question = make_question("multiple")
        form = form_of(desk, change_url(question))
        form |= {"tests-rows": "1", "tests-0-answer": "a, c", "tests-0-score": "50", "tests-0-feedback": ""}
        response = desk.post(change_url(question), form, follow=True)
        question.refresh_from_db()
        assert question.tests == [{"answer": ["a", "c"], "score": 50}]
        assert said(response)[0] == (
            "In “en”: Test 1: the answer “a, c” gets 100% of the points, but the test expects 50%. "
            "Correct the question or the test."
        )

    def test_row_that_is_half_empty_or_no_percentage_is_named(self, desk):
        question = make_question()
        form = form_of(desk, change_url(question))
        form |= {"tests-rows": "2", "tests-0-answer": "a", "tests-0-score": "", "tests-0-feedback": ""}
        form |= {"tests-1-answer": "b", "tests-1-score": "120", "tests-1-feedback": ""}
        response = desk.post(change_url(question), form)
        assert response.status_code == 200
        assert "Row 1: fill in “Percentage of the points” too." in response.text
        assert (
            "Row 2: “120” cannot be used in “Percentage of the points”. Write a whole number from 0 to 100."
            in (response.text)
        )
        assert 'name="tests-1-score" value="120"' in response.text
        question.refresh_from_db()
        assert question.tests == []
