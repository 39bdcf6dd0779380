"""What this room holds of people."""

from maarifa.lib.personal_data import Held

_KEPT = "until the account is erased; then without a name"
_FIGURES = "figures of a question stay right; the row points to an account that names nobody any more"

PERSONAL_DATA = [
    Held(
        model="quizzes.AttemptQuestion",
        fields={
            "response": "the answer given",
            "answered_at": "when it was given",
            "score": "what it was worth",
        },
        purpose="to grade the attempt, and to show the learner how it went",
        retention=_KEPT,
        on_erasure="keep",
        why=_FIGURES,
        person="attempt__learner",
    ),
    Held(
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
    ),
    *(
        Held(
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
    Held.nothing("quizzes.Bank", why="a pool of questions"),
    Held.nothing("quizzes.Question", why="what is asked; who changed it stands in its history"),
    Held.nothing(
        "quizzes.QuestionText", why="the words of a question; who changed them stands in their history"
    ),
    Held.nothing("quizzes.QuestionVersion", why="what was asked"),
    Held.nothing("quizzes.Quiz", why="the rules of a quiz"),
    Held.nothing("quizzes.QuizVersion", why="the rules of a quiz as they were published"),
    Held.nothing("quizzes.PoolEntry", why="which questions a published quiz draws from"),
]
