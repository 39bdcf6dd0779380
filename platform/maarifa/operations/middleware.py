"""What machines ask, before anything that is about people."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve

PROBES = {"/healthz", "/readyz"}


class ProbesMiddleware:
    """Answers `/healthz` and `/readyz` whatever the name in the address, and without a redirect to https: whoever asks
    knows the machine by its number, over the line behind the proxy. Stands first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PROBES:
            return self.get_response(request)
        view, args, kwargs = resolve(request.path_info, urlconf="maarifa.operations.urls")
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer
