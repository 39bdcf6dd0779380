"""What keeps a quiz from being published, all of it at once."""

from dataclasses import dataclass

from maarifa.lib.models import TranslatedText
from maarifa.lib.problems import Problem
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.kinds.problems import problem
from maarifa.quizzes.models import Question, QuestionText, Quiz
from maarifa.quizzes.questiontests import failed_tests


@dataclass(frozen=True)
class QuestionProblem:
    """A problem, the question, and the language where it is in the words."""

    question: str
    language: str
    problem: Problem

    @property
    def is_failed_test(self) -> bool:
        return self.problem.where == "tests"


def question_problems(question: Question, texts: list[QuestionText]) -> list[QuestionProblem]:
    """What is wrong with a question (`texts` are its rows); nothing, for one that can be asked.

    Only the source words count: a translation that lags behind is left out until it is complete. The tests that the
    question carries are run once nothing else is wrong, in every language that is complete.
    """
    kind = kind_named(question.kind)
    structural = kind.structure_problems(question.structure)
    if structural:
        return [QuestionProblem(question.key, "", one) for one in structural]
    source = source_of(texts)
    if source is None:
        return [QuestionProblem(question.key, "", problem("NO_SOURCE", "texts"))]
    wrong = text_problems(question, source)
    if wrong or not question.tests:
        return [QuestionProblem(question.key, source.language, one) for one in wrong]
    complete = {text.language: text.texts for text in texts if not text_problems(question, text)}
    failed = failed_tests(
        *(kind, question.structure, question.points, complete, question.tests), source=source.language
    )
    return [QuestionProblem(question.key, one.language, one.problem) for one in failed]


def text_problems(question: Question, text: QuestionText) -> list[Problem]:
    """What is missing or too much in the words of one language."""
    return kind_named(question.kind).texts_problems(question.structure, text.texts)


def source_of(texts: list[QuestionText]) -> QuestionText | None:
    return next((text for text in texts if text.state == TranslatedText.State.SOURCE), None)


def quiz_problems(quiz: Quiz) -> list[QuestionProblem]:
    """What is wrong with the questions that a quiz draws from. Two queries."""
    questions = Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True)
    return [
        question_problem
        for question in questions.prefetch_related("texts")
        for question_problem in question_problems(question, list(question.texts.all()))
    ]


def title_of(question: Question) -> str:
    """What people know it by: what it asks, in its source language; its key while nothing is written."""
    source = source_of(list(question.texts.all()))
    return (source.texts.get("stem") if source else "") or question.key
