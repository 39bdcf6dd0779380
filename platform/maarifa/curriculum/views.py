"""Figures of lessons, as files."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from maarifa.curriculum.models import Picture

FOR_GOOD = "public, max-age=31536000, immutable"


# Opened by itself, a drawing may do nothing but show: it is a document of its own then.
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True})  # type: ignore[arg-type] # knows no digest
@require_safe
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A figure by its digest: it never changes. Whoever can name it may see it, as every public course's text."""
    svg = Picture.objects.filter(digest=digest).values_list("svg", flat=True).first()
    if svg is None:
        raise Http404("no such picture")
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = FOR_GOOD
    return response
