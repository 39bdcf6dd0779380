"""What the frame of every page needs: languages, menu, and where to sign in."""

from django.conf import settings
from django.urls import Resolver404, resolve, reverse, translate_url
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
    path, here = request.get_full_path(), get_language()
    if request.method not in ("GET", "HEAD") and not _answers_get(request):
        path = reverse("home")
    rows = []
    for code, name in settings.LANGUAGES:
        url = translate_url(path, code)
        if url == path and code != here:
            url = f"{request.path}?lang={code}"
        rows.append({"code": code, "name_local": name, "url": url, "current": code == here})
    return rows


def _answers_get(request) -> bool:
    try:
        return resolve(request.path_info) is not None
    except Resolver404:
        return False


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
