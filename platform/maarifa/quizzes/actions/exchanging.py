"""Questions that come from files of other systems, or go into them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.quizzes.exchange.exporting import ExportPlan
from maarifa.quizzes.exchange.planning import PlannedQuestion
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import Bank, Question, QuestionText


def import_questions(
    *,
    bank: Bank,
    questions: Iterable[PlannedQuestion],
    file: str,
    format_name: str,
    language: str,
    by: User | None,
    at: datetime | None = None,
) -> list[Question]:
    """Add these questions behind those of the bank, all or none, with their source text in this language.

    Their history and the audit log say who and when. Refuses NOTHING without questions, and STALE where a key is taken
    by now, so that a plan that is sent twice is carried out once, or where a kind no longer accepts a question.
    """
    at, planned = at or timezone.now(), list(questions)
    if not planned:
        raise ExchangeError("NOTHING")
    if not all(map(_is_complete, planned)):
        raise ExchangeError("STALE")
    try:
        with transaction.atomic():
            last = bank.questions.aggregate(last=Max("position"))["last"]
            rows = [
                Question(
                    bank=bank,
                    key=question.key,
                    position=place,
                    kind=question.kind,
                    points=question.points,
                    lesson_key=question.lesson,
                    outcome_key=question.outcome,
                    level=question.level,
                    structure=question.structure,
                )
                for place, question in enumerate(planned, start=0 if last is None else last + 1)
            ]
            made: list[Question] = bulk_create_with_history(rows, Question, default_user=by, default_date=at)
            texts = [
                QuestionText(question=row, language=language, texts=question.texts)
                for row, question in zip(made, planned, strict=True)
            ]
            bulk_create_with_history(texts, QuestionText, default_user=by, default_date=at)
            record_audit(
                actor=by,
                action="questions.imported",
                details={
                    "bank": bank.key,
                    "file": file,
                    "format": format_name,
                    "language": language,
                    "questions": [question.key for question in planned],
                },
                at=at,
            )
    except IntegrityError:
        raise ExchangeError("STALE")
    return made


def note_export(*, plan: ExportPlan, by: User | None, at: datetime | None = None) -> None:
    """Write into the audit log that the questions of a bank were exported, with their keys: before the file is handed
    over.
    """
    with transaction.atomic():
        record_audit(
            actor=by,
            action="questions.exported",
            details={
                "bank": plan.bank.key,
                "format": plan.format.name,
                "language": plan.language,
                "questions": [question.name for question in plan.questions],
            },
            at=at,
        )


def _is_complete(question: PlannedQuestion) -> bool:
    kind = KINDS.get(question.kind)
    return kind is not None and not (
        kind.structure_problems(question.structure) or kind.texts_problems(question.structure, question.texts)
    )
