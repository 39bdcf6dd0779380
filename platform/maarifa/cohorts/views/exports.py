"""To come."""

from django.http import Http404


def cohort_export(request, **kwargs):
    raise Http404


def roster_result(request, **kwargs):
    raise Http404
