"""What this app does: publish a quiz, take things out of use, lead a learner through an attempt, grant one more, and
compute what answers say about questions."""

from maarifa.quizzes.actions.attempts import Saved, decide_late, save_answers, start_attempt, submit_attempt
from maarifa.quizzes.actions.drafts import bring_back, retire
from maarifa.quizzes.actions.granting import grant_attempt
from maarifa.quizzes.actions.publishing import version_quiz
from maarifa.quizzes.actions.statistics import compute_statistics

__all__ = [
    "Saved",
    "bring_back",
    "compute_statistics",
    "decide_late",
    "grant_attempt",
    "retire",
    "save_answers",
    "start_attempt",
    "submit_attempt",
    "version_quiz",
]
