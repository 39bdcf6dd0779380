"""Doing what a plan says, exactly, once."""

import logging
import time
from datetime import timedelta

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from maarifa.accounts.actions import NewPerson, create_accounts, record_audit
from maarifa.cohorts import tasks
from maarifa.cohorts.actions.caps import take_turns, why_no_list
from maarifa.cohorts.actions.cards import card_until, new_entry_codes
from maarifa.cohorts.actions.inviting import invitations, language_for
from maarifa.cohorts.actions.refusals import RosterRefusal, why_nothing_begins
from maarifa.cohorts.models import Cohort, RosterImport, RosterRow, Seat
from maarifa.delivery.actions import owe_messages
from maarifa.institutions.actions import make_managed_accounts
from maarifa.learning.actions import enrol_many
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.holding import hold
from maarifa.lib.text import casefold_key

log = logging.getLogger(__name__)

Action, Outcome, Stage = RosterRow.Action, RosterRow.Outcome, RosterImport.Stage

ROWS = 400
# Longer than a batch takes; every batch claims anew, so that a dead worker's rest is taken soon.
CLAIM_SECONDS = 30
MOST_TRIES = 8
WAIT = timedelta(seconds=20)
# Rosters hold the addresses of people who never came: their rows are forgotten.
KEEP = timedelta(days=90)


def confirm_roster(*, roster, plan_digest, by, answered=(), at=None) -> RosterImport:
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
    refusal = why_nothing_begins(roster.cohort, RosterRefusal)
    if refusal:
        raise refusal
    if not roster.rows.waiting().exists():
        raise RosterRefusal("NOT_PLANNED" if roster.stage != Stage.PLANNED else "NOTHING_TO_DO")
    if roster.plan_digest == plan_digest and not roster.question_keys <= set(answered):
        raise RosterRefusal("UNANSWERED")
    with transaction.atomic():
        take_turns(roster.cohort.unit.institution)
        refusal = why_no_list(roster, at=at)
        if refusal:
            raise refusal
        confirmed = RosterImport.objects.filter(
            pk=roster.pk, stage=Stage.PLANNED, plan_digest=plan_digest
        ).update(stage=Stage.CONFIRMED, confirmed_at=at, due_at=at)
        if confirmed:
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
            enqueue(tasks.apply, roster.pk)
    roster.refresh_from_db(fields=["stage", "confirmed_at", "due_at", "plan_digest"])
    if not confirmed and roster.plan_digest != plan_digest:
        raise RosterRefusal("PLAN_CHANGED")
    if not confirmed and roster.stage not in (Stage.CONFIRMED, Stage.APPLIED):
        raise RosterRefusal("NOT_PLANNED")
    return roster


def apply_roster(*, roster_id, at=None, tell=None) -> bool:
    """Applies a confirmed plan in batches; True where this call brought it to its end. `tell` is called after each.

    Accounts, enrolments, seats, invitations and the outcome of each row of a batch are one transaction, and a batch
    takes only rows without an outcome. So whoever dies anywhere leaves whole batches and a claim that runs out, and
    the next one goes on with the first row that has no outcome; nothing happens twice, and the same task delivered
    twice finds the claim taken. A row whose ground has changed since the plan is refused, alone, with a code. A row
    that the database refuses is taken out of its batch and refused, too.
    """
    at = at or timezone.now()
    token = RosterImport.objects.claim(roster_id, at=at, seconds=CLAIM_SECONDS)
    if token is None:
        return False
    started = time.monotonic()

    def now():
        return at + timedelta(seconds=time.monotonic() - started)

    try:
        while _apply_next(roster_id, token, now()):
            if tell:
                tell()
    except _Lost:
        return False
    except Exception as error:
        log.exception("roster %s", roster_id)
        tries = RosterImport.objects.values_list("tries", flat=True).get(pk=roster_id)
        words = f"{type(error).__name__}: {error}"
        if tries >= MOST_TRIES:
            RosterImport.objects.give_up(roster_id, token, at=now(), error=words)
        else:
            RosterImport.objects.put_back(roster_id, token, at=now(), wait=WAIT, error=words)
        return False
    return RosterImport.objects.finish(roster_id, token, at=now(), stage=Stage.APPLIED, file=b"")


def sweep(*, at=None) -> int:
    """Hands confirmed rosters that nobody has to the queue again, and forgets old lists. The number handed over."""
    at = at or timezone.now()
    due = list(RosterImport.objects.due(at).values_list("pk", flat=True)[:100])
    for pk in due:
        enqueue(tasks.apply, pk)
    _forget(at - KEEP)
    return len(due)


class _Lost(Exception):
    """Another process has the roster: this one took longer over a batch than its claim lasted."""


def _apply_next(roster_id, token, at) -> bool:
    """One batch. False when there is nothing left to do."""
    waiting = list(
        RosterRow.objects.filter(roster=roster_id)
        .waiting()
        .order_by("number")
        .values_list("pk", flat=True)[:ROWS]
    )
    try:
        _apply(roster_id, token, waiting, at)
    except (IntegrityError, DataError):
        for pk in waiting:
            try:
                _apply(roster_id, token, [pk], at)
            except (IntegrityError, DataError) as error:
                log.warning("roster %s, row %s: %s", roster_id, pk, error)
                _refuse(roster_id, token, pk, at)
    return bool(waiting)


def _renew(roster_id, token, at) -> None:
    """Ours for a while longer. The update holds the row until the transaction ends, so that nobody else claims it."""
    renewed = RosterImport.objects.filter(
        pk=roster_id, state=RosterImport.State.CLAIMED, claim_token=token
    ).update(claimed_until=at + timedelta(seconds=CLAIM_SECONDS))
    if not renewed:
        raise _Lost


def _apply(roster_id, token, row_ids, at) -> None:
    with transaction.atomic():
        _renew(roster_id, token, at)
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
        refusal = why_nothing_begins(cohort, RosterRefusal)
        if refusal:
            rest.filter(pk__in=row_ids).update(outcome=Outcome.REFUSED, outcome_code=refusal.code)
            return
        free, held = _divide(cohort, rows)
        if held:
            RosterRow.objects.filter(pk__in=[row.pk for row in held]).update(
                outcome=Outcome.REFUSED, outcome_code="SEAT_MEANWHILE"
            )
        if free:
            RosterRow.objects.mark_done((row.pk, seat.pk) for row, seat in _seat(roster, free, at))


def _divide(cohort, rows) -> tuple[list, list]:
    """Rows for which there is no seat yet, and those for which one was made since the plan."""
    emails = {row.values["email"] for row in rows} - {""}
    numbers = {casefold_key(row.values["staff_number"]) for row in rows} - {""}
    seats = Seat.objects.filter(cohort=cohort)
    held_emails = set(seats.with_emails(emails).values_list("email", flat=True))
    held_numbers = set(seats.with_staff_numbers(numbers).values_list("staff_number_key", flat=True))
    free, held = [], []
    for row in rows:
        taken = row.values["email"] in held_emails or casefold_key(row.values["staff_number"]) in held_numbers
        (held if taken else free).append(row)
    return free, held


def _seat(roster, rows, at) -> list[tuple]:
    """Accounts, enrolments, seats and invitations for the rows; (row, seat) each."""
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
    invited = [place for place, person in enumerate(people) if person.email]
    carded = [place for place, person in enumerate(people) if not person.email]
    users = dict(zip(invited, create_accounts(people=[people[i] for i in invited], at=at), strict=True))
    made = make_managed_accounts(
        institution=institution, people=[people[i] for i in carded], by=roster.uploaded_by, at=at
    )
    users |= dict(zip(carded, made, strict=True))
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
        at=at,
    )
    codes = new_entry_codes(len(carded))
    seats = []
    for place, (row, person) in enumerate(zip(rows, people, strict=True)):
        learner = learners.get(place)
        seats.append(
            Seat(
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
    Seat.objects.bulk_create(seats)
    owe_messages(messages=invitations([seat for seat in seats if seat.email], cohort=cohort), at=at)
    return list(zip(rows, seats, strict=True))


def _refuse(roster_id, token, row_id, at) -> None:
    with transaction.atomic():
        _renew(roster_id, token, at)
        RosterRow.objects.filter(pk=row_id, outcome=Outcome.WAITING).update(
            outcome=Outcome.REFUSED, outcome_code="CONFLICT"
        )


def _forget(before) -> None:
    """Delete the rows of lists from before this moment, and the files of those that were never applied."""
    old = RosterImport.objects.filter(created_at__lt=before).exclude(
        stage=Stage.CONFIRMED, state__in=["owed", "claimed"]
    )
    RosterRow.objects.filter(roster__in=old.values("pk")).delete()
    old.filter(stage=Stage.PLANNED).update(stage=Stage.DISCARDED, file=b"")
