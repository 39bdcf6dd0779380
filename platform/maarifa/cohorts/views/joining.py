"""To come."""

from django.http import Http404


def join(request, **kwargs):
    raise Http404


def enter(request, **kwargs):
    raise Http404


def groups(request, **kwargs):
    raise Http404
