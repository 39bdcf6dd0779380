"""What is asked and answered."""

from maarifa.quizzes.models.attempt import Attempt, AttemptQuestion
from maarifa.quizzes.models.bank import STALE, Bank, Question, QuestionText, QuestionVersion
from maarifa.quizzes.models.grant import AttemptGrant
from maarifa.quizzes.models.quiz import PoolEntry, Quiz, QuizVersion
from maarifa.quizzes.models.regrade import GradingRule, Regrade, RegradedAnswer
from maarifa.quizzes.models.statistics import LEAST_ANSWERS, ItemStatistics, QuizStatistics
from maarifa.quizzes.models.timing import Downtime, LateAnswers, ServerPresence, TimeExtension

__all__ = [
    "LEAST_ANSWERS",
    "STALE",
    "Attempt",
    "AttemptGrant",
    "AttemptQuestion",
    "Bank",
    "Downtime",
    "GradingRule",
    "ItemStatistics",
    "LateAnswers",
    "PoolEntry",
    "Question",
    "QuestionText",
    "QuestionVersion",
    "Quiz",
    "QuizStatistics",
    "QuizVersion",
    "Regrade",
    "RegradedAnswer",
    "ServerPresence",
    "TimeExtension",
]
