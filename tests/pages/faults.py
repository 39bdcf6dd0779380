"""Addresses at which something goes wrong, beside all others."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import path

from maarifa.urls import urlpatterns as instance


def not_allowed(request):
    raise PermissionDenied("a secret")


def not_understood(request):
    raise SuspiciousOperation("a secret")


def broken(request):
    raise RuntimeError("a secret")


urlpatterns = [
    *i18n_patterns(
        path("not-allowed/", not_allowed),
        path("not-understood/", not_understood),
        path("broken/", broken),
    ),
    *instance,
]
