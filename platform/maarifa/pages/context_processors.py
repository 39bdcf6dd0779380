"""What the frame of every page needs: languages, menu, and where to sign in."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.lib.frame import STAFF


def frame(request):
    return {
        "home_url": reverse("home"),
        "languages": _languages(request),
        "menu": _menu(request),
        "names_url": reverse("confirm-names"),
        "certificates_url": reverse("certificates"),
        "login_url": reverse("account_login"),
        "signup_url": reverse("account_signup"),
    }


def _languages(request):
    """The same page in each language. What has none in its address takes it as ?lang=; an address that leads
    nowhere has no languages either, and the menu leads home.
    """
    here = get_language()
    known = dict(settings.LANGUAGES)
    path, _mark, query = request.get_full_path().partition("?")
    first, _slash, rest = path[1:].partition("/")
    return [
        {
            "code": code,
            "name_local": name,
            "url": _in_language(request, code, rest if first in known else None, path, query),
            "current": code == here,
        }
        for code, name in known.items()
    ]


def _in_language(request, code, rest, path, query):
    if rest is not None:
        return f"/{code}/{rest}?{query}" if query else f"/{code}/{rest}"
    if request.resolver_match is None:
        return f"/{code}/"
    asked = request.GET.copy()
    asked["lang"] = code
    return f"{path}?{asked.urlencode()}"


def _menu(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        entries = [("catalogue", _("Courses")), ("verify", _("Check a certificate")), ("help", _("Help"))]
        return [
            *_links(request, entries),
            {"label": _("Sign in"), "url": reverse("account_login"), "current": False},
        ]
    entries = [
        ("my-learning", _("My learning")),
        ("catalogue", _("Courses")),
        ("certificates", _("Certificates")),
    ]
    if request.session.get(STAFF):
        entries.append(("institution", _("My institution")))
    entries += [("account", _("My account")), ("help", _("Help"))]
    menu = _links(request, entries)
    if user.is_staff:
        menu.append(
            {"label": _("Authoring and administration"), "url": reverse("admin:index"), "current": False}
        )
    menu.append({"label": _("Sign out"), "url": reverse("account_logout"), "post": True})
    return menu


def _links(request, entries):
    return [
        {"label": label, "url": (url := reverse(name)), "current": url == request.path}
        for name, label in entries
    ]
