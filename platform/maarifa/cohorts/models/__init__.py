"""Learning together."""

from maarifa.cohorts.models.cohort import Cohort
from maarifa.cohorts.models.roster import RosterImport, RosterRow
from maarifa.cohorts.models.seat import Hand, Seat, invited_by_their_address
from maarifa.cohorts.models.tokens import make_token, proves, read_token

__all__ = [
    "Cohort",
    "Hand",
    "RosterImport",
    "RosterRow",
    "Seat",
    "invited_by_their_address",
    "make_token",
    "proves",
    "read_token",
]
