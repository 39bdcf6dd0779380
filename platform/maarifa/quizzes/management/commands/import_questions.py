"""Adds the questions of a file to a bank: lists what it holds, then imports exactly that, in one transaction."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.lib.problems import Problem, shown
from maarifa.quizzes.actions import import_questions
from maarifa.quizzes.exchange.formats import FORMATS
from maarifa.quizzes.exchange.opening import MOST_BYTES
from maarifa.quizzes.exchange.planning import ImportPlan, plan_import
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.management.asking import bank_named, person_named


class Command(BaseCommand):
    help = "Add the questions of a GIFT, Moodle XML, Aiken or spreadsheet file to a question bank."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "bank", metavar="BANK", help="the key of the course, a slash and the key of the bank"
        )
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--format", choices=list(FORMATS), default="", help="default: what the file looks like"
        )
        parser.add_argument(
            "--language", default="", help="language of the questions; default: the course's source language"
        )
        parser.add_argument("--dry-run", action="store_true", help="list what was found, and write nothing")
        parser.add_argument(
            "--skip",
            action="store_true",
            help="leave out questions that cannot be imported, and import the others",
        )
        parser.add_argument("--by", metavar="USERNAME", help="user name to record in the audit log")

    def handle(
        self,
        *,
        bank: str,
        file: Path,
        language: str,
        by: str | None,
        dry_run: bool,
        skip: bool,
        **options: Any,
    ) -> None:
        chosen_bank, person = bank_named(bank), person_named(by)
        try:
            plan = plan_import(
                bank=chosen_bank,
                content=_content(file),
                file=file.name,
                reader_language=get_language() or "en",
                language=language,
                format_name=options["format"],
            )
            self._show(plan)
            if dry_run:
                self.stdout.write(_("This was a dry run. Nothing was written."))
                return
            if plan.problems and not skip:
                raise CommandError(
                    _("Nothing was written. Correct the file, or run the command again with --skip.")
                )
            import_questions(
                bank=chosen_bank,
                questions=plan.questions,
                file=plan.file,
                format_name=plan.format.name,
                language=plan.language,
                by=person,
            )
        except ExchangeError as refusal:
            raise CommandError(refusal.message)
        count = len(plan.questions)
        self.stdout.write(
            ngettext("%(count)s question was imported.", "%(count)s questions were imported.", count)
            % {"count": count}
        )

    def _show(self, plan: ImportPlan) -> None:
        """What was found, and what is wrong or changed, in the order of the file."""
        for note in plan.notes:
            self.stdout.write(note.message)
        lines = [(problem.line or 0, self._problem(plan, problem)) for problem in plan.problems]
        for question in plan.questions:
            about = {"key": question.key, "kind": question.kind_label, "text": shown(question.stem)}
            lines.append((question.line, _("%(key)s, %(kind)s: %(text)s") % about))
            lines += [(question.line, f"    {note.message}") for note in question.notes]
        for _line, text in sorted(lines, key=lambda one: one[0]):
            self.stdout.write(text)
        if plan.problems:
            count = len(plan.problems)
            self.stdout.write(
                ngettext(
                    "%(count)s question cannot be imported. See the reason above.",
                    "%(count)s questions cannot be imported. See the reasons above.",
                    count,
                )
                % {"count": count}
            )

    def _problem(self, plan: ImportPlan, problem: Problem) -> str:
        text = _("Line %(line)s, “%(name)s”: %(problem)s")
        if plan.format.is_table:
            text = _("Row %(line)s, “%(name)s”: %(problem)s")
        return text % {"line": problem.line, "name": problem.where, "problem": problem.message}


def _content(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            # One byte more than can be read: what is too large is refused without being taken in whole.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("%(filename)s cannot be opened: %(why)s.") % {"filename": path, "why": error.strerror}
        )
