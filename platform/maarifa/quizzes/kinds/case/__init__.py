"""A branching case: steps of facts and a question, where the answer may decide what comes next."""

from maarifa.quizzes.kinds.case.kind import Case

__all__ = ["Case"]
