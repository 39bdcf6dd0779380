"""Corrections of how a question is graded."""

from maarifa.quizzes.actions import apply_regrade, regrade_question
from maarifa.quizzes.models import AttemptQuestion, Question, QuestionVersion, Regrade, RegradedAnswer
from maarifa.quizzes.regrading import Correction
from tests.factories.quizzes import MONDAY


def correction_of(version: QuestionVersion, method="everyone", **more) -> Correction:
    version = QuestionVersion.objects.get(pk=version.pk)
    question = Question.objects.get(pk=version.question_id)
    return Correction(question=question, versions=(version,), method=method, **more)


def regraded(version, method="everyone", *, by, note="The key was wrong.", at=MONDAY, **more) -> Regrade:
    """Corrected and applied to the end."""
    lowers = more.get("lower", False)
    correction = correction_of(version, method, **more)
    row = regrade_question(correction=correction, note=note, by=by, lowers=lowers, at=at)
    assert apply_regrade(regrade_id=row.pk, at=at, turn=0)
    row.refresh_from_db()
    return row


def regraded_answer(attempt, *, by) -> RegradedAnswer:
    """A row about this attempt, as a regrade of its first question would write it."""
    asked = (
        AttemptQuestion.objects.select_related("question_version__question").filter(attempt=attempt).first()
    )
    regrade = Regrade.objects.create(
        question=asked.question_version.question,
        versions=[1],
        method="everyone",
        note="The key was wrong.",
        by=by,
        state="done",
        finished_at=MONDAY,
    )
    return RegradedAnswer.objects.create(
        regrade=regrade,
        attempt_question=asked,
        score_before=0,
        score_after=100_000,
        attempt_before=0,
        attempt_after=100_000,
        maximum_before=attempt.maximum,
        maximum_after=attempt.maximum,
        passed_before=False,
        passed_after=False,
    )
