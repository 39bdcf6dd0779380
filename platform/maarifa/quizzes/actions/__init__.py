"""What this app does: publish a quiz, take things out of use, lead a learner through an attempt, and
grant one more."""

from maarifa.quizzes.actions.attempts import Saved, decide_late, save_answers, start_attempt, submit_attempt
from maarifa.quizzes.actions.drafts import bring_back, retire
from maarifa.quizzes.actions.granting import grant_attempt
from maarifa.quizzes.actions.publishing import version_quiz

__all__ = [
    "Saved",
    "bring_back",
    "decide_late",
    "grant_attempt",
    "retire",
    "save_answers",
    "start_attempt",
    "submit_attempt",
    "version_quiz",
]
