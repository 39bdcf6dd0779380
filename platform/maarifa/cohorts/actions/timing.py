"""The time that a learner of the group has in timed quizzes."""

from datetime import datetime

from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import CohortMemberError
from maarifa.cohorts.models import CohortMember
from maarifa.learning import actions as learning
from maarifa.learning.models import Enrolment
from maarifa.quizzes.models import Attempt, LateAnswers


def extend_attempt(
    *,
    member: CohortMember,
    attempt: Attempt,
    minutes: int,
    reason: str,
    by: User,
    seen: datetime | None = None,
    at: datetime | None = None,
) -> None:
    """Refuses NOT_A_MEMBER to who has not accepted or has left, and as `learning.actions.extend_attempt`."""
    learning.extend_attempt(
        enrolment=_enrolment(member),
        attempt=attempt,
        minutes=minutes,
        reason=reason,
        by=by,
        seen=seen,
        institution=member.cohort.unit.institution.public_id,
        at=at,
    )


def set_extra_time(*, member: CohortMember, percent: int, by: User, at: datetime | None = None) -> bool:
    """Refuses NOT_A_MEMBER to who has not accepted or has left, and as `learning.actions.set_extra_time`."""
    return learning.set_extra_time(
        enrolment=_enrolment(member),
        percent=percent,
        by=by,
        institution=member.cohort.unit.institution.public_id,
        at=at,
    )


def decide_late_answers(
    *, member: CohortMember, late_answers: LateAnswers, accept: bool, by: User, at: datetime | None = None
) -> bool:
    """Refuses NOT_A_MEMBER to who has not accepted or has left, and as `learning.actions.decide_late_answers`."""
    return learning.decide_late_answers(
        enrolment=_enrolment(member),
        late_answers=late_answers,
        accept=accept,
        by=by,
        institution=member.cohort.unit.institution.public_id,
        at=at,
    )


def _enrolment(member: CohortMember) -> Enrolment:
    if member.state != CohortMember.State.ACCEPTED or member.enrolment is None:
        raise CohortMemberError("NOT_A_MEMBER")
    return member.enrolment
