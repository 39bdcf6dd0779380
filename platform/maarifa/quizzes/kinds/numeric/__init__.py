"""The kind of question whose answer is a number."""

from maarifa.quizzes.kinds.numeric.kind import NEAR_UNKNOWN, OWN_UNIT_TWICE, Numeric

__all__ = ["NEAR_UNKNOWN", "OWN_UNIT_TWICE", "Numeric"]
