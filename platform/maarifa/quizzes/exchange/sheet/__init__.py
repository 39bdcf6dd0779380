"""Questions in a spreadsheet, one in each row."""

from maarifa.quizzes.exchange.sheet.reading import read, recognises
from maarifa.quizzes.exchange.sheet.template import template
from maarifa.quizzes.exchange.sheet.writing import NAME, changes, check, write_csv, write_xlsx

__all__ = ["NAME", "changes", "check", "read", "recognises", "template", "write_csv", "write_xlsx"]
