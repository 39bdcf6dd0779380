"""Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

from maarifa.quizzes.exchange.moodlexml.reading import read
from maarifa.quizzes.exchange.moodlexml.writing import NAME, check, write

__all__ = ["NAME", "check", "read", "write"]
