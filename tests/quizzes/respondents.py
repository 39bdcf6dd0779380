"""Many people's answers to a quiz at once, graded as an attempt is, without the way there."""

from datetime import timedelta

from maarifa.accounts.models import User
from maarifa.quizzes.grading import grade, maximum
from maarifa.quizzes.models import Attempt, AttemptQuestion, QuestionVersion
from tests.factories.quizzes import MONDAY

MINUTE = timedelta(minutes=1)


def respond(version, sheets, *, language="en", number=1, people=None, late="", seconds=None) -> list[Attempt]:
    """An attempt of somebody new, or of these people, for each sheet: a dict from the keys of the questions that were
    asked to the answers, None where one was left out. `seconds`: so long after the start came each answer.
    """
    pool = {
        one.question.key: one
        for one in QuestionVersion.objects.filter(quiz_versions=version).select_related("question")
    }
    if people is None:
        before = User.objects.count()
        people = User.objects.bulk_create(
            User(username=f"respondent-{before + position}") for position in range(len(sheets))
        )
    attempts, rows = [], []
    for person, sheet in zip(people, sheets, strict=True):
        result = grade(
            ((pool[key], response) for key, response in sheet.items()),
            pass_percent=version.rules["pass_percent"],
        )
        attempt = Attempt(
            learner=person,
            quiz_id=version.quiz_id,
            quiz_version=version,
            number=number,
            seed=1,
            language=language,
            rules={
                "pass_percent": version.rules["pass_percent"],
                "attempts": None,
                "wait_minutes": 0,
                "deadline": None,
            },
            started_at=MONDAY,
            saved_at=MONDAY + 10 * MINUTE,
            submitted_at=MONDAY + 10 * MINUTE,
            late=late,
            score=result.score,
            maximum=maximum(pool[key] for key in sheet),
            passed=result.passed,
        )
        attempts.append(attempt)
        for position, ((key, response), score) in enumerate(
            zip(sheet.items(), result.scores, strict=True), 1
        ):
            after = timedelta(seconds=seconds[position - 1]) if seconds else 5 * MINUTE
            rows.append(
                AttemptQuestion(
                    attempt=attempt,
                    position=position,
                    question_version=pool[key],
                    response=response,
                    answered_at=None if response is None else MONDAY + after,
                    score=score,
                )
            )
    Attempt.objects.bulk_create(attempts, batch_size=500)
    answered = [row for row in rows if row.response is not None]
    # Apart: in a bulk insert with others None becomes what the others are.
    AttemptQuestion.objects.bulk_create(answered, batch_size=500)
    AttemptQuestion.objects.bulk_create([row for row in rows if row.response is None], batch_size=500)
    return attempts
