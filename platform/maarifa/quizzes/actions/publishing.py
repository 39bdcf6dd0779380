"""Publishing a quiz."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.lib.digests import digest_of
from maarifa.quizzes.checks import question_problems, source_of, text_problems
from maarifa.quizzes.models import (
    STALE,
    PoolEntry,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from maarifa.quizzes.refusals import QuizRefusal


def version_quiz(*, quiz: Quiz, at: datetime | None = None) -> QuizVersion:
    """The quiz as it stands now, never to change again: its rules, and a version of each question not
    retired.

    What has not changed since an earlier version is not made again: the same content gives the same rows.
    Refuses INVALID_QUESTIONS (questions) and TOO_FEW_QUESTIONS (draw, found), also of a cell;
    `checks.quiz_problems` says what is wrong, question by question.
    """
    at = at or timezone.now()
    questions = list(
        Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True)
        .order_by("position", "id")
        .prefetch_related("texts")
    )
    incomplete = [
        question.key for question in questions if question_problems(question, list(question.texts.all()))
    ]
    if incomplete:
        raise QuizRefusal("INVALID_QUESTIONS", questions=incomplete)
    if len(questions) < quiz.draw:
        raise QuizRefusal("TOO_FEW_QUESTIONS", draw=quiz.draw, found=len(questions))
    for cell in cells_of(quiz, questions):
        if len(cell["questions"]) < cell["count"]:
            raise QuizRefusal("TOO_FEW_QUESTIONS", draw=cell["count"], found=len(cell["questions"]))
    try:
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)
    except IntegrityError:
        # Somebody published the same at the same moment: their rows are there now, and serve us as well.
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)


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


def _version_quiz(quiz: Quiz, questions: list[Question], at: datetime) -> QuizVersion:
    pool = _version_questions(questions, at)
    rules = {
        "draw": quiz.draw,
        "pass_percent": quiz.pass_percent,
        "attempts": quiz.attempts,
        "wait_minutes": quiz.wait_minutes,
        "minutes": quiz.minutes,
    }
    if quiz.cells:
        rules["cells"] = cells_of(quiz, questions)
    asked = [[question.key, version.digest] for question, version in zip(questions, pool, strict=True)]
    digest = digest_of({"rules": rules, "pool": asked})
    earlier = list(QuizVersion.objects.filter(quiz=quiz).order_by("number"))
    same = next((version for version in earlier if version.digest == digest), None)
    if same:
        return same
    number = earlier[-1].number + 1 if earlier else 1
    made = QuizVersion.objects.create(quiz=quiz, number=number, rules=rules, digest=digest, made_at=at)
    PoolEntry.objects.bulk_create(
        PoolEntry(quiz_version=made, question_version=version, position=position)
        for position, version in enumerate(pool, start=1)
    )
    return made


def _version_questions(questions: list[Question], at: datetime) -> list[QuestionVersion]:
    earlier: dict[int, list[QuestionVersion]] = {question.pk: [] for question in questions}
    known = QuestionVersion.objects.filter(question__in=earlier).only("question_id", "number", "digest")
    for version in known.order_by("number"):
        earlier[version.question_id].append(version)
    versions, new = [], []
    for question in questions:
        content = _content(question)
        digest = digest_of(content)
        version = next((version for version in earlier[question.pk] if version.digest == digest), None)
        if version is None:
            number = earlier[question.pk][-1].number + 1 if earlier[question.pk] else 1
            version = QuestionVersion(question=question, number=number, digest=digest, made_at=at, **content)
            new.append(version)
        versions.append(version)
    QuestionVersion.objects.bulk_create(new)
    return versions


def _content(question: Question) -> dict:
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
