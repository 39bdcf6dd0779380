"""What this app holds of people."""

from maarifa.lib.personal_data import PersonalDataEntry
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import POINT, Response, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion, LateAnswers, TimeExtension
from maarifa.quizzes.texts import texts_for

_KEPT = "until the account is erased, then without a name"
_FIGURES = (
    "the statistics of a question stay correct; the account that the row refers to no longer names anyone"
)


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
    shown = kind.shows_after(version.structure, texts.texts, order, texts.language, row.response)
    return kind.said(shown, row.response)


def _is_secret(row: AttemptQuestion) -> bool:
    return row.attempt.quiz.bank.kind == BankKind.EXAM


def _attempt(row: TimeExtension | LateAnswers) -> str:
    return str(row.attempt)


def _points(row: Attempt | AttemptQuestion) -> float | None:
    return _in_points(row.score)


def _in_points(score: int | None) -> float | None:
    return None if score is None else score / POINT


PERSONAL_DATA = [
    *(
        PersonalDataEntry(
            model=f"quizzes.{name}",
            fields={"reviewed_by": "the person who reviewed the translation", "reviewed_at": "when"},
            purpose="to know who is responsible for a translation",
            retention="until someone else reviews it",
            on_erasure="keep",
            why="it refers to the account, which no longer names anyone",
            person="reviewed_by",
        )
        for name in ("QuestionText", "HistoricalQuestionText")
    ),
    PersonalDataEntry(
        model="quizzes.AttemptQuestion",
        fields={
            "question_version": "the question",
            "response": "the answer given",
            "answered_at": "when it was given",
            "form_id": "the copy of the form from which it was sent",
            "score": "the points for it",
            "dropped": "whether the question does not count",
        },
        purpose="to grade the attempt and show the learner the result",
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
            "learner": "the learner",
            "quiz": "the quiz",
            "number": "the number of the attempt",
            "language": "the language",
            "started_at": "when it was started",
            "saved_at": "when answers were last received",
            "ends_at": "when its time was over",
            "submitted_at": "when it was submitted",
            "timed_out": "whether it was ended because the time was over",
            "late": "whether it was submitted late",
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
            "learner": "the learner who was given another attempt",
            "quiz": "the quiz",
            "number": "the number of the attempt that was allowed",
            "granted_at": "when it was granted",
            "reason": "why",
        },
        purpose="to give the learner another attempt and record the reason",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
    ),
    PersonalDataEntry(
        model="quizzes.AttemptGrant",
        fields={"granted_by": "the person who granted it", "granted_at": "when"},
        purpose="to see who granted the attempt",
        retention="permanently",
        on_erasure="keep",
        why="it refers to the account, which no longer names anyone",
        person="granted_by",
    ),
    PersonalDataEntry(
        model="quizzes.TimeExtension",
        fields={
            "attempt": "the attempt that got more time",
            "seconds": "how many seconds",
            "reason": "why",
            "added_at": "when",
        },
        purpose="to give the learner the time that was lost or needed, and record the reason",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        person="attempt__learner",
        says={"attempt": _attempt},
        joins=("attempt__quiz",),
    ),
    PersonalDataEntry(
        model="quizzes.LateAnswers",
        fields={
            "attempt": "the attempt whose time was over",
            "responses": "the answers given",
            "happened_at": "when they were given, by the clock of the device",
            "arrived_at": "when they arrived",
            "decision": "whether they count",
            "decided_at": "since when",
        },
        purpose="to count answers that arrived late through no fault of the learner",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        person="attempt__learner",
        says={"attempt": _attempt},
        joins=("attempt__quiz",),
    ),
    *(
        PersonalDataEntry(
            model=f"quizzes.{name}",
            fields={column: "the person who did it", moment: "when"},
            purpose="to see who decided it",
            retention="permanently",
            on_erasure="keep",
            why="it refers to the account, which no longer names anyone",
            person=column,
        )
        for name, column, moment in (
            ("TimeExtension", "added_by", "added_at"),
            ("LateAnswers", "decided_by", "decided_at"),
        )
    ),
    PersonalDataEntry(
        model="quizzes.RegradedAnswer",
        fields={
            "attempt_question": "the question that was graded again",
            "regrade": "why",
            "score_before": "the points for it before",
            "score_after": "the points for it afterwards",
            "attempt_before": "the points of the attempt before",
            "attempt_after": "the points of the attempt afterwards",
            "passed_before": "whether it was passed before",
            "passed_after": "whether it is passed now",
        },
        purpose="to explain to the learner why a result changed",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        person="attempt_question__attempt__learner",
        says={
            "attempt_question": lambda row: _question(row.attempt_question),
            "regrade": lambda row: row.regrade.note,
            "score_before": lambda row: _in_points(row.score_before),
            "score_after": lambda row: _in_points(row.score_after),
            "attempt_before": lambda row: _in_points(row.attempt_before),
            "attempt_after": lambda row: _in_points(row.attempt_after),
        },
        joins=(
            "regrade",
            "attempt_question__question_version__question",
            "attempt_question__attempt__quiz__bank",
        ),
    ),
    PersonalDataEntry(
        model="quizzes.Regrade",
        fields={"by": "the person who corrected the grading", "created_at": "when"},
        purpose="to know who corrected the grading of a question",
        retention="permanently",
        on_erasure="keep",
        why="it refers to the account, which no longer names anyone",
        person="by",
    ),
    PersonalDataEntry.nothing("quizzes.GradingRule", why="how answers to a question are graded"),
    *(
        PersonalDataEntry(
            model=f"quizzes.Historical{name}",
            fields={"history_user": "the person who changed it", "history_date": "when"},
            purpose="to see how a question was changed and the person who changed it",
            retention="permanently",
            on_erasure="keep",
            why="it refers to the account, which no longer names anyone",
            person="history_user",
        )
        for name in ("Question", "QuestionText", "Quiz")
    ),
    PersonalDataEntry.nothing("quizzes.Bank", why="a set of questions"),
    PersonalDataEntry.nothing("quizzes.ServerPresence", why="when the server was last at work"),
    PersonalDataEntry.nothing("quizzes.Downtime", why="when the server was not available"),
    PersonalDataEntry.nothing(
        "quizzes.Question", why="the content of a question; its history records the person who changed it"
    ),
    PersonalDataEntry.nothing("quizzes.QuestionVersion", why="the question"),
    PersonalDataEntry.nothing("quizzes.Quiz", why="the rules of a quiz"),
    PersonalDataEntry.nothing("quizzes.QuizVersion", why="the rules of a quiz as they were published"),
    PersonalDataEntry.nothing("quizzes.PoolEntry", why="the questions that a published quiz chooses from"),
    PersonalDataEntry.nothing(
        "quizzes.ItemStatistics", why="figures of the answers of ten people or more, together"
    ),
    PersonalDataEntry.nothing(
        "quizzes.QuizStatistics", why="figures of the attempts of ten people or more, together"
    ),
]
