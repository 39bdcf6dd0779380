"""What a member of the staff asks for, or the page that says no."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import queries
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport


def cohort_or_404(request: SignedInRequest, public_id: UUID) -> Cohort:
    """A cohort that the person may see, with `managed`: whether they may change it."""
    return _found(queries.find_cohort(request.user, public_id))


def managed_or_403(request: SignedInRequest, public_id: UUID) -> Cohort:
    """A cohort that the person may change; who may only look is told so."""
    cohort = cohort_or_404(request, public_id)
    if not cohort.managed:
        raise PermissionDenied
    return cohort


def roster_or_404(cohort: Cohort, public_id: UUID) -> RosterImport:
    """A roster of the cohort, without its file."""
    return _found(queries.find_roster(cohort, public_id))


def member_or_404(cohort: Cohort, public_id: UUID, *, at: datetime) -> CohortMember:
    return _found(queries.find_member(cohort, public_id, at=at))


Found = TypeVar("Found", Cohort, CohortMember, RosterImport)


def _found(row: Found | None) -> Found:
    if row is None:
        raise Http404("nothing of this cohort, or none that this person sees")
    return row
