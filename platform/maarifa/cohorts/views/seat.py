"""To come."""

from django.http import Http404


def seat(request, **kwargs):
    raise Http404
