"""Names everything that is wrong in course files, and how far each translation is. Changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.coursefiles.checking import check, translations
from maarifa.coursefiles.profile import check_profile
from maarifa.coursefiles.reading import find_folders, read_folder
from maarifa.curriculum.translations import TranslationState
from maarifa.lib.terms import BadTermBase

WORTH_SAYING = (TranslationState.MISSING, TranslationState.STALE)


class Command(BaseCommand):
    help = "Check course files. Each problem is shown with its file, its line and how to correct it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders", nargs="*", metavar="DIR", help="a course's folder, or a folder of courses"
        )

    def handle(self, *, folders: list[str], verbosity: int, **options: Any) -> None:
        roots, problems = find_folders(folders or settings.COURSES_DIRS)
        for root in roots:
            folder = read_folder(root)
            check(folder)
            try:
                check_profile(folder, today=timezone.localdate())
            except BadTermBase as error:
                raise CommandError(str(error)) from error
            problems += folder.in_order()
            if verbosity:
                for warning in folder.warnings:
                    self.stdout.write(_("Warning: %(problem)s") % {"problem": warning})
                for path, state in translations(folder).items():
                    if state in WORTH_SAYING:
                        self.stdout.write(f"{root / path}: {state.label}")
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(
                ngettext("%(count)s problem.", "%(count)s problems.", len(problems))
                % {"count": len(problems)}
            )
        if verbosity and not roots:
            self.stdout.write(_("There is nothing to check."))
        elif verbosity:
            self.stdout.write(
                ngettext(
                    "%(count)s course checked. No problems found.",
                    "%(count)s courses checked. No problems found.",
                    len(roots),
                )
                % {"count": len(roots)}
            )
