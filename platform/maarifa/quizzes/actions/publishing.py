"""Publishing a quiz."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.lib.digests import digest_of
from maarifa.quizzes.checks import question_problems
from maarifa.quizzes.compiling import cells_of, compile_questions, content_of, questions_of
from maarifa.quizzes.enums import Level
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import PoolEntry, Question, QuestionVersion, Quiz, QuizVersion


def version_quiz(*, quiz: Quiz, at: datetime | None = None) -> QuizVersion:
    """The quiz as it stands now, never to change again: its rules, and a version of each question not
    retired.

    What has not changed since an earlier version is not made again: the same content gives the same rows.
    Refuses INVALID_QUESTIONS and FAILED_TESTS (questions), TOO_FEW_QUESTIONS (draw, found) and TOO_FEW_IN_CELL (draw,
    found, outcome, level); `checks.quiz_problems` says what is wrong, question by question.
    """
    at = at or timezone.now()
    questions = questions_of(quiz)
    problems = [
        one for question in questions for one in question_problems(question, list(question.texts.all()))
    ]
    incomplete = dict.fromkeys(one.question for one in problems if not one.is_failed_test)
    if incomplete:
        raise QuizError("INVALID_QUESTIONS", questions=list(incomplete))
    if problems:
        raise QuizError("FAILED_TESTS", questions=list(dict.fromkeys(one.question for one in problems)))
    if len(questions) < quiz.draw:
        raise QuizError("TOO_FEW_QUESTIONS", draw=quiz.draw, found=len(questions))
    for cell in cells_of(quiz, questions):
        if len(cell["questions"]) < cell["count"]:
            raise QuizError(
                "TOO_FEW_IN_CELL",
                draw=cell["count"],
                found=len(cell["questions"]),
                outcome=cell["outcome"],
                level=str(Level(cell["level"]).label),
            )
    try:
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)
    except IntegrityError:
        # Somebody published the same at the same moment: their rows are there now, and serve us as well.
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)


def _version_quiz(quiz: Quiz, questions: list[Question], at: datetime) -> QuizVersion:
    pool = _version_questions(questions, at)
    compiled = compile_questions(quiz, questions)
    rules, digest = compiled.rules, compiled.digest
    earlier = list(QuizVersion.objects.filter(quiz=quiz).order_by("number"))
    same = next((version for version in earlier if version.digest == digest), None)
    if same:
        return same
    number = earlier[-1].number + 1 if earlier else 1
    quiz_version = QuizVersion.objects.create(
        quiz=quiz, number=number, rules=rules, digest=digest, made_at=at
    )
    PoolEntry.objects.bulk_create(
        PoolEntry(quiz_version=quiz_version, question_version=version, position=position)
        for position, version in enumerate(pool, start=1)
    )
    return quiz_version


def _version_questions(questions: list[Question], at: datetime) -> list[QuestionVersion]:
    earlier: dict[int, list[QuestionVersion]] = {question.pk: [] for question in questions}
    known = QuestionVersion.objects.filter(question__in=earlier).only("question_id", "number", "digest")
    for one in known.order_by("number"):
        earlier[one.question_id].append(one)
    versions: list[QuestionVersion] = []
    new: list[QuestionVersion] = []
    for question in questions:
        content = content_of(question)
        digest = digest_of(content)
        version = next((version for version in earlier[question.pk] if version.digest == digest), None)
        if version is None:
            number = earlier[question.pk][-1].number + 1 if earlier[question.pk] else 1
            version = QuestionVersion(question=question, number=number, digest=digest, made_at=at, **content)
            new.append(version)
        versions.append(version)
    QuestionVersion.objects.bulk_create(new)
    return versions
