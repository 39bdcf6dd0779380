"""Brings secret banks of exam questions into the database, from a folder outside the course files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.coursefiles.actions import LoadingError, load_exam_banks, read_exam_banks
from maarifa.coursefiles.shapes import BankFile
from maarifa.curriculum.models import Course


class Command(BaseCommand):
    help = (
        "Load secret exam questions from a private folder: FOLDER/banks/<bank>.yaml and "
        "FOLDER/banks/<bank>.<lang>.yaml, with kind: exam. Changes made to these banks in the admin are overwritten."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", metavar="COURSE", help="the key of the course")
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder outside the course files")
        parser.add_argument("--dry-run", action="store_true", help="check the files, but change nothing")

    def handle(self, *, course: str, folder: Path, dry_run: bool, **options: Any) -> None:
        row = Course.objects.filter(key=course).first()
        if row is None:
            raise CommandError(_("There is no course with the key “%(course)s”.") % {"course": course})
        if not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder})
        inside = [
            root for root in settings.COURSES_DIRS if folder.resolve().is_relative_to(Path(root).resolve())
        ]
        if inside:
            raise CommandError(
                _("%(folder)s is inside the course files, which are public. Use a private folder.")
                % {"folder": folder}
            )
        try:
            banks = read_exam_banks(folder, row)
            for problem in banks.in_order():
                self.stdout.write(str(problem))
            if banks.problems:
                raise CommandError(_("The banks have errors. Nothing was loaded."))
            if dry_run:
                counts = {file.shape.bank: len(file.shape.questions) for file in banks.of_kind(BankFile)}
            else:
                counts = load_exam_banks(course=row, folder=banks, by=None)
        except LoadingError as refusal:
            raise CommandError(refusal.message) from None
        for bank, count in counts.items():
            text = ngettext("%(bank)s: %(count)s question", "%(bank)s: %(count)s questions", count)
            self.stdout.write(text % {"bank": bank, "count": count})
        if dry_run:
            self.stdout.write(_("This was a dry run. Nothing was changed."))
        else:
            self.stdout.write(
                _(
                    "The banks are loaded. In the admin, choose one as the bank of a quiz, then publish the course."
                )
            )
