"""The instance, and bare views behind the same middleware."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from maarifa.urls import urlpatterns as instance

PAGES: dict[int, bytes] = {}


@csrf_exempt
def bare(request):
    """Two letters."""
    return HttpResponse(b"ok")


def bare_page(request, size):
    """So many bytes of text, which the middleware compresses."""
    if size not in PAGES:
        words = (f"<p>The rule of office number {number} names who does what." for number in range(size))
        PAGES[size] = "".join(part for part, _ in zip(words, range(size // 50 + 1), strict=False))[
            :size
        ].encode()
    return HttpResponse(PAGES[size])


urlpatterns = [path("bench/bare/", bare), path("bench/page/<int:size>/", bare_page), *instance]
