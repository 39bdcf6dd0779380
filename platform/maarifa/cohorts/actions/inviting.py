"""Invitations and cards."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from maarifa.accounts.actions import has_been_used, record_audit
from maarifa.accounts.models import Consent, User
from maarifa.cohorts.actions.caps import take_turns, why_no_invitation
from maarifa.cohorts.actions.cards import code_for, learns_elsewhere, why_no_card
from maarifa.cohorts.actions.errors import CohortError, CohortMemberError, why_nothing_begins
from maarifa.cohorts.messages import INVITATION
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport
from maarifa.curriculum import editions
from maarifa.delivery.actions import Message, queue_messages
from maarifa.institutions.actions import reset_credential
from maarifa.institutions.models import Institution
from maarifa.learning.actions import accept_late_work as count_late_work
from maarifa.learning.actions import end_enrolment
from maarifa.lib import dates
from maarifa.lib.contact import contact_for
from maarifa.lib.numbers import number

State = CohortMember.State
_PLACE = "0"
# So soon after an invitation nobody is sent another one.
REST = timedelta(hours=1)


def language_for(cohort: Cohort, preference: str = "") -> str:
    """The interface language in which somebody is written to: the one wanted, the course's, the institution's."""
    languages = dict(settings.LANGUAGES)
    for code in (preference, cohort.language, cohort.unit.institution.language):
        if code in languages:
            return code
    return settings.LANGUAGE_CODE


def invitations(members: Collection[CohortMember], *, cohort: Cohort) -> list[Message]:
    """What `delivery.queue_messages` takes, one message for each member: the same for everybody, account or not.

    The key names member and moment, so that one invitation is pending once, and a second one can follow.
    """
    facts = {language: _facts(cohort, language) for language in {member.language for member in members}}
    return [
        {
            "key": f"invitation/{member.public_id.hex}/{int(member.invited_at.timestamp())}",
            "kind": INVITATION.name,
            "institution": cohort.unit.institution_id,
            "address": member.email,
            "language": member.language,
            "template": "cohorts/mail/invitation",
            "context": {
                **facts[member.language],
                "name": member.given_name,
                "url": facts[member.language]["url"].replace(f"/{_PLACE}/", f"/{member.token}/"),
            },
        }
        for member in members
    ]


def _facts(cohort: Cohort, language: str) -> dict[str, str]:
    """What an invitation says of the cohort, in a language."""
    institution = cohort.unit.institution
    if cohort.edition_id is None:
        raise CohortError("NOT_PUBLISHED")
    outline = editions.outline(cohort.edition_id)
    with override(language):
        return {
            "institution": institution.name,
            "contact": str(contact_for(institution=institution)),
            "cohort": cohort.name,
            "course": outline.texts(language)["title"],
            "opens": dates.day(_there(cohort.opens_at, institution), language=language)
            if cohort.opens_at
            else "",
            "due": dates.moment(cohort.due_at, zone=cohort.due_zone, language=language)
            if cohort.due_at
            else "",
            "days": number(settings.INVITATION_DAYS, language=language),
            "url": settings.SITE_URL + reverse("join", args=[_PLACE]),
        }


def _there(moment: datetime, institution: Institution) -> datetime:
    return moment.astimezone(ZoneInfo(institution.time_zone))


def invite_again(*, member: CohortMember, by: User, at: datetime | None = None) -> CohortMember:
    """A new invitation, or a new code for the card: to somebody who has not answered yet, or who has left.

    The earlier message stays good, the earlier code does not. Whoever has left decides anew. An account that somebody
    has used gets no code: its owner signs in, and finds the invitation among their groups. Refuses NOT_INVITED for
    somebody who is in the group, TOO_SOON within an hour of an earlier message, FULL_TODAY where the institution has
    sent MOST_INVITATIONS within 24 hours, RETIRED, INSTITUTION_RETIRED and NOT_PUBLISHED.
    """
    at = at or timezone.now()
    cohort_refusal = why_nothing_begins(member.cohort, CohortError)
    if cohort_refusal:
        raise cohort_refusal
    if member.state == State.ACCEPTED:
        raise CohortMemberError("NOT_INVITED")
    if member.state == State.INVITED and member.email and member.invited_at > at - REST:
        raise CohortMemberError("TOO_SOON")
    fields: dict[str, Any] = {
        "state": State.INVITED,
        "accepted_at": None,
        "left_at": None,
        "declined_at": None,
        "invited_at": at,
        "contacted_at": None,
    }
    if not member.email:
        fields |= code_for(member, at)
    with transaction.atomic():
        if member.email:
            # A card costs the day nothing, and waits for nobody.
            take_turns(member.cohort.institution)
            refusal = why_no_invitation(member, at=at)
            if refusal:
                raise refusal
        count = CohortMember.objects.filter(
            pk=member.pk, state=member.state, invited_at=member.invited_at
        ).update(**fields)
        if not count:
            raise CohortMemberError("TOO_SOON")
        member.refresh_from_db()
        if member.email:
            queue_messages(messages=invitations([member], cohort=member.cohort), at=at)
        _audit(member, "member.invited", by, at)
    return member


def withdraw_invitation(*, member: CohortMember, by: User, at: datetime | None = None) -> CohortMember:
    """The invitation no longer opens anything. Refuses NOT_INVITED where it has been answered."""
    at = at or timezone.now()
    with transaction.atomic():
        withdrawn = CohortMember.objects.filter(pk=member.pk, state=State.INVITED).update(
            state=State.LEFT, left_at=at, entry_code=None, entry_code_until=None
        )
        if not withdrawn:
            raise CohortMemberError("NOT_INVITED")
        member.refresh_from_db()
        forget_enrolment(member, at=at)
        _audit(member, "member.withdrawn", by, at)
    return member


def forget_enrolment(member: CohortMember, *, at: datetime) -> None:
    """An enrolment made for an invitation that was never accepted ends with it.

    Whoever accepted, left and was invited once more keeps the course: their learning is theirs.
    """
    others = CohortMember.objects.filter(enrolment=member.enrolment_id).exclude(pk=member.pk)
    accepted_once = Consent.objects.filter(purpose=Consent.Purpose.SHARING, subject=member.public_id)
    ends = member.enrolment_id and not accepted_once.exists() and not others.exists()
    if ends and (enrolment := member.enrolment):
        end_enrolment(enrolment=enrolment, at=at)


def renew_code(*, member: CohortMember, by: User, at: datetime | None = None) -> CohortMember:
    """One more code for somebody without an e-mail address: for the first time, or because the credential was lost.

    The old credential no longer works, and sessions end. Refuses NO_CODE where the person was invited by e-mail or has
    left, and what `institutions.why_not_reset` says, where the account is not the institution's to open.
    """
    at = at or timezone.now()
    institution = member.cohort.unit.institution
    if member.email or member.learner is None or member.state == State.LEFT:
        raise CohortMemberError("NO_CODE")
    refusal = why_no_card(member)
    if refusal:
        raise refusal
    with transaction.atomic():
        if has_been_used(user=member.learner):
            elsewhere = learns_elsewhere(member.learner, institution)
            reset_credential(
                institution=institution, user=member.learner, learns_elsewhere=elsewhere, by=by, at=at
            )
        fields: dict[str, Any] = {**code_for(member, at)}
        if not fields["entry_code"]:
            # Somebody has signed in meanwhile.
            raise CohortMemberError("NO_CODE")
        if member.state == State.INVITED:
            fields["invited_at"] = at
        CohortMember.objects.filter(pk=member.pk).update(**fields)
        member.refresh_from_db()
        _audit(member, "member.code-made", by, at)
    return member


def mark_contacted(
    *, member: CohortMember, by: User, contacted: bool = True, at: datetime | None = None
) -> None:
    """A coordinator has written to the person or rung them up, or takes that back. Never refuses."""
    at = at or timezone.now()
    with transaction.atomic():
        CohortMember.objects.filter(pk=member.pk).update(contacted_at=at if contacted else None)
        _audit(member, "member.contacted" if contacted else "member.not-contacted", by, at)
    member.refresh_from_db(fields=["contacted_at"])


def accept_late_work(*, member: CohortMember, by: User, at: datetime | None = None) -> int:
    """What the learner handed in late counts, from the days on which they did it. The number of lessons and attempts.
    Refuses NOTHING_LATE.
    """
    at = at or timezone.now()
    if member.state != State.ACCEPTED or member.enrolment is None:
        raise CohortMemberError("NOTHING_LATE")
    with transaction.atomic():
        count = count_late_work(enrolment=member.enrolment, by=by)
        if not count:
            raise CohortMemberError("NOTHING_LATE")
        _audit(member, "member.late-work-accepted", by, at, count=count)
    return count


def note_look(
    *,
    cohort: Cohort,
    by: User,
    action: str,
    member: CohortMember | None = None,
    roster: RosterImport | None = None,
    filters: Iterable[str] = (),
    at: datetime | None = None,
) -> None:
    """Somebody of the staff looked at a learner's record, a list or the cards, or took a list out: one line of audit,
    which names what a list was narrowed by, and none of the words typed for it.
    """
    record_audit(
        actor=by,
        action=action,
        on_user=member.learner if member and member.state == State.ACCEPTED else None,
        institution=cohort.unit.institution.public_id,
        details={
            "cohort": str(cohort.public_id),
            **({"member": str(member.public_id)} if member else {}),
            **({"roster": str(roster.public_id)} if roster else {}),
            **({"filters": list(filters)} if filters else {}),
        },
        at=at,
    )


def _audit(member: CohortMember, action: str, by: User, at: datetime, **details: Any) -> None:
    record_audit(
        actor=by,
        action=action,
        # An account that nobody has accepted with yet is not the coordinator's to name.
        on_user=member.learner if member.accepted_at else None,
        institution=member.cohort.unit.institution.public_id,
        details={"cohort": str(member.cohort.public_id), "member": str(member.public_id), **details},
        at=at,
    )
