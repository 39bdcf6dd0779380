"""To come."""

from django.http import Http404


def upload(request, **kwargs):
    raise Http404


def roster(request, **kwargs):
    raise Http404


def progress(request, **kwargs):
    raise Http404
