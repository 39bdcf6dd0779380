"""What machines ask, before anything that is about people."""

from django.urls import resolve

PROBES = {"/healthz", "/readyz"}


class ProbesMiddleware:
    """Answers `/healthz` and `/readyz` whatever the name in the address, and without a redirect to https: whoever asks
    knows the machine by its number, over the line behind the proxy. Stands first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info not in PROBES:
            return self.get_response(request)
        view, args, kwargs = resolve(request.path_info, urlconf="maarifa.operations.urls")
        return view(request, *args, **kwargs)
