"""Authoring of questions, and attempts to look at."""

from maarifa.quizzes.admin import attempts, banks, questions, quizzes  # noqa: F401 - registers
