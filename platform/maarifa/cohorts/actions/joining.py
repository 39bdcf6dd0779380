"""Answering an invitation, and leaving."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from maarifa.accounts.actions import (
    confirm_address,
    create_account,
    drop_password,
    give_consent,
    has_been_used,
    set_password_and_names,
    withdraw_consent,
)
from maarifa.accounts.models import Consent, User
from maarifa.cohorts.actions.cards import card_opens
from maarifa.cohorts.actions.errors import CohortMemberError, why_nothing_begins
from maarifa.cohorts.actions.inviting import forget_enrolment
from maarifa.cohorts.actions.quiz_dates import write_quiz_dates
from maarifa.cohorts.models import Cohort, CohortMember, proves
from maarifa.cohorts.models.member import CohortMemberQuerySet
from maarifa.curriculum.editions import outline
from maarifa.learning.actions import end_enrolment, enrol
from maarifa.learning.models import Enrolment
from maarifa.lib.holding import hold
from maarifa.lib.text import clean_name

State = CohortMember.State


@dataclass(frozen=True)
class Answer:
    """Who would accept an invitation: `person`, or somebody `new` for whom an account is made or opened by the link.

    `fresh` is the account that nobody has used yet, where there is one.
    """

    person: User | None = None
    new: bool = False
    fresh: User | None = None


def who_answers(*, member: CohortMember, visitor: User | None = None, at: datetime | None = None) -> Answer:
    """Who would accept this invitation, if the visitor did so now; `member.proof` and its token say how they came.

    The link in a message proves whose address it is; a code proves the card. Whoever declined may accept after all as
    long as the invitation is good; whoever left the group may come back, signed in, for as long again. Refuses with
    what stands in the way: WITHDRAWN, ALREADY_ACCEPTED, EXPIRED, RETIRED, INSTITUTION_RETIRED, NOT_PUBLISHED,
    SIGN_IN_FIRST, SOMEBODY_ELSE, CLOSED_ACCOUNT, NO_PROOF.
    """
    at = at or timezone.now()
    if member.state == State.LEFT and not member.declined_at:
        return _comes_back(member, visitor, at)
    if member.state == State.ACCEPTED:
        raise CohortMemberError("ALREADY_ACCEPTED")
    refusal = why_nothing_begins(member.cohort, CohortMemberError)
    if refusal:
        raise refusal
    by_card = proves(member.proof, member.entry_code)
    if member.answerable_until <= at:
        raise CohortMemberError("EXPIRED")
    if visitor is not None:
        return Answer(person=_belongs(visitor, member))
    if member.has_card:
        if not by_card or member.learner is None:
            raise CohortMemberError("NO_PROOF")
        if has_been_used(user=_open(member.learner)) or not card_opens(member):
            # A card that may open it signs its owner in first: see `use_code`.
            raise CohortMemberError("SIGN_IN_FIRST")
        return Answer(new=True, fresh=member.learner)
    return Answer(new=True, fresh=_unused(member))


def accept_invitation(
    *,
    member: CohortMember,
    visitor: User | None = None,
    consent_text: str,
    language: str,
    terms: str = "",
    name: str | None = None,
    password: str | None = None,
    time_zone: str = "",
    at: datetime | None = None,
) -> User:
    """The invitation is accepted, and the institution sees progress from now on; whoever it is takes the course.

    The dates of quizzes are those that the cohort has by now, see `write_quiz_dates`.

    `visitor` is the person signed in, or None; then the link or the code opens the account that was made for them
    and nobody has used, or a new one, and the caller signs them in: their address counts as proven, `name` and
    `password` become theirs, and they agree to `terms`. `consent_text` is what they were shown about who sees what, in
    `language`; the consent keeps it. `time_zone` is what the browser of somebody new told: without it theirs is the
    institution's. Accepting again changes nothing. Refuses what `who_answers` refuses,
    ALREADY_IN_GROUP and NAME_MISSING.
    """
    at = at or timezone.now()
    member.refresh_from_db()
    # What is answered: nobody may have withdrawn it, or have answered, meanwhile.
    state_before = {"state": member.state, "left_at": member.left_at, "declined_at": member.declined_at}
    if member.state == State.ACCEPTED and visitor is not None and member.learner_id == visitor.pk:
        return visitor
    answer = who_answers(member=member, visitor=visitor, at=at)
    if answer.new and name is not None and not clean_name(name):
        raise CohortMemberError("NAME_MISSING")
    try:
        with transaction.atomic():
            person = answer.person or _take_over(
                member, answer.fresh, name, password, language, time_zone, at
            )
            if member.email:
                confirm_address(user=person, address=member.email, at=at)
            if answer.new and terms:
                give_consent(
                    user=person, purpose=Consent.Purpose.TERMS, words=terms, language=language, at=at
                )
            give_consent(
                user=person,
                purpose=Consent.Purpose.SHARING,
                subject=member.public_id,
                words=consent_text,
                language=language,
                at=at,
            )
            enrolment = _enrol(member, person, at)
            if member.enrolment_id not in (None, enrolment.pk) and (before := member.enrolment):
                end_enrolment(enrolment=before, at=at)
            count = CohortMember.objects.filter(pk=member.pk, **state_before).update(
                state=State.ACCEPTED,
                accepted_at=at,
                left_at=None,
                declined_at=None,
                learner=person,
                enrolment=enrolment,
                entry_code=None,
                entry_code_until=None,
            )
            if not count:
                raise CohortMemberError("ALREADY_ACCEPTED")
            # Whoever sets dates of the cohort at this moment either waits, and then finds this member, or is through,
            # and then these are the dates that are read.
            hold(Cohort.objects.filter(pk=member.cohort_id))
            write_quiz_dates([enrolment.pk])
    except IntegrityError:
        if not _is_in_group_already(member, visitor):
            raise
        raise CohortMemberError("ALREADY_IN_GROUP")
    member.refresh_from_db()
    return person


def open_by_code(*, code: str, at: datetime | None = None) -> CohortMember:
    """The member whose card has this code. Refuses CODE_UNKNOWN, also where the account has become its owner's alone
    since the code was made (see `card_opens`), and CODE_EXPIRED.
    """
    at = at or timezone.now()
    member = (
        CohortMember.objects.select_related("cohort__unit__institution", "cohort__course", "learner")
        .filter(entry_code=code)
        .first()
        if code
        else None
    )
    if member is None or not card_opens(member):
        raise CohortMemberError("CODE_UNKNOWN")
    if member.entry_code_until is None or member.entry_code_until <= at:
        raise CohortMemberError("CODE_EXPIRED")
    return member


def use_code(*, member: CohortMember, code: str, at: datetime | None = None) -> User:
    """Somebody who had used their account comes back in by a new card: the code is used up. Refuses CODE_UNKNOWN where
    another has used it.
    """
    count = CohortMember.objects.filter(pk=member.pk, entry_code=code).update(
        entry_code=None, entry_code_until=None
    )
    if not count or member.learner is None:
        raise CohortMemberError("CODE_UNKNOWN")
    return member.learner


def leave_cohort(*, member: CohortMember, by: User, at: datetime | None = None) -> bool:
    """The learner leaves the group: from now on the institution sees nothing of what they do. Their learning stays
    theirs. False where they had left. Refuses NOT_A_MEMBER for anybody else.
    """
    at = at or timezone.now()
    if member.learner_id is None or member.learner_id != by.pk:
        raise CohortMemberError("NOT_A_MEMBER")
    with transaction.atomic():
        count = _leave(CohortMember.objects.filter(pk=member.pk), at)
        withdraw_consent(user=by, purpose=Consent.Purpose.SHARING, subject=member.public_id, at=at)
    member.refresh_from_db()
    return bool(count)


def decline_invitation(
    *, member: CohortMember, visitor: User | None = None, at: datetime | None = None
) -> bool:
    """No, thank you. The link or the card stays good for changing one's mind. False where it has been answered already.
    Refuses what `who_answers` refuses.
    """
    at = at or timezone.now()
    if member.state == State.LEFT:
        return False
    who_answers(member=member, visitor=visitor, at=at)
    with transaction.atomic():
        count = CohortMember.objects.filter(pk=member.pk, state=State.INVITED).update(
            state=State.LEFT, left_at=at, declined_at=at
        )
        if count:
            member.refresh_from_db()
            forget_enrolment(member, at=at)
    return bool(count)


def leave_after_withdrawal(*, consent: Consent, at: datetime | None = None) -> None:
    """The consent to be seen was taken back: the person leaves the group. Never refuses."""
    if consent.subject is not None:
        members = CohortMember.objects.filter(public_id=consent.subject, learner=consent.user)
        _leave(members, at or timezone.now())


def leave_everything(*, user: User, at: datetime | None = None) -> None:
    """The account is closed: no institution sees more of it. Never refuses."""
    _leave(CohortMember.objects.held().of(user), at or timezone.now())


def _leave(members: CohortMemberQuerySet, at: datetime) -> int:
    return members.exclude(state=State.LEFT).update(
        state=State.LEFT, left_at=at, entry_code=None, entry_code_until=None
    )


def _comes_back(member: CohortMember, visitor: User | None, at: datetime) -> Answer:
    """The learner who left this group of their own accord, or WITHDRAWN for anybody else."""
    until = member.rejoin_until
    if until is None or until <= at or visitor is None or member.learner_id != visitor.pk:
        raise CohortMemberError("WITHDRAWN")
    refusal = why_nothing_begins(member.cohort, CohortMemberError)
    if refusal:
        raise refusal
    return Answer(person=visitor)


def _belongs(visitor: User, member: CohortMember) -> User:
    """The visitor, if the invitation is theirs."""
    if member.learner is not None and (member.learner.last_login or not member.email):
        mine = member.learner_id == visitor.pk
    else:
        mine = (
            member.learner_id == visitor.pk
            or visitor.email == member.email
            or EmailAddress.objects.filter(user=visitor, email=member.email).exists()
        )
    if not mine:
        raise CohortMemberError("SOMEBODY_ELSE")
    if member.email and not _proven_by(visitor, member.email):
        # They have written the address down here; the link shows that they read its mail.
        others = EmailAddress.objects.filter(email=member.email, verified=True).exclude(user=visitor)
        if others.exists():
            raise CohortMemberError("SOMEBODY_ELSE")
    return visitor


def _proven_by(user: User, address: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=address, verified=True).exists()


def _open(user: User) -> User:
    if user.closed_at:
        raise CohortMemberError("CLOSED_ACCOUNT")
    return user


def _unused(member: CohortMember) -> User | None:
    """The account at the invited address that nobody has used yet, or None where one is to be made.

    Refuses SIGN_IN_FIRST where somebody has shown that the address is theirs: the link alone does not open their
    account, for it lies in a mailbox for weeks.
    """
    if member.learner is not None and member.learner.last_login:
        raise CohortMemberError("SIGN_IN_FIRST")
    proven = User.objects.filter(emailaddress__email=member.email, emailaddress__verified=True).first()
    if proven is not None:
        _open(proven)
        raise CohortMemberError("SIGN_IN_FIRST")
    owner = member.learner or User.objects.filter(email=member.email).first()
    if owner is None or owner.last_login or owner.closed_at:
        # Somebody has written the address down and never shown that it is theirs: who reads its mail is another.
        return None
    return owner


def _take_over(
    member: CohortMember,
    fresh: User | None,
    name: str | None,
    password: str | None,
    language: str,
    time_zone: str,
    at: datetime,
) -> User:
    """The account that the link or the code opens, now its owner's."""
    if fresh is None:
        fresh = create_account(
            name=name or member.given_name,
            language=member.language,
            time_zone=member.cohort.unit.institution.time_zone,
            at=at,
        )
    elif fresh.has_usable_password():
        # Chosen by whoever wrote the address down, before anybody had shown whose it is.
        drop_password(user=fresh, at=at)
    interface = language if language in dict(settings.LANGUAGES) else None
    return set_password_and_names(
        user=fresh,
        password=password or None,
        name=name or None,
        language=interface,
        time_zone=time_zone,
        at=at,
    )


def _enrol(member: CohortMember, person: User, at: datetime) -> Enrolment:
    cohort = member.cohort
    if cohort.edition_id is None:
        raise CohortMemberError("NOT_PUBLISHED")
    return enrol(
        learner=person,
        course=cohort.course,
        language=member.language
        if member.language in outline(cohort.edition_id).languages
        else cohort.language,
        institution=cohort.unit.institution,
        held_edition=cohort.held_edition,
        opens_at=cohort.opens_at,
        due_at=cohort.due_at,
        due_zone=cohort.due_zone,
        due_local=cohort.due_local,
        quiz_dates=cohort.quiz_dates,
        at=at,
    )


def _is_in_group_already(member: CohortMember, visitor: User | None) -> bool:
    return (
        visitor is not None
        and CohortMember.objects.held()
        .of(visitor)
        .filter(cohort=member.cohort)
        .exclude(pk=member.pk)
        .exclude(enrolment=None)
        .exists()
    )
