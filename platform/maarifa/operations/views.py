"""For machines that watch."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from maarifa.operations.health import parts


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nothing else, so that a slow database does not get it killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: database, migrations, Redis and a worker are there; 503 and what is wrong where one is not."""
    states = parts(at=timezone.now())
    status = 200 if all(state == "ok" for state in states.values()) else 503
    response = JsonResponse(states, status=status)
    response["Cache-Control"] = "no-store"
    return response
