"""One more attempt for a learner of the group."""

from datetime import datetime

from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import CohortMemberError
from maarifa.cohorts.models import CohortMember
from maarifa.learning import actions as learning


def grant_attempt(
    *, member: CohortMember, quiz: str, by: User, reason: str, at: datetime | None = None
) -> bool:
    """Lets the learner try a quiz of the cohort's course once more; they are told. True where this call did it.

    Refuses NOT_A_MEMBER to who has not accepted or has left, and as `learning.actions.grant_attempt`.
    """
    if member.state != CohortMember.State.ACCEPTED or member.enrolment is None:
        raise CohortMemberError("NOT_A_MEMBER")
    return learning.grant_attempt(
        enrolment=member.enrolment,
        quiz=quiz,
        by=by,
        reason=reason,
        institution=member.cohort.unit.institution.public_id,
        at=at,
    )
