"""Learning together."""

from maarifa.cohorts.models.cohort import Cohort
from maarifa.cohorts.models.member import AttentionReason, CohortMember, invited_by_their_address
from maarifa.cohorts.models.roster import RosterImport, RosterRow
from maarifa.cohorts.models.tokens import make_token, proves, read_token

__all__ = [
    "AttentionReason",
    "Cohort",
    "CohortMember",
    "RosterImport",
    "RosterRow",
    "invited_by_their_address",
    "make_token",
    "proves",
    "read_token",
]
