"""Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

from maarifa.quizzes.exchange.moodlexml.reading import read
from maarifa.quizzes.exchange.moodlexml.writing import NAME, changes, check, write

__all__ = ["NAME", "changes", "check", "read", "write"]
