"""One more attempt for a learner of the group."""

from maarifa.cohorts.actions.refusals import SeatRefusal
from maarifa.cohorts.models import Seat
from maarifa.learning import actions as learning


def grant_attempt(*, seat, quiz: str, by, reason: str, at=None) -> bool:
    """Lets the learner try a quiz of the cohort's course once more; they are told. True where this call did it.

    Refuses NOT_A_MEMBER to who has not accepted or has left, and as `learning.actions.grant_attempt`.
    """
    if seat.state != Seat.State.ACCEPTED:
        raise SeatRefusal("NOT_A_MEMBER")
    return learning.grant_attempt(
        enrolment=seat.enrolment,
        quiz=quiz,
        by=by,
        reason=reason,
        institution=seat.cohort.unit.institution.public_id,
        at=at,
    )
