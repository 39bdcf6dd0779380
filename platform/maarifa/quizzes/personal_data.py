"""What this app holds of people."""

from maarifa.lib.personal_data import PersonalDataEntry
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import POINT, Response, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion
from maarifa.quizzes.texts import texts_for

_KEPT = "until the account is erased; then without a name"
_FIGURES = "figures of a question stay right; the row points to an account that names nobody any more"


def _question(row: AttemptQuestion) -> str:
    """What was asked, in the words shown. Questions of an exam are asked again: of them the name alone."""
    if _is_secret(row):
        return row.question_version.question.key
    stem: str = texts_for(row.question_version, row.attempt.language).texts["stem"]
    return stem


def _answer(row: AttemptQuestion) -> Response | list[str] | None:
    """What was answered: what was chosen in its words, or what was typed as it was."""
    if row.response is None or isinstance(row.response, str) or _is_secret(row):
        return row.response
    version, texts = row.question_version, texts_for(row.question_version, row.attempt.language)
    kind = kind_named(version.kind)
    order = kind.choice_keys(version.structure)
    shown = kind.shows(version.structure, texts.texts, order, texts.language)
    return kind.said(shown, row.response)


def _is_secret(row: AttemptQuestion) -> bool:
    return row.attempt.quiz.bank.kind == BankKind.EXAM


def _points(row: Attempt | AttemptQuestion) -> float | None:
    return None if row.score is None else row.score / POINT


PERSONAL_DATA = [
    *(
        PersonalDataEntry(
            model=f"quizzes.{name}",
            fields={"reviewed_by": "who said that the translation is reviewed", "reviewed_at": "when"},
            purpose="to know who answers for a translation",
            retention="until somebody else reviews it",
            on_erasure="keep",
            why="it points to the account, which names nobody any more",
            person="reviewed_by",
        )
        for name in ("QuestionText", "HistoricalQuestionText")
    ),
    PersonalDataEntry(
        model="quizzes.AttemptQuestion",
        fields={
            "question_version": "what was asked",
            "response": "the answer given",
            "answered_at": "when it was given",
            "form_id": "on which loading of the page",
            "score": "what it was worth",
        },
        purpose="to grade the attempt, and to show the learner how it went",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        person="attempt__learner",
        says={"question_version": _question, "response": _answer, "score": _points},
        joins=("question_version__question", "attempt__quiz__bank"),
    ),
    PersonalDataEntry(
        model="quizzes.Attempt",
        fields={
            "learner": "who tries",
            "quiz": "which quiz",
            "number": "which of their attempts it is",
            "language": "in which language",
            "started_at": "when it began",
            "saved_at": "when answers last arrived",
            "submitted_at": "when it was submitted",
            "late": "whether that was too late",
            "score": "the points",
            "passed": "whether it was passed",
        },
        purpose="to let the learner answer, and to award the certificate",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        says={"score": _points},
    ),
    PersonalDataEntry(
        model="quizzes.AttemptGrant",
        fields={
            "learner": "who may try once more",
            "quiz": "which quiz",
            "number": "which of their attempts that allows",
            "granted_at": "when it was granted",
            "reason": "why",
        },
        purpose="to let the learner try again, and to say why they may",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
    ),
    PersonalDataEntry(
        model="quizzes.AttemptGrant",
        fields={"granted_by": "who granted it", "granted_at": "when"},
        purpose="to see who let somebody try again",
        retention="for good",
        on_erasure="keep",
        why="it points to the account, which names nobody any more",
        person="granted_by",
    ),
    *(
        PersonalDataEntry(
            model=f"quizzes.Historical{name}",
            fields={"history_user": "who changed it", "history_date": "when"},
            purpose="to see how a question came to be what it is, and whom to ask",
            retention="for good",
            on_erasure="keep",
            why="it points to the account, which names nobody any more",
            person="history_user",
        )
        for name in ("Question", "QuestionText", "Quiz")
    ),
    PersonalDataEntry.nothing("quizzes.Bank", why="a pool of questions"),
    PersonalDataEntry.nothing("quizzes.Question", why="what is asked; who changed it stands in its history"),
    PersonalDataEntry.nothing("quizzes.QuestionVersion", why="what was asked"),
    PersonalDataEntry.nothing("quizzes.Quiz", why="the rules of a quiz"),
    PersonalDataEntry.nothing("quizzes.QuizVersion", why="the rules of a quiz as they were published"),
    PersonalDataEntry.nothing("quizzes.PoolEntry", why="which questions a published quiz draws from"),
]
