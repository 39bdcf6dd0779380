"""GIFT, Moodle's text format: https://docs.moodle.org/en/GIFT_format."""

from maarifa.quizzes.exchange.gift.reading import read
from maarifa.quizzes.exchange.gift.writing import NAME, check, write

__all__ = ["NAME", "check", "read", "write"]
