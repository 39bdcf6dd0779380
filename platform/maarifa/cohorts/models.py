"""Learning together."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum.models import Course, Edition
from maarifa.institutions.models import Unit
from maarifa.learning.models import Enrolment
from maarifa.lib.fields import SearchKeyField, SortKeyField, public_id
from maarifa.lib.models import WorkQuerySet, WorkRow


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Cohorts of the units where the person is on the staff."""
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def managed_by(self, user):
        """Cohorts of the units where the person is a coordinator."""
        return self.filter(unit__in=Unit.objects.managed_by(user))


class Cohort(models.Model):
    """People of one unit who take a course together, on common terms."""

    public_id = public_id()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cohorts")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language of the course"), max_length=15)
    held_edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_zone = models.CharField(max_length=60, blank=True)
    due_local = models.CharField(max_length=19, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="cohorts_cohort_name_unique"),
            models.CheckConstraint(
                name="cohorts_cohort_due_has_zone",
                condition=Q(due_at__isnull=True, due_zone="", due_local="")
                | (Q(due_at__isnull=False) & ~Q(due_zone="") & ~Q(due_local="")),
            ),
            models.CheckConstraint(
                name="cohorts_cohort_opens_before_due",
                condition=Q(opens_at__isnull=True) | Q(due_at__isnull=True) | Q(opens_at__lt=F("due_at")),
            ),
        ]

    def __str__(self):
        return self.name


class SeatQuerySet(models.QuerySet):
    def shared(self):
        """Seats whose learner's progress the institution may see: accepted, not left."""
        return self.filter(state=Seat.State.ACCEPTED)


class Seat(models.Model):
    """A place in a cohort, with the name and staff number as the institution gave them.

    A roster row never changes or reveals an account: what stands here is the institution's, and whether an address
    already had an account shows nowhere. `learner` is whom the seat is for once that is certain: the account made
    for it, or the one that accepted. The institution sees progress between accepting and leaving.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("accepted")
        LEFT = "left", _("left")

    public_id = public_id()
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="seats")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    given_name = models.CharField(_("name"), max_length=200)
    given_name_search = SearchKeyField(source="given_name")
    given_name_sort = SortKeyField(source="given_name")
    staff_number = models.CharField(_("staff number"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=15)
    learner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="seats")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="seats")
    entry_code = models.CharField(max_length=16, null=True, unique=True, editable=False)
    entry_code_until = models.DateTimeField(null=True, editable=False)
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["given_name_sort", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "email"], condition=~Q(email=""), name="cohorts_seat_email_unique"
            ),
            models.UniqueConstraint(
                fields=["cohort", "staff_number"],
                condition=~Q(staff_number=""),
                name="cohorts_seat_staff_number_unique",
            ),
            models.UniqueConstraint(
                fields=["cohort", "enrolment"],
                condition=Q(enrolment__isnull=False),
                name="cohorts_seat_enrolment_unique",
            ),
            models.CheckConstraint(
                name="cohorts_seat_reachable",
                condition=~Q(email="") | ~Q(staff_number="") | Q(learner__isnull=False),
            ),
            models.CheckConstraint(
                name="cohorts_seat_state_has_moments",
                condition=Q(state="invited", accepted_at__isnull=True, left_at__isnull=True)
                | Q(
                    state="accepted",
                    accepted_at__isnull=False,
                    left_at__isnull=True,
                    enrolment__isnull=False,
                    learner__isnull=False,
                )
                | Q(state="left", left_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.given_name


class RosterImport(WorkRow):
    """A spreadsheet on its way in: the file, what it would do (the plan), what it did, and what was refused.

    Owed only after a person has said "apply exactly this"; until then `stage` is planned and nothing is written.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", _("planned, nothing written yet")
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
    reading = models.JSONField(default=dict, help_text="Encoding, delimiter, sheet and columns, as read or chosen.")
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.PLANNED)
    plan_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = WorkQuerySet.as_manager()

    class Meta(WorkRow.Meta):
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["-id"]
        constraints = [
            *WorkRow.Meta.constraints,
            models.CheckConstraint(
                name="cohorts_rosterimport_confirmed_has_plan",
                condition=~Q(stage__in=["confirmed", "applied"])
                | (~Q(plan_digest="") & Q(confirmed_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.file_name


class RosterRow(models.Model):
    """A row of a roster: what the file says, what the plan would do, and what became of it.

    `found` remembers what the plan rested on, so that a row whose ground has changed since is refused, alone.
    """

    class Action(models.TextChoices):
        INVITE = "invite", _("invite by e-mail")
        CARD = "card", _("make an account with a card")
        NOTHING = "nothing", _("already in the cohort")
        ERROR = "error", _("cannot be read")

    class Outcome(models.TextChoices):
        WAITING = "", _("waiting")
        DONE = "done", _("done")
        NOTHING = "nothing", _("nothing to do")
        REFUSED = "refused", _("refused")

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet program shows it.")
    cells = models.JSONField()
    values = models.JSONField(default=dict)
    action = models.CharField(max_length=8, choices=Action)
    problems = models.JSONField(default=list, help_text="Dicts of code, column, value and parameters.")
    found = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of a roster")
        verbose_name_plural = _("rows of rosters")
        ordering = ["roster", "number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="cohorts_rosterrow_unique")]
