"""Rewrites course files in their canonical form. The meaning stays the same."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.coursefiles.actions import format_course, stamp_translation
from maarifa.coursefiles.reading import find_folders, read_folder


class Command(BaseCommand):
    help = "Rewrite course files in canonical form. Their content stays the same."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders", nargs="*", metavar="DIR", help="a course's folder, or a folder of courses"
        )
        parser.add_argument(
            "--translated",
            nargs="+",
            metavar="FILE",
            default=[],
            help="translations that are up to date: record in them which source text they translate",
        )

    def handle(self, *, folders: list[str], translated: list[str], verbosity: int, **options: Any) -> None:
        named = folders or ([] if translated else settings.COURSES_DIRS)
        roots, problems = find_folders(named)
        changed = []
        for name in translated:
            stamped, wrong = stamp_translation(path=Path(name))
            changed += stamped
            problems += wrong
        for root in roots:
            folder = read_folder(root)
            changed += format_course(folder=folder)
            problems += [one for one in folder.in_order() if one.problem.code != "not_canonical"]
        for path in changed:
            self.stdout.write(_("%(path)s: rewritten") % {"path": path})
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(
                ngettext(
                    "%(count)s problem. Files that have problems were not changed.",
                    "%(count)s problems. Files that have problems were not changed.",
                    len(problems),
                )
                % {"count": len(problems)}
            )
        if not changed and verbosity:
            self.stdout.write(_("All files are already in canonical form."))
