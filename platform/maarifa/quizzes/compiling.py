"""From a quiz as its authors have it to what a version of it holds. Pure: nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from maarifa.lib.digests import digest_of
from maarifa.quizzes.checks import source_of, text_problems
from maarifa.quizzes.models import STALE, Question, Quiz, QuizVersion

RULES = ("draw", "pass_percent", "attempts", "wait_minutes", "minutes")


@dataclass(frozen=True)
class CompiledQuiz:
    """`questions` are the keys in the order of the pool, each with the content that a version of it keeps."""

    rules: dict
    questions: dict[str, dict]

    @property
    def digest(self) -> str:
        """That of the version which says exactly this."""
        asked = [[key, digest_of(content)] for key, content in self.questions.items()]
        return digest_of({"rules": self.rules, "pool": asked})


def compile_quiz(quiz: Quiz) -> CompiledQuiz:
    """What a version made now would hold. `checks.quiz_problems` must have found nothing. Two queries."""
    return compile_questions(quiz, questions_of(quiz))


def compile_questions(quiz: Quiz, questions: list[Question]) -> CompiledQuiz:
    rules = {name: getattr(quiz, name) for name in RULES}
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


def cells_of(quiz: Quiz, questions: Iterable[Question]) -> list[dict]:
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


def content_of(question: Question) -> dict:
    """What a version keeps. Translations with holes are left out: the source words are shown instead."""
    texts = sorted(question.texts.all(), key=lambda text: text.language)
    source = source_of(texts)
    complete = [text for text in texts if text == source or not text_problems(question, text)]
    return {
        "kind": question.kind,
        "points": question.points,
        "lesson_key": question.lesson_key,
        "structure": question.structure,
        "words": {text.language: text.words for text in complete},
        "states": {
            text.language: STALE if text.is_stale(source.digest()) else text.state for text in complete
        },
        "source_language": source.language,
    }


def _kept(version) -> dict:
    names = ("kind", "points", "lesson_key", "structure", "words", "states", "source_language")
    return {name: getattr(version, name) for name in names}
