"""A quiz with a question whose key may be wrong, and attempts at it."""

from datetime import timedelta

from maarifa.accounts.models import User
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, AttemptQuestion, QuestionVersion
from tests.factories.quizzes import MONDAY, RIGHT, STRUCTURES, WRONG, make_attempt, submit

DAY = timedelta(days=1)
ALSO_A = {"structure": {**STRUCTURES["single"], "correct": ["a"]}}


def asked(quiz_version, kind="single") -> QuestionVersion:
    return quiz_version.pool.get(kind=kind)


def learner(name) -> User:
    return User.objects.create_user(name)


def answered(quiz_version, *, single, truefalse=True, name="amina", at=MONDAY) -> Attempt:
    """A submitted attempt with these answers, each right or not; `single` may be a response."""
    person = User.objects.filter(username=name).first() or learner(name)
    attempt = make_attempt(learner=person, quiz_version=quiz_version, at=at)
    wanted = {"single": single, "truefalse": truefalse}
    rows = attempt.questions.select_related("question_version")
    responses = {}
    for row in rows:
        kind = row.question_version.kind
        given = wanted.get(kind, True)
        responses[str(row.position)] = (RIGHT if given else WRONG)[kind] if isinstance(given, bool) else given
    return submit(attempt, responses, at=at)


def points(attempt) -> tuple[float, float, bool]:
    attempt.refresh_from_db()
    return attempt.score / POINT, attempt.maximum / POINT, attempt.passed


def row_of(attempt, kind="single") -> AttemptQuestion:
    return attempt.questions.get(question_version__kind=kind)


def failed_twice(version, *, single, truefalse=True, name="amina"):
    answered(version, single=single, truefalse=truefalse, name=name)
    return answered(version, single=single, truefalse=truefalse, name=name, at=MONDAY + DAY)
