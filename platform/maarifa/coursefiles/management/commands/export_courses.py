"""Writes the courses of the database as files: the same bytes that were loaded, with what the admin has changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.coursefiles.actions import export_course
from maarifa.curriculum.models import Course


class Command(BaseCommand):
    help = "Export courses as files. Banks of exam questions are never exported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", metavar="DIR", type=Path, help="the folder to write the courses' folders to"
        )
        parser.add_argument(
            "--course",
            action="append",
            metavar="KEY",
            help="export only this course; can be given several times",
        )

    def handle(self, *, folder: Path, course: list[str] | None, **options: Any) -> None:
        courses = Course.objects.filter(retired_at__isnull=True).order_by("key")
        if course:
            unknown = set(course) - set(courses.values_list("key", flat=True))
            if unknown:
                raise CommandError(
                    _("No course in use has the key “%(key)s”.") % {"key": ", ".join(sorted(unknown))}
                )
            courses = courses.filter(key__in=course)
        failed = 0
        for row in courses:
            paths, unwritable = export_course(course=row, folder=folder)
            self.stdout.write(
                ngettext(
                    "%(course)s: %(count)s file written.", "%(course)s: %(count)s files written.", len(paths)
                )
                % {"course": row.key, "count": len(paths)}
            )
            for path, problems in unwritable.items():
                failed += 1
                for problem in problems:
                    self.stdout.write(f"{row.key}/{path}: {problem}")
        if failed:
            raise CommandError(
                _(
                    "Some files could not be written: see above. Correct these texts in the admin, then run "
                    "export_courses again."
                )
            )
