"""What machines ask, before anything that is about people."""

from maarifa.operations import views

PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class ProbesMiddleware:
    """Answers `/healthz` and `/readyz` whatever the name in the address, and without a redirect to https: whoever asks
    knows the machine by its number, over the line behind the proxy. Stands first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = PROBES.get(request.path_info)
        return self.get_response(request) if view is None else view(request)
