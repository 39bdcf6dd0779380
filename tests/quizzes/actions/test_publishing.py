"""Publishing a quiz."""

import pytest

from maarifa.lib.digests import short_digest
from maarifa.quizzes import actions
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import PoolEntry, Question, QuestionVersion, QuizVersion
from tests.factories.quizzes import (
    MONDAY,
    make_question,
    make_quiz,
    words_of,
)

pytestmark = pytest.mark.django_db


def test_version_quiz_keeps_rules_questions_and_words():
    quiz = make_quiz(draw=2, attempts=5, wait_minutes=30, pass_percent=60)
    version = actions.version_quiz(quiz=quiz, at=MONDAY)
    assert (version.number, version.made_at) == (1, MONDAY)
    rules = {"draw": 2, "pass_percent": 60, "attempts": 5, "wait_minutes": 30, "minutes": 10}
    assert version.rules == rules
    asked = [entry.question_version for entry in version.entries.select_related("question_version__question")]
    assert [one.question.key for one in asked] == ["single-1", "multiple-2", "truefalse-3", "numeric-4"]
    first = asked[0]
    assert first.structure == {"choices": ["a", "b", "c"], "correct": ["b"]}
    assert first.texts == {
        language: words_of("single", first.structure, "single-1", language) for language in ("en", "ar")
    }
    assert (first.source_language, first.states) == ("en", {"en": "source", "ar": "machine"})


def test_version_quiz_gives_the_same_version_where_nothing_changed():
    quiz = make_quiz()
    first = actions.version_quiz(quiz=quiz)
    assert actions.version_quiz(quiz=quiz) == first
    assert (QuizVersion.objects.count(), QuestionVersion.objects.count(), PoolEntry.objects.count()) == (
        1,
        4,
        4,
    )


def test_version_quiz_makes_anew_only_what_changed():
    quiz = make_quiz()
    first = actions.version_quiz(quiz=quiz)
    question = Question.objects.get(key="single-1")
    question.structure = {**question.structure, "correct": ["c"]}
    question.save()
    second = actions.version_quiz(quiz=quiz)
    assert (first.number, second.number) == (1, 2)
    assert [version.number for version in question.versions.all()] == [1, 2]
    assert QuestionVersion.objects.count() == 5
    question.structure = {**question.structure, "correct": ["b"]}
    question.save()
    assert actions.version_quiz(quiz=quiz) == first


def test_version_quiz_makes_a_new_version_for_new_rules():
    quiz = make_quiz()
    actions.version_quiz(quiz=quiz)
    quiz.pass_percent = 80
    quiz.save()
    second = actions.version_quiz(quiz=quiz)
    assert (second.number, second.rules["pass_percent"], second.entries.count()) == (2, 80, 4)
    assert QuestionVersion.objects.count() == 4


def test_version_quiz_leaves_out_what_is_retired():
    quiz = make_quiz(draw=3)
    Question.objects.filter(key="numeric-4").update(retired_at=MONDAY)
    version = actions.version_quiz(quiz=quiz)
    assert [entry.question_version.kind for entry in version.entries.all()] == [
        "single",
        "multiple",
        "truefalse",
    ]


def test_version_quiz_refuses_questions_that_are_not_complete():
    quiz = make_quiz()
    text = Question.objects.get(key="numeric-4").texts.get(language="en")
    text.texts = {"stem": ""}
    text.save()
    Question.objects.get(key="single-1").texts.all().delete()
    with pytest.raises(QuizError) as caught:
        actions.version_quiz(quiz=quiz)
    assert caught.value.code == "INVALID_QUESTIONS"
    assert caught.value.params == {"questions": ["single-1", "numeric-4"]}
    assert str(caught.value) == (
        "Some questions of this quiz are not complete: single-1, numeric-4. Complete them before you publish."
    )
    assert QuestionVersion.objects.count() == 0


def test_version_quiz_refuses_to_draw_more_than_there_is():
    quiz = make_quiz(draw=5)
    with pytest.raises(QuizError) as caught:
        actions.version_quiz(quiz=quiz)
    assert (caught.value.code, caught.value.params) == ("TOO_FEW_QUESTIONS", {"draw": 5, "found": 4})


def test_version_quiz_names_the_outcome_and_level_that_have_too_few():
    quiz = make_quiz(draw=2)
    quiz.cells = [{"outcome": "find-a-rule", "level": "judgement", "count": 2}]
    quiz.save()
    with pytest.raises(QuizError) as caught:
        actions.version_quiz(quiz=quiz)
    assert caught.value.code == "TOO_FEW_IN_CELL"
    assert str(caught.value) == (
        "This quiz does not have enough questions for the outcome “find-a-rule” at the level “judgement”. "
        "It needs 2, but the bank has only 0. Add questions or choose fewer."
    )


def test_version_quiz_leaves_out_a_translation_with_holes_and_marks_a_stale_one():
    quiz = make_quiz(["single", "truefalse"])
    hole = Question.objects.get(key="single-1").texts.get(language="ar")
    del hole.texts["choices"]["b"]
    hole.save()
    source = Question.objects.get(key="truefalse-2").texts.get(language="en")
    source.texts = {**source.texts, "stem": "Was it so?"}
    source.save()
    version = actions.version_quiz(quiz=quiz)
    first, second = [entry.question_version for entry in version.entries.all()]
    assert (list(first.texts), first.states) == (["en"], {"en": "source"})
    assert second.states == {"en": "source", "ar": "stale"}


@pytest.mark.parametrize("count", [3, 10])
def test_version_quiz_asks_the_database_as_often_for_ten_questions_as_for_three(
    count, django_assert_num_queries
):
    quiz = make_quiz(["single"] * count)
    with django_assert_num_queries(9):
        actions.version_quiz(quiz=quiz)


def test_make_question_marks_the_translation_as_made_from_the_source():
    question = make_question()
    source, translation = question.texts.order_by("-language")
    assert translation.source_digest == short_digest(source.texts) == source.digest()
