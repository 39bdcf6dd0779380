"""To come."""

from django.http import Http404


def institution(request, **kwargs):
    raise Http404


def cohort_new(request, **kwargs):
    raise Http404
