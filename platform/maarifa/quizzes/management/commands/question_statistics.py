"""Computes now what a periodic job computes once a day: what answers say about questions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.quizzes.actions import compute_statistics
from maarifa.quizzes.models import Quiz


class Command(BaseCommand):
    help = "Compute the statistics of questions and quizzes now. The admin shows them on the page of a quiz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "quizzes",
            nargs="*",
            metavar="QUIZ",
            help="the key of a quiz, course/quiz; without any, all quizzes",
        )

    def handle(self, *, quizzes: list[str], **options: Any) -> None:
        chosen = list(Quiz.objects.filter(key__in=quizzes).order_by("key"))
        unknown = sorted(set(quizzes) - {quiz.key for quiz in chosen})
        if unknown:
            message = _(
                "No quiz has the key “%(key)s”. Write the key of the course, a slash and the key of the quiz."
            )
            raise CommandError(message % {"key": unknown[0]})
        count = compute_statistics(quizzes=chosen if quizzes else None)
        text = ngettext("%(count)s quiz computed.", "%(count)s quizzes computed.", count)
        self.stdout.write(text % {"count": count})
