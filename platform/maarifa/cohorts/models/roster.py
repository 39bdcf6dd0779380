"""Imports of spreadsheets."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self, TypedDict

from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.cohorts.models.cohort import Cohort
from maarifa.cohorts.models.member import CohortMember
from maarifa.cohorts.stored import FoundBefore, Problems, Reading, RowValues, StoredProblem
from maarifa.lib.digests import digest_of
from maarifa.lib.fields import public_id
from maarifa.lib.models import Job, JobQuerySet


class Question(TypedDict):
    """`key`: by which it is answered."""

    key: str
    problem: StoredProblem


class RosterImportQuerySet(JobQuerySet["RosterImport"]):
    def due(self, at: datetime) -> Self:
        """Only what a person has confirmed is due: a plan waits for its yes as long as nobody gives it."""
        return super().due(at).filter(stage=RosterImport.Stage.CONFIRMED)

    def without_file(self) -> Self:
        return self.defer("file")


class RosterImport(Job):
    """The import of a spreadsheet: the file, what it would do (the plan), what it did, and what was refused.

    Applied only after a person has said "apply exactly this"; until then `stage` is planned and nothing is written.

    `reading`: how the file was read (kind, encoding, certain, delimiter, sheet, sheets, header_row, letters), what
    a person `chosen` instead, which `columns` were understood, and `notes`, `questions` and `problems` about the whole
    file as dicts of code and params.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", _("not applied yet")
        CONFIRMED = "confirmed", _("being applied")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    public_id = public_id()
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="imports")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    file = models.BinaryField()
    language = models.CharField(max_length=15)
    reading = models.JSONField[Reading, Reading](
        default=dict, help_text="Encoding, delimiter, sheet and columns, as read or chosen."
    )
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.PLANNED)
    plan_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["-id"]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                name="cohorts_rosterimport_confirmed_has_plan",
                condition=~Q(stage__in=["confirmed", "applied"])
                | (~Q(plan_digest="") & Q(confirmed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="cohorts_rosterimport_work_is_confirmed",
                condition=Q(state="pending") | Q(stage__in=["confirmed", "applied"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What the file was called; where that was somebody's name who is erased, a word in its place."""
        return self.file_name or gettext("untitled list")

    @property
    def questions(self) -> list[Question]:
        """What somebody has to know before the list is applied, each with the `key` by which it is answered."""
        return [
            {"key": digest_of(problem)[:16], "problem": problem}
            for problem in self.reading.get("questions", [])
        ]

    @property
    def question_keys(self) -> set[str]:
        return {question["key"] for question in self.questions}


class RosterRowQuerySet(models.QuerySet["RosterRow"]):
    def waiting(self) -> Self:
        """Rows that the plan wants something done for, and for which nothing has been done yet."""
        return self.filter(
            outcome=RosterRow.Outcome.WAITING,
            action__in=[RosterRow.Action.INVITE, RosterRow.Action.CARD],
        )

    def mark_done(self, members: Iterable[tuple[int, int]]) -> None:
        """The rows are done, each with its member: `members` are pairs of ids, at most 400.

        In one statement that says itself plainly to both databases: a CASE with an arm for each row costs Django more
        than everything else of a row together.
        """
        members = list(members)
        row, table = RosterRow._meta, connections[self.db].ops.quote_name(RosterRow._meta.db_table)
        pairs = ", ".join(["(%s, %s)"] * len(members))
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {row.get_field('outcome').column} = %s, "  # noqa: S608 - names of ours
                f"{row.get_field('member').column} = given.column2 FROM (VALUES {pairs}) AS given "
                f"WHERE {table}.{row.pk.column} = given.column1",
                [RosterRow.Outcome.DONE.value, *(part for pair in members for part in pair)],
            )


class RosterRow(models.Model):
    """A row of a roster: what the file says, what the plan would do, and what became of it.

    `found` remembers what the plan rested on, so that a row whose ground has changed since is refused, alone.
    """

    class Action(models.TextChoices):
        INVITE = "invite", _("invite by e-mail")
        CARD = "card", _("create an account with an access card")
        NOTHING = "nothing", _("already added to the cohort")
        ERROR = "error", _("cannot be used")

    class Outcome(models.TextChoices):
        WAITING = "", _("waiting")
        DONE = "done", _("done")
        NOTHING = "nothing", _("nothing to do")
        REFUSED = "refused", _("left out")

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet program shows it.")
    cells = models.JSONField[Sequence[str], list[str]]()
    values = models.JSONField[RowValues, RowValues](default=dict)
    action = models.CharField(max_length=8, choices=Action)
    problems = models.JSONField[Problems, Problems](
        default=list, help_text="Dicts of code, column, value and parameters."
    )
    found = models.JSONField[FoundBefore, FoundBefore](default=dict)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    member = models.ForeignKey(CohortMember, models.PROTECT, null=True, related_name="+")

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster row")
        verbose_name_plural = _("roster rows")
        ordering = ["roster", "number"]
        indexes = [
            # What is left to do is found without walking over what is done.
            models.Index(
                fields=["roster", "number"], condition=Q(outcome=""), name="cohorts_rosterrow_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="cohorts_rosterrow_unique"),
            models.CheckConstraint(
                name="cohorts_rosterrow_done_has_member",
                condition=~Q(outcome="done") | Q(member__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster_id}: {self.number}"
