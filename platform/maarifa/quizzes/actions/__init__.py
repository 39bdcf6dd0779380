"""What this app does: publish a quiz, take things out of use, lead a learner through an attempt, grade it again, and
grant one more."""

from maarifa.quizzes.actions.attempts import Saved, decide_late, save_answers, start_attempt, submit_attempt
from maarifa.quizzes.actions.drafts import bring_back, retire
from maarifa.quizzes.actions.granting import grant_attempt
from maarifa.quizzes.actions.publishing import version_quiz
from maarifa.quizzes.actions.regrading import apply_regrade, regrade_question, try_regrade_again

__all__ = [
    "Saved",
    "apply_regrade",
    "bring_back",
    "decide_late",
    "grant_attempt",
    "regrade_question",
    "retire",
    "save_answers",
    "start_attempt",
    "submit_attempt",
    "try_regrade_again",
    "version_quiz",
]
