"""To come."""

from django.http import Http404


def cohort(request, **kwargs):
    raise Http404


def cards(request, **kwargs):
    raise Http404
