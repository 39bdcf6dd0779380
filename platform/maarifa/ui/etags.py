"""The ETag of a page that is made anew for each person: of the frame, of the page's own state, of its panels."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from maarifa.lib.contact import HasContact, contact_for
from maarifa.lib.digests import digest_of
from maarifa.lib.version import code_version
from maarifa.ui.menu import LANGUAGES, MAIN
from maarifa.ui.panels import Filled


def page_etag(
    request: HttpRequest, *, own: Mapping[str, object], panels: Filled, institution: HasContact | None = None
) -> str:
    """Weak. `own`: whatever the page itself shows that may change, as texts, whole numbers, lists and dicts.
    `institution`: as the frame finds whom to ask.
    """
    state = {
        "code": code_version(),
        "interface": get_language(),
        "user": request.user.pk,
        "secret": request.META.get("CSRF_COOKIE", "") or request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),
        # A page that shows a message must not be shown again from the cache.
        "message": request.COOKIES.get("messages", ""),
        "menus": [item.key for menu in (MAIN, LANGUAGES) for item in menu.shown(request)],
        "contact": list(contact_for(request=request, institution=institution).parts),
        "own": own,
        "panels": panels.etag_parts,
    }
    return f'W/"{digest_of(state)[:32]}"'
