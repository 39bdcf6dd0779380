"""Finding what a member of the staff asks for, among what is theirs to see."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from maarifa.cohorts.models import Cohort, RosterImport, Seat


def cohort_or_404(request, public_id) -> Cohort:
    """A cohort that the person may see, with `managed`: whether they may change it."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).for_page(), public_id=public_id)
    cohort.managed = Cohort.objects.managed_by(request.user).filter(pk=cohort.pk).exists()
    return cohort


def managed_or_403(request, public_id) -> Cohort:
    """A cohort that the person may change; who may only look is told so."""
    cohort = cohort_or_404(request, public_id)
    if not cohort.managed:
        raise PermissionDenied
    return cohort


def roster_or_404(cohort, public_id) -> RosterImport:
    """A roster of the cohort, without its file."""
    roster = get_object_or_404(RosterImport.objects.without_file().filter(cohort=cohort), public_id=public_id)
    roster.cohort = cohort
    return roster


def seat_or_404(cohort, public_id, *, at) -> Seat:
    seat = (
        Seat.objects.filter(cohort=cohort, public_id=public_id)
        .with_hand(at)
        .select_related("learner", "enrolment")
        .first()
    )
    if seat is None:
        raise Http404("no such seat in this cohort")
    seat.cohort = cohort
    return seat
