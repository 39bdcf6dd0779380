"""Writes the questions of a bank into a file for another system. Exam banks are never exported."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.quizzes.actions import note_export
from maarifa.quizzes.exchange.exporting import plan_export
from maarifa.quizzes.exchange.formats import FORMATS
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.management.asking import bank_named, person_named

# Aiken and GIFT files are both called .txt: that name alone says neither.
_BY_SUFFIX = {f".{one.suffix}": one.name for one in FORMATS.values() if one.suffix != "txt"}


class Command(BaseCommand):
    help = "Write the questions of a bank into a GIFT, Moodle XML, Aiken or spreadsheet file, with their answers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "bank", metavar="BANK", help="the key of the course, a slash and the key of the bank"
        )
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--format", choices=list(FORMATS), default="", help="default: by the end of the file name"
        )
        parser.add_argument(
            "--language", default="", help="language of the questions; default: the course's source language"
        )
        parser.add_argument(
            "--skip",
            action="store_true",
            help="leave out questions that the format cannot hold, and write the others",
        )
        parser.add_argument("--by", metavar="USERNAME", help="user name to record in the audit log")

    def handle(
        self, *, bank: str, file: Path, language: str, by: str | None, skip: bool, **options: Any
    ) -> None:
        name = options["format"] or _BY_SUFFIX.get(file.suffix.lower(), "")
        if not name:
            raise CommandError(
                _(
                    "The name of the file does not say its format. Write --format with one of these: %(formats)s."
                )
                % {"formats": ", ".join(FORMATS)}
            )
        chosen_bank, person = bank_named(bank), person_named(by)
        try:
            plan = plan_export(bank=chosen_bank, file_format=FORMATS[name], language=language)
        except ExchangeError as refusal:
            raise CommandError(refusal.message)
        for one in plan.notes:
            self.stdout.write(one.message)
        for problem in plan.problems:
            self.stdout.write(
                _("“%(name)s”: %(problem)s") % {"name": problem.where, "problem": problem.message}
            )
        if plan.problems and not skip:
            raise CommandError(
                _("Nothing was written. Choose another format, or run the command again with --skip.")
            )
        if not plan.questions:
            raise CommandError(ExchangeError("NOTHING_TO_WRITE", format=str(plan.format.label)).message)
        content = plan.format.write(plan.questions)
        note_export(plan=plan, by=person)
        try:
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("%(filename)s cannot be written: %(why)s.") % {"filename": file, "why": error.strerror}
            )
        count = len(plan.questions)
        self.stdout.write(
            ngettext("%(count)s question was exported.", "%(count)s questions were exported.", count)
            % {"count": count}
        )
