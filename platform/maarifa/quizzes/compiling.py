"""From a quiz as its authors have it to what a version of it holds. Pure: nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from maarifa.lib.digests import digest_of
from maarifa.quizzes.checks import source_of, text_problems
from maarifa.quizzes.enums import ReviewRule
from maarifa.quizzes.models import STALE, Question, QuestionVersion, Quiz, QuizVersion
from maarifa.quizzes.stored import CellWithQuestions, QuestionContent, QuizRules


@dataclass(frozen=True)
class CompiledQuiz:
    """`questions` are the keys in the order of the pool, each with the content that a version of it keeps."""

    rules: QuizRules
    questions: dict[str, QuestionContent]

    @property
    def digest(self) -> str:
        """That of the version which says exactly this."""
        asked = [[key, digest_of(content)] for key, content in self.questions.items()]
        return digest_of({"rules": self.rules, "pool": asked})


def compile_quiz(quiz: Quiz) -> CompiledQuiz:
    """What a version made now would hold. `checks.quiz_problems` must have found nothing. Two queries."""
    return compile_questions(quiz, questions_of(quiz))


def compile_questions(quiz: Quiz, questions: list[Question]) -> CompiledQuiz:
    rules = QuizRules(
        draw=quiz.draw,
        pass_percent=quiz.pass_percent,
        attempts=quiz.attempts,
        wait_minutes=quiz.wait_minutes,
        minutes=quiz.minutes,
    )
    if quiz.review != ReviewRule.ALL.value:
        rules["review"] = quiz.review
    if quiz.time_limit:
        rules["time_limit"] = quiz.time_limit
    if quiz.cells:
        rules["cells"] = cells_of(quiz, questions)
    return CompiledQuiz(rules, {question.key: content_of(question) for question in questions})


def described(version: QuizVersion) -> CompiledQuiz:
    """What a version holds, in the form that `compile_quiz` gives. One query."""
    entries = version.entries.select_related("question_version__question").order_by("position")
    pool = [entry.question_version for entry in entries]
    return CompiledQuiz(version.rules, {one.question.key: _kept(one) for one in pool})


def questions_of(quiz: Quiz) -> list[Question]:
    """What it asks, in order, with the texts."""
    return list(
        Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True)
        .order_by("position", "id")
        .prefetch_related("texts")
    )


def cells_of(quiz: Quiz, questions: Iterable[Question]) -> list[CellWithQuestions]:
    """The quiz's cells, each with the keys of its `questions`."""
    return [
        {
            **cell,
            "questions": [
                question.key
                for question in questions
                if (question.outcome_key, question.level) == (cell["outcome"], cell["level"])
            ],
        }
        for cell in quiz.cells
    ]


def content_of(question: Question) -> QuestionContent:
    """What a version keeps. Translations with holes are left out: the source words are shown instead.

    Raises ValueError for a question without a source text, which `checks` find.
    """
    texts = sorted(question.texts.all(), key=lambda text: text.language)
    source = source_of(texts)
    if source is None:
        raise ValueError(f"{question} has no source text")
    complete = [text for text in texts if text == source or not text_problems(question, text)]
    return {
        "kind": question.kind,
        "points": question.points,
        "lesson_key": question.lesson_key,
        "structure": question.structure,
        "texts": {text.language: text.texts for text in complete},
        "states": {
            text.language: STALE if text.is_stale(source.digest()) else text.state for text in complete
        },
        "source_language": source.language,
    }


def _kept(version: QuestionVersion) -> QuestionContent:
    return {
        "kind": version.kind,
        "points": version.points,
        "lesson_key": version.lesson_key,
        "structure": version.structure,
        "texts": version.texts,
        "states": version.states,
        "source_language": version.source_language,
    }
