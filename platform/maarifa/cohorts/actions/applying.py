"""Doing what a plan says, exactly, once."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from maarifa.accounts.actions import NewPerson, create_accounts, record_audit
from maarifa.accounts.models import User
from maarifa.cohorts import tasks
from maarifa.cohorts.actions.caps import take_turns, why_no_list
from maarifa.cohorts.actions.cards import card_until, new_entry_codes
from maarifa.cohorts.actions.errors import RosterImportError, why_nothing_begins
from maarifa.cohorts.actions.inviting import invitations, language_for
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport, RosterRow
from maarifa.delivery.actions import queue_messages
from maarifa.institutions.actions import make_managed_accounts
from maarifa.learning.actions import enrol_many
from maarifa.lib import jobs
from maarifa.lib.holding import hold
from maarifa.lib.jobs import Claim
from maarifa.lib.text import casefold_key

log = logging.getLogger(__name__)

Action, Outcome, Stage = RosterRow.Action, RosterRow.Outcome, RosterImport.Stage

ROWS = 400
# After so long the rest of a list goes to the end of the queue: a certificate does not wait for ten thousand people.
TURN_SECONDS = 20
# Rosters hold the addresses of people who never came: their rows and files are forgotten.
KEEP = timedelta(days=90)


class Rosters(jobs.Runner[RosterImport]):
    name = "roster"
    model = RosterImport
    task = tasks.apply
    # Longer than a batch takes; every batch claims anew, so that a dead worker's rest is taken soon.
    claim_seconds = 30
    takes_long = True

    def load(self, pk: int) -> RosterImport:
        return RosterImport.objects.without_file().get(pk=pk)

    def work(
        self,
        row: RosterImport,
        claim: Claim,
        *,
        tell: Callable[[], object] | None = None,
        turn: int = TURN_SECONDS,
    ) -> bool:
        while _apply_next(claim):
            if tell:
                tell()
            if turn and claim.seconds() > turn:
                raise jobs.MoreError
        return claim.finish(stage=Stage.APPLIED, file=b"")

    def waits(self, row: RosterImport) -> tuple[timedelta, ...]:
        return (timedelta(seconds=20),) * 7


ROSTERS = Rosters()


def confirm_roster(
    *,
    roster: RosterImport,
    plan_digest: str,
    by: User | None,
    answered: Iterable[str] = (),
    at: datetime | None = None,
) -> RosterImport:
    """A person has seen the plan and says: apply exactly this. `plan_digest` is the one of the plan that they saw,
    `answered` the keys of its questions to which they have said that they know.

    Confirming the same plan again changes nothing. Refuses FULL_TODAY and TOO_MANY where the institution would send
    more than MOST_INVITATIONS in 24 hours: the whole list, never half of it. Refuses UNANSWERED where a question is
    left, PLAN_CHANGED where another plan has taken its place, NOT_PLANNED where it was put aside, NOTHING_TO_DO, and
    RETIRED, INSTITUTION_RETIRED and NOT_PUBLISHED where nobody can be invited any more.
    """
    at = at or timezone.now()
    roster = (
        RosterImport.objects.without_file()
        .select_related("cohort__unit__institution", "cohort__course")
        .get(pk=roster.pk)
    )
    if roster.stage in (Stage.CONFIRMED, Stage.APPLIED) and roster.plan_digest == plan_digest:
        return roster
    refusal = why_nothing_begins(roster.cohort, RosterImportError)
    if refusal:
        raise refusal
    if not roster.rows.waiting().exists():
        raise RosterImportError("NOT_PLANNED" if roster.stage != Stage.PLANNED else "NOTHING_TO_DO")
    if roster.plan_digest == plan_digest and not roster.question_keys <= set(answered):
        raise RosterImportError("UNANSWERED")
    with transaction.atomic():
        take_turns(roster.cohort.unit.institution)
        refusal = why_no_list(roster, at=at)
        if refusal:
            raise refusal
        count = RosterImport.objects.filter(
            pk=roster.pk, stage=Stage.PLANNED, plan_digest=plan_digest
        ).update(stage=Stage.CONFIRMED, confirmed_at=at, due_at=at, queued_at=at)
        if count:
            record_audit(
                actor=by,
                action="roster.confirmed",
                institution=roster.cohort.unit.institution.public_id,
                details={
                    "cohort": str(roster.cohort.public_id),
                    "roster": str(roster.public_id),
                    "plan": plan_digest,
                },
                at=at,
            )
            ROSTERS.hand_over(roster)
    roster.refresh_from_db(fields=["stage", "confirmed_at", "due_at", "plan_digest"])
    if not count and roster.plan_digest != plan_digest:
        raise RosterImportError("PLAN_CHANGED")
    if not count and roster.stage not in (Stage.CONFIRMED, Stage.APPLIED):
        raise RosterImportError("NOT_PLANNED")
    return roster


def apply_roster(
    *,
    roster_id: int,
    at: datetime | None = None,
    tell: Callable[[], object] | None = None,
    turn: int = TURN_SECONDS,
) -> bool:
    """Applies a confirmed plan in batches; True where this call brought it to its end. `tell` is called after each.
    After `turn` seconds, unless it is 0, the rest is left to another turn, at the end of the queue.

    Accounts, enrolments, members, invitations and the outcome of each row of a batch are one transaction, and a batch
    takes only rows without an outcome. So whoever dies anywhere leaves whole batches and a claim that runs out, and
    the next one goes on with the first row that has no outcome; nothing happens twice, and the same task delivered
    twice finds the claim taken. A row whose ground has changed since the plan is refused, alone, with a code. A row
    that the database refuses is taken out of its batch and refused, too.
    """
    return ROSTERS.run(roster_id, at=at, tell=tell, turn=turn)


def confirm_and_apply(*, roster: RosterImport, plan_digest: str, by: User | None, at: datetime) -> bool:
    """Both in one transaction, so that no worker takes it in between: for a short list, at a moment of the past. True
    where all is applied. Refuses as `confirm_roster`.
    """
    with transaction.atomic():
        confirm_roster(roster=roster, plan_digest=plan_digest, by=by, at=at)
        return apply_roster(roster_id=roster.pk, at=at, turn=0)


def forget_lists(*, at: datetime | None = None) -> None:
    """Deletes rows and files of lists that are older than KEEP, whatever became of them, and puts aside those that
    wait for a yes. What is still to be applied stays whole.
    """
    old = RosterImport.objects.filter(created_at__lt=(at or timezone.now()) - KEEP).exclude(
        stage=Stage.CONFIRMED, state__in=[RosterImport.State.PENDING, RosterImport.State.CLAIMED]
    )
    RosterRow.objects.filter(roster__in=old.values("pk")).delete()
    old.exclude(file=b"").update(file=b"")
    old.filter(stage=Stage.PLANNED).update(stage=Stage.DISCARDED)


def _apply_next(claim: Claim) -> bool:
    """One batch. False when there is nothing left to do."""
    waiting = list(
        RosterRow.objects.filter(roster=claim.pk)
        .waiting()
        .order_by("number")
        .values_list("pk", flat=True)[:ROWS]
    )
    try:
        _apply(claim, waiting)
    except (IntegrityError, DataError):
        for pk in waiting:
            try:
                _apply(claim, [pk])
            except (IntegrityError, DataError) as error:
                log.warning("roster %s, row %s: %s", claim.pk, pk, error)
                _refuse(claim, pk)
    return bool(waiting)


def _apply(claim: Claim, row_ids: list[int]) -> None:
    roster_id, at = claim.pk, claim.now()
    with transaction.atomic():
        claim.renew()
        roster = (
            RosterImport.objects.without_file()
            .select_related(
                "uploaded_by", "cohort__unit__institution", "cohort__course", "cohort__held_edition"
            )
            .get(pk=roster_id)
        )
        cohort = roster.cohort
        # Two lists for one cohort at one moment take turns, and see what the other one made.
        hold(Cohort.objects.filter(pk=cohort.pk))
        rest = RosterRow.objects.filter(roster=roster_id, outcome=Outcome.WAITING)
        if not row_ids:
            rest.filter(action=Action.NOTHING).update(outcome=Outcome.NOTHING)
            rest.filter(action=Action.ERROR).update(outcome=Outcome.REFUSED, outcome_code="CANNOT_BE_READ")
            return
        rows = list(rest.filter(pk__in=row_ids).order_by("number"))
        refusal = why_nothing_begins(cohort, RosterImportError)
        if refusal:
            rest.filter(pk__in=row_ids).update(outcome=Outcome.REFUSED, outcome_code=refusal.code)
            return
        free_rows, held_rows = _divide(cohort, rows)
        if held_rows:
            RosterRow.objects.filter(pk__in=[row.pk for row in held_rows]).update(
                outcome=Outcome.REFUSED, outcome_code="MEMBER_MEANWHILE"
            )
        if free_rows:
            RosterRow.objects.mark_done(
                (row.pk, member.pk) for row, member in _make_members(roster, free_rows, at)
            )


def _divide(cohort: Cohort, rows: list[RosterRow]) -> tuple[list[RosterRow], list[RosterRow]]:
    """Rows for which there is no member yet, and those for which one was made since the plan."""
    emails = {row.values["email"] for row in rows} - {""}
    numbers = {casefold_key(row.values["staff_number"]) for row in rows} - {""}
    members = CohortMember.objects.filter(cohort=cohort)
    held_emails = set(members.with_emails(emails).values_list("email", flat=True))
    held_numbers = set(members.with_staff_numbers(numbers).values_list("staff_number_key", flat=True))
    free_rows: list[RosterRow] = []
    held_rows: list[RosterRow] = []
    for row in rows:
        is_held = (
            row.values["email"] in held_emails or casefold_key(row.values["staff_number"]) in held_numbers
        )
        (held_rows if is_held else free_rows).append(row)
    return free_rows, held_rows


def _make_members(
    roster: RosterImport, rows: list[RosterRow], at: datetime
) -> list[tuple[RosterRow, CohortMember]]:
    """Accounts, enrolments, members and invitations for the rows; (row, member) each."""
    cohort = roster.cohort
    institution = cohort.unit.institution
    people = [
        NewPerson(
            name=row.values["name"],
            language=language_for(cohort, row.values["language"]),
            time_zone=institution.time_zone,
            email=row.values["email"] or None,
        )
        for row in rows
    ]
    invited_places = [place for place, person in enumerate(people) if person.email]
    carded_places = [place for place, person in enumerate(people) if not person.email]
    users = dict(
        zip(invited_places, create_accounts(people=[people[i] for i in invited_places], at=at), strict=True)
    )
    managed_users = make_managed_accounts(
        institution=institution, people=[people[i] for i in carded_places], by=roster.uploaded_by, at=at
    )
    users |= dict(zip(carded_places, managed_users, strict=True))
    learners = {place: user for place, user in users.items() if user}
    enrolments = enrol_many(
        learners=learners.values(),
        course=cohort.course,
        languages=[rows[place].values["language"] or cohort.language for place in learners],
        institution=institution,
        held_edition=cohort.held_edition,
        opens_at=cohort.opens_at,
        due_at=cohort.due_at,
        due_zone=cohort.due_zone,
        due_local=cohort.due_local,
        quiz_dates=cohort.quiz_dates,
        at=at,
    )
    codes = new_entry_codes(len(carded_places))
    members: list[CohortMember] = []
    for place, (row, person) in enumerate(zip(rows, people, strict=True)):
        learner = learners.get(place)
        members.append(
            CohortMember(
                cohort=cohort,
                given_name=row.values["name"],
                staff_number=row.values["staff_number"],
                email=row.values["email"],
                language=person.language,
                learner=learner,
                enrolment_id=enrolments[learner.pk] if learner else None,
                entry_code=None if person.email else codes.pop(),
                entry_code_until=None if person.email else card_until(cohort, at),
                invited_at=at,
            )
        )
    CohortMember.objects.bulk_create(members)
    queue_messages(messages=invitations([member for member in members if member.email], cohort=cohort), at=at)
    return list(zip(rows, members, strict=True))


def _refuse(claim: Claim, row_id: int) -> None:
    with transaction.atomic():
        claim.renew()
        RosterRow.objects.filter(pk=row_id, outcome=Outcome.WAITING).update(
            outcome=Outcome.REFUSED, outcome_code="CONFLICT"
        )
