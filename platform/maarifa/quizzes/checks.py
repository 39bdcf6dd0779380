"""What keeps a quiz from being published, all of it at once."""

from dataclasses import dataclass

from maarifa.lib.models import TranslatedText
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Question, Quiz
from maarifa.quizzes.refusals import Problem


@dataclass(frozen=True)
class QuestionProblem:
    """A problem, and the question and the language it is in; no language where it is in the structure."""

    question: str
    language: str
    problem: Problem


def question_problems(question: Question, texts: list) -> list[QuestionProblem]:
    """What is wrong with a question and its words (its rows `texts`); nothing, for one that can be asked."""
    kind = kind_named(question.kind)
    found = [
        QuestionProblem(question.key, "", problem) for problem in kind.structure_problems(question.structure)
    ]
    if found:
        return found
    if not any(text.state == TranslatedText.State.SOURCE for text in texts):
        found.append(QuestionProblem(question.key, "", Problem("MISSING", "words")))
    for text in texts:
        found += [
            QuestionProblem(question.key, text.language, problem)
            for problem in kind.words_problems(question.structure, text.words)
        ]
    return found


def quiz_problems(quiz: Quiz) -> list[QuestionProblem]:
    """What is wrong with the questions that a quiz draws from. Two queries."""
    questions = Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True).prefetch_related(
        "texts"
    )
    return [
        problem
        for question in questions
        for problem in question_problems(question, list(question.texts.all()))
    ]
