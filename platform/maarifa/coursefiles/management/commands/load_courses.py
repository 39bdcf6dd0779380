"""Brings course files into the database: shows the plan, then applies it, each course in one transaction."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maarifa.coursefiles.actions import LoadingError, load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.planning import Change, Plan, plan
from maarifa.coursefiles.reading import find_folders, read_folder
from maarifa.curriculum.actions import PublishingError, publish_course
from maarifa.curriculum.models import Course
from maarifa.curriculum.nextedition import NextEdition, next_edition

NOT_LOADED = gettext_lazy("%(course)s: not loaded. These changes were not made:")


class Command(BaseCommand):
    help = "Load course files. A new course is published at once; later changes only with --publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders", nargs="*", metavar="DIR", help="a course's folder, or a folder of courses"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, but change nothing"
        )
        parser.add_argument(
            "--take-files",
            action="store_true",
            help="use the files even where a text was changed in the admin",
        )
        parser.add_argument("--publish", action="store_true", help="publish the changes as a new edition")
        parser.add_argument("--note", default="", help="what has changed; kept with the edition")

    def handle(self, *, folders: list[str], **options: Any) -> None:
        roots, problems = find_folders(folders or settings.COURSES_DIRS)
        for problem in problems:
            self.stdout.write(str(problem))
        failed = len(problems) + sum(not self._course(root, options) for root in roots)
        if failed:
            raise CommandError(_("Some courses were not loaded. See the reasons above."))

    def _course(self, root: Path, options: dict[str, Any]) -> bool:
        """True where all went well."""
        folder = read_folder(root)
        check(folder)
        # What is only written differently loads as well: format_courses and check_courses see to the form.
        folder.problems = [one for one in folder.problems if one.problem.code != "not_canonical"]
        if folder.problems:
            for problem in folder.in_order():
                self.stdout.write(str(problem))
            self.stdout.write(_("%(course)s: nothing was loaded.") % {"course": root.name})
            return False
        if options["dry_run"]:
            load_plan = plan(folder, take_files=options["take_files"])
            self._show(load_plan, _("%(course)s: loading would make these changes:"))
            self.stdout.write(_("This was a dry run. Nothing was changed."))
            return not load_plan.refused
        try:
            load_plan = load_course(folder=folder, by=None, take_files=options["take_files"])
        except LoadingError as refusal:
            load_plan = plan(folder, take_files=options["take_files"])
            self._show(load_plan, str(NOT_LOADED))
            self.stdout.write(refusal.message)
            return False
        course, loaded = Course.objects.get(key=load_plan.key), _("%(course)s: loaded with these changes:")
        if options["publish"] or not course.current_edition_id:
            self._show(load_plan, loaded)
            return self._publish(course, options)
        waiting = next_edition(course)
        waits = bool(waiting.problems) or waiting.differs
        self._show(load_plan, loaded, waits=waits)
        if waits:
            self._say_what_waits(root, course, waiting)
        return True

    def _show(self, load_plan: Plan, heading: str, *, waits: bool = False) -> None:
        """`heading` says whether these changes have been made, where there are some that may be."""
        if load_plan.refused:
            heading = str(NOT_LOADED)
        elif not load_plan.writes:
            heading = _("%(course)s: nothing to load. These files differ from the texts in the admin:")
        counts = {change: load_plan.of(change) for change in Change}
        if not load_plan.writes and not load_plan.refused and not counts[Change.KEPT]:
            if waits:
                return
            self.stdout.write(
                _("%(course)s: nothing to do. The database already matches the files.")
                % {"course": load_plan.key}
            )
            return
        self.stdout.write(heading % {"course": load_plan.key})
        for change, paths in counts.items():
            if change == Change.SAME:
                continue
            for path in paths:
                self.stdout.write(f"  {path}: {change.label}")
        for key in load_plan.retired:
            self.stdout.write(_("  %(key)s: retire, because it is no longer in the files") % {"key": key})
        if counts[Change.SAME]:
            count = len(counts[Change.SAME])
            self.stdout.write(
                ngettext("  %(count)s file is unchanged.", "  %(count)s files are unchanged.", count)
                % {"count": count}
            )

    def _say_what_waits(self, root: Path, course: Course, waiting: NextEdition) -> None:
        """Loading changes the draft only, at every run: whoever runs the site decides when learners get it."""
        about = {"course": course.key, "number": waiting.current.number if waiting.current else 0}
        if waiting.problems:
            self.stdout.write(
                _(
                    "%(course)s: the loaded changes cannot be published yet. Learners still read "
                    "edition %(number)s. Correct these problems first:"
                )
                % about
            )
            for problem in waiting.problems:
                self.stdout.write(f"  {problem}")
            return
        count = len(waiting.changes)
        self.stdout.write(
            ngettext(
                "%(course)s: %(count)s change is not yet published. Loading does not publish it. "
                "Learners still read edition %(number)s.",
                "%(course)s: %(count)s changes are not yet published. Loading does not publish them. "
                "Learners still read edition %(number)s.",
                count,
            )
            % {**about, "count": count}
        )
        self.stdout.write(
            _("To publish, run manage.py load_courses %(folder)s --publish, or publish in the admin.")
            % {"folder": root}
        )

    def _publish(self, course: Course, options: dict[str, Any]) -> bool:
        try:
            edition = publish_course(course=course, by=None, note=options["note"])
        except PublishingError as refusal:
            self.stdout.write(refusal.message)
            for problem in refusal.problems:
                self.stdout.write(f"  {problem}")
            return refusal.code == "NOTHING_CHANGED"
        self.stdout.write(
            _("%(course)s: edition %(number)s was published.")
            % {"course": course.key, "number": edition.number}
        )
        return True
