"""Invitations and cards."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from maarifa.accounts.actions import has_been_used, record_audit
from maarifa.accounts.models import Consent
from maarifa.cohorts.actions.caps import why_no_invitation
from maarifa.cohorts.actions.cards import code_for, has_seat_elsewhere, why_no_card
from maarifa.cohorts.actions.refusals import SeatRefusal, why_nothing_begins
from maarifa.cohorts.messages import INVITATION
from maarifa.cohorts.models import Seat
from maarifa.curriculum.editions import outline
from maarifa.delivery.actions import owe_messages
from maarifa.institutions.actions import reset_way_in
from maarifa.learning.actions import accept_late_work as count_late_work
from maarifa.learning.actions import end_enrolment
from maarifa.lib import dates
from maarifa.lib.contact import contact_of_institution, contact_of_site
from maarifa.lib.numbers import number

State = Seat.State
_PLACE = "0"
# So soon after an invitation nobody is sent another one.
REST = timedelta(hours=1)


def language_for(cohort, wanted: str = "") -> str:
    """The interface language in which somebody is written to: the one wanted, the course's, the institution's."""
    known = dict(settings.LANGUAGES)
    for code in (wanted, cohort.language, cohort.unit.institution.language):
        if code in known:
            return code
    return settings.LANGUAGE_CODE


def invitations(seats, *, cohort) -> list[dict]:
    """What `delivery.owe_messages` takes, one message for each seat: the same for everybody, account or not.

    The key names seat and moment, so that one invitation is owed once, and a second one can follow.
    """
    facts = {language: _facts(cohort, language) for language in {seat.language for seat in seats}}
    return [
        {
            "key": f"invitation/{seat.public_id.hex}/{int(seat.invited_at.timestamp())}",
            "kind": INVITATION.name,
            "institution": cohort.unit.institution_id,
            "address": seat.email,
            "language": seat.language,
            "template": "cohorts/mail/invitation",
            "context": {
                **facts[seat.language],
                "name": seat.given_name,
                "url": facts[seat.language]["url"].replace(f"/{_PLACE}/", f"/{seat.token}/"),
            },
        }
        for seat in seats
    ]


def _facts(cohort, language) -> dict:
    """What an invitation says of the cohort, in a language."""
    institution = cohort.unit.institution
    read = outline(cohort.edition_id)
    with override(language):
        return {
            "institution": institution.name,
            "contact": str(contact_of_institution(institution) or contact_of_site()),
            "cohort": cohort.name,
            "course": read.words(language)["title"],
            "opens": dates.day(_there(cohort.opens_at, institution), language=language)
            if cohort.opens_at
            else "",
            "due": dates.moment(cohort.due_at, zone=cohort.due_zone, language=language)
            if cohort.due_at
            else "",
            "days": number(settings.INVITATION_DAYS, language=language),
            "url": settings.SITE_URL + reverse("join", args=[_PLACE]),
        }


def _there(moment, institution):
    return moment.astimezone(ZoneInfo(institution.time_zone))


def invite_again(*, seat, by, at=None) -> Seat:
    """A new invitation, or a new code for the card: to somebody who has not answered yet, or who has left.

    The earlier message stays good, the earlier code does not. Whoever has left decides anew. An account that somebody
    has used gets no code: its owner signs in, and finds the invitation among their groups. Refuses NOT_INVITED for
    somebody who is in the group, TOO_SOON within an hour of an earlier message, FULL_TODAY where the institution has
    sent MOST_INVITATIONS within 24 hours, RETIRED, INSTITUTION_RETIRED and NOT_PUBLISHED.
    """
    at = at or timezone.now()
    refusal = why_nothing_begins(seat.cohort, SeatRefusal)
    if refusal:
        raise refusal
    if seat.state == State.ACCEPTED:
        raise SeatRefusal("NOT_INVITED")
    if seat.state == State.INVITED and seat.email and seat.invited_at > at - REST:
        raise SeatRefusal("TOO_SOON")
    refusal = why_no_invitation(seat, at=at)
    if refusal:
        raise refusal
    fields = {
        "state": State.INVITED,
        "accepted_at": None,
        "left_at": None,
        "declined_at": None,
        "invited_at": at,
        "contacted_at": None,
    }
    if not seat.email:
        fields |= code_for(seat, at)
    with transaction.atomic():
        invited = Seat.objects.filter(pk=seat.pk, state=seat.state, invited_at=seat.invited_at).update(
            **fields
        )
        if not invited:
            raise SeatRefusal("TOO_SOON")
        seat.refresh_from_db()
        if seat.email:
            owe_messages(messages=invitations([seat], cohort=seat.cohort), at=at)
        _audit(seat, "seat.invited", by, at)
    return seat


def withdraw_invitation(*, seat, by, at=None) -> Seat:
    """The invitation no longer opens anything. Refuses NOT_INVITED where it has been answered."""
    at = at or timezone.now()
    with transaction.atomic():
        withdrawn = Seat.objects.filter(pk=seat.pk, state=State.INVITED).update(
            state=State.LEFT, left_at=at, entry_code=None, entry_code_until=None
        )
        if not withdrawn:
            raise SeatRefusal("NOT_INVITED")
        seat.refresh_from_db()
        forget_enrolment(seat, at=at)
        _audit(seat, "seat.withdrawn", by, at)
    return seat


def forget_enrolment(seat, *, at) -> None:
    """An enrolment made for an invitation that was never accepted ends with it.

    Whoever accepted, left and was invited once more keeps the course: their learning is theirs.
    """
    others = Seat.objects.filter(enrolment=seat.enrolment_id).exclude(pk=seat.pk)
    accepted_once = Consent.objects.filter(purpose=Consent.Purpose.SHARING, subject=seat.public_id)
    if seat.enrolment_id and not accepted_once.exists() and not others.exists():
        end_enrolment(enrolment=seat.enrolment, at=at)


def renew_code(*, seat, by, at=None) -> Seat:
    """One more code for somebody without an e-mail address: for the first time, or because the way in was lost.

    The old way in no longer works, and sessions end. Refuses NO_CODE where the person was invited by e-mail or has
    left, and what `institutions.why_not_reset` says, where the account is not the institution's to open.
    """
    at = at or timezone.now()
    institution = seat.cohort.unit.institution
    if seat.email or seat.learner is None or seat.state == State.LEFT:
        raise SeatRefusal("NO_CODE")
    refusal = why_no_card(seat)
    if refusal:
        raise refusal
    with transaction.atomic():
        if has_been_used(user=seat.learner):
            elsewhere = has_seat_elsewhere(seat.learner, institution)
            reset_way_in(institution=institution, user=seat.learner, seat_elsewhere=elsewhere, by=by, at=at)
        fields = code_for(seat, at)
        if not fields["entry_code"]:
            # Somebody has signed in meanwhile.
            raise SeatRefusal("NO_CODE")
        if seat.state == State.INVITED:
            fields["invited_at"] = at
        Seat.objects.filter(pk=seat.pk).update(**fields)
        seat.refresh_from_db()
        _audit(seat, "seat.code-made", by, at)
    return seat


def mark_contacted(*, seat, by, contacted=True, at=None) -> None:
    """A coordinator has written to the person or rung them up, or takes that back. Never refuses."""
    at = at or timezone.now()
    with transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(contacted_at=at if contacted else None)
        _audit(seat, "seat.contacted" if contacted else "seat.not-contacted", by, at)
    seat.refresh_from_db(fields=["contacted_at"])


def accept_late_work(*, seat, by, at=None) -> int:
    """What the learner handed in late counts. The number of lessons and attempts. Refuses NOTHING_LATE."""
    at = at or timezone.now()
    if seat.state != State.ACCEPTED:
        raise SeatRefusal("NOTHING_LATE")
    with transaction.atomic():
        accepted = count_late_work(enrolment=seat.enrolment, by=by, at=at)
        if not accepted:
            raise SeatRefusal("NOTHING_LATE")
        _audit(seat, "seat.late-work-accepted", by, at, count=accepted)
    return accepted


def note_look(*, cohort, by, action, seat=None, roster=None, filters=(), at=None) -> None:
    """Somebody of the staff looked at a learner's record, a list or the cards, or took a list out: one line of audit,
    which names what a list was narrowed by, and none of the words typed for it.
    """
    record_audit(
        actor=by,
        action=action,
        on_user=seat.learner if seat and seat.state == State.ACCEPTED else None,
        institution=cohort.unit.institution.public_id,
        details={
            "cohort": str(cohort.public_id),
            **({"seat": str(seat.public_id)} if seat else {}),
            **({"roster": str(roster.public_id)} if roster else {}),
            **({"filters": list(filters)} if filters else {}),
        },
        at=at,
    )


def _audit(seat, action, by, at, **details) -> None:
    record_audit(
        actor=by,
        action=action,
        # An account that nobody has accepted with yet is not the coordinator's to name.
        on_user=seat.learner if seat.accepted_at else None,
        institution=seat.cohort.unit.institution.public_id,
        details={"cohort": str(seat.cohort.public_id), "seat": str(seat.public_id), **details},
        at=at,
    )
