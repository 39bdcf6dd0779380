"""What this app does: publish a quiz, take things out of use, lead a learner through an attempt, grade it again, grant
one more, compute what answers say about questions, and bring questions in and out."""

from maarifa.quizzes.actions.answers import Saved, save_answers
from maarifa.quizzes.actions.attempts import decide_late, end_of_time, start_attempt, submit_attempt
from maarifa.quizzes.actions.drafts import bring_back, retire
from maarifa.quizzes.actions.exchanging import import_questions, note_export
from maarifa.quizzes.actions.granting import grant_attempt
from maarifa.quizzes.actions.late_answers import decide_late_answers, keep_late_answers
from maarifa.quizzes.actions.publishing import version_quiz
from maarifa.quizzes.actions.regrading import apply_regrade, regrade_question, try_regrade_again
from maarifa.quizzes.actions.statistics import compute_statistics
from maarifa.quizzes.actions.timing import attempts_to_end, end_attempt, extend_attempt, note_presence

__all__ = [
    "Saved",
    "apply_regrade",
    "attempts_to_end",
    "bring_back",
    "compute_statistics",
    "decide_late",
    "decide_late_answers",
    "end_attempt",
    "end_of_time",
    "extend_attempt",
    "grant_attempt",
    "import_questions",
    "keep_late_answers",
    "note_export",
    "note_presence",
    "regrade_question",
    "retire",
    "save_answers",
    "start_attempt",
    "submit_attempt",
    "try_regrade_again",
    "version_quiz",
]
