"""Adds the people of a spreadsheet to a cohort: shows the plan, row by row, then applies exactly that plan."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from maarifa.accounts.models import User
from maarifa.cohorts import actions
from maarifa.cohorts.actions.problems import outcome_words, said
from maarifa.cohorts.actions.rows import PlannedRow
from maarifa.cohorts.models import Cohort, RosterImport, RosterRow
from maarifa.lib.bars import Bar
from maarifa.lib.spreadsheets import DEFAULT_LIMITS

Action, Outcome, State = RosterRow.Action, RosterRow.Outcome, RosterImport.State
# How long to look away while a worker has the list.
LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Add people to a cohort from a spreadsheet (CSV, XLSX, XLS or ODS), as on the cohort's page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", metavar="COHORT", help="the id in the address of the cohort's page")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, row by row, and write nothing"
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            help="language of the output, also used to guess the text encoding of a file that does not state it; "
            "default: the institution's language",
        )
        parser.add_argument(
            "--known",
            action="store_true",
            help="apply the list even if the warnings say that people or other parts will be left out or changed",
        )
        parser.add_argument("--by", metavar="USERNAME", help="user name to record in the audit log")

    def handle(
        self,
        *,
        cohort: str,
        file: Path,
        language: str | None,
        by: str | None,
        dry_run: bool,
        known: bool,
        **options: Any,
    ) -> None:
        chosen_cohort = self._cohort(cohort)
        language = language or chosen_cohort.institution.language
        with override(language):
            draft = self._draft(chosen_cohort, file, language, self._person(by))
            roster = draft.roster
            if roster.reading["problems"]:
                for problem in roster.reading["problems"]:
                    self.stdout.write(said(problem))
                raise CommandError(_("The list cannot be used as it is. Nothing was written."))
            for note in roster.reading["notes"]:
                self.stdout.write(said(note))
            for row in draft.rows:
                self._show(row)
            for question in roster.questions:
                self.stdout.write(said(question["problem"]))
            errors = sum(row.action == Action.ERROR for row in draft.rows)
            todo = sum(row.action in (Action.INVITE, Action.CARD) for row in draft.rows)
            if dry_run:
                self.stdout.write(_("This was a dry run. Nothing was written."))
            elif not todo:
                self.stdout.write(actions.RosterImportError("NOTHING_TO_DO").message)
            elif roster.questions and not known:
                raise CommandError(
                    _(
                        "Parts of this list would be left out or changed: see above. Nothing was "
                        "written. To apply the list anyway, run the command again with --known."
                    )
                )
            else:
                errors = self._apply(draft, todo)
            if errors:
                raise CommandError(
                    ngettext(
                        "%(count)s row was left out. See the reason above.",
                        "%(count)s rows were left out. See the reasons above.",
                        errors,
                    )
                    % {"count": errors}
                )

    # What was asked for -----------------------------------------------------------------------------------

    def _cohort(self, public_id: str) -> Cohort:
        try:
            return Cohort.objects.for_page().get(public_id=public_id)
        except (Cohort.DoesNotExist, ValidationError):
            raise CommandError(
                _(
                    "There is no cohort with the ID “%(value)s”. The ID is in the address of the "
                    "cohort’s page."
                )
                % {"value": public_id}
            )

    def _person(self, username: str | None) -> User | None:
        if username is None:
            return None
        person: User | None = User.objects.open().filter(username=User.normalise_username(username)).first()
        if person is None:
            raise CommandError(
                _("There is no open account with the user name “%(value)s”.") % {"value": username}
            )
        return person

    def _draft(self, cohort: Cohort, path: Path, language: str, by: User | None) -> actions.Draft:
        try:
            with open(path, "rb") as file:
                # One byte more than can be read: what is too large is refused without being taken in whole.
                content = file.read(DEFAULT_LIMITS.file_bytes + 1)
        except OSError as error:
            raise CommandError(
                _("%(filename)s cannot be opened: %(why)s.") % {"filename": path, "why": error.strerror}
            )
        try:
            return actions.draft_roster(
                cohort=cohort, by=by, file_name=path.name, content=content, language=language
            )
        except actions.RosterImportError as refusal:
            raise CommandError(refusal.message)

    # The plan ---------------------------------------------------------------------------------------------

    def _show(self, row: PlannedRow) -> None:
        """What would happen to a row, and each thing that is wrong with it: cell, value, what would be right."""
        self.stdout.write(
            _("Row %(row)s, %(who)s: %(action)s")
            % {"row": row.number, "who": _who(row), "action": Action(row.action).label}
        )
        for problem in row.problems:
            if problem["cell"]:
                self.stdout.write(
                    _("    column “%(column)s” (cell %(cell)s), “%(value)s”: %(problem)s")
                    % {**{key: problem[key] for key in ("column", "cell", "value")}, "problem": said(problem)}
                )
            else:
                self.stdout.write(f"    {said(problem)}")

    # Doing it ---------------------------------------------------------------------------------------------

    def _apply(self, draft: actions.Draft, todo: int) -> int:
        """Applies the plan that was shown, or watches the worker that was quicker; the number of rows left out."""
        roster = actions.keep_roster(draft=draft)
        try:
            actions.confirm_roster(
                roster=roster,
                plan_digest=roster.plan_digest,
                by=roster.uploaded_by,
                answered=roster.question_keys,
            )
        except actions.RosterImportError as refusal:
            actions.discard_roster(roster=roster, by=roster.uploaded_by)
            raise CommandError(refusal.message)
        bar = Bar(self.stdout, total=todo, text=_("%(done)s of %(total)s rows done"))

        def draw() -> None:
            bar.draw(todo - roster.rows.waiting().count())

        draw()
        while not actions.apply_roster(roster_id=roster.pk, tell=draw, turn=0):
            roster.refresh_from_db(fields=["state", "error"])
            if roster.state in (State.DONE, State.FAILED):
                break
            draw()
            time.sleep(LOOK_SECONDS)
        draw()
        bar.end()
        if roster.state == State.FAILED:
            raise CommandError(
                _(
                    "The import stopped: %(error)s. Rows that were already processed are kept, and no row "
                    "is processed twice."
                )
                % {"error": roster.error}
            )
        return self._result(roster)

    def _result(self, roster: RosterImport) -> int:
        refused_rows = roster.rows.filter(outcome=Outcome.REFUSED)
        for row in refused_rows.exclude(action=Action.ERROR).order_by("number"):
            self.stdout.write(
                _("Row %(row)s, %(who)s: left out. %(why)s")
                % {"row": row.number, "who": _who(row), "why": outcome_words(row.outcome_code)}
            )
        done = roster.rows.filter(outcome=Outcome.DONE)
        invitations, cards = (done.filter(action=action).count() for action in (Action.INVITE, Action.CARD))
        for text in (
            ngettext("%(count)s person was invited.", "%(count)s people were invited.", invitations)
            % {"count": invitations},
            ngettext("%(count)s access card was created.", "%(count)s access cards were created.", cards)
            % {"count": cards},
        ):
            self.stdout.write(text)
        return refused_rows.count()


def _who(row: RosterRow | PlannedRow) -> str:
    """The person of a row, as the list has them."""
    return ", ".join(filter(None, (row.values[name] for name in ("name", "email", "staff_number")))) or "–"
