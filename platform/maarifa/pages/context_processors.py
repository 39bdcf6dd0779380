"""What the frame of every page needs: languages, menu, and where to sign in."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.lib.contact import SESSION_KEY
from maarifa.lib.frame import STAFF
from maarifa.pages.asking import note_contact


def frame(request):
    _know_whom_to_ask(request)
    return {
        **_addresses(get_language()),
        "languages": _languages(request),
        "account_language": _account_language(request),
        "just_switched": _just_switched(request),
        "menu": _menu(request),
    }


def _know_whom_to_ask(request) -> None:
    """For a session that does not say, because it is old or its person has just joined or left a group."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    if session is None or user is None or not user.is_authenticated or SESSION_KEY in session:
        return
    note_contact(request, user)


@lru_cache(maxsize=100)
def _addresses(language) -> dict[str, str]:
    """For the language active now: they don't change, and every page needs them."""
    return {
        "home_url": reverse("home"),
        "names_url": reverse("confirm-names"),
        "certificates_url": reverse("certificates"),
        "login_url": reverse("account_login"),
        "signup_url": reverse("account_signup"),
        "messages_url": reverse("wanted-messages"),
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


def _account_language(request) -> dict | None:
    """For somebody who has switched to another language than their account's: how to keep it. None for the others."""
    user, known = getattr(request, "user", None), dict(settings.LANGUAGES)
    if user is None or not user.is_authenticated or user.language == get_language():
        return None
    return {
        "here": known[get_language()],
        "url": reverse("account-keep-language"),
    }


def _just_switched(request) -> bool:
    """Whether the page before was this one in another language."""
    _host, _slash, path = request.headers.get("Referer", "").partition("://")[2].partition("/")
    before, _slash, page_before = path.partition("?")[0].partition("/")
    _here, _slash, page = request.path[1:].partition("/")
    known = dict(settings.LANGUAGES)
    return before in known and before != get_language() and page_before == page


def _menu(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        entries = _entries(get_language(), signed_in=False)
    else:
        staff, admin = bool(request.session.get(STAFF)), user.is_staff
        entries = _entries(get_language(), signed_in=True, staff=staff, admin=admin)
    return [
        {**entry, "current": entry["url"] == request.path} if "current" in entry else entry
        for entry in entries
    ]


@lru_cache(maxsize=400)
def _entries(language, *, signed_in, staff=False, admin=False) -> tuple[dict, ...]:
    """The menu for the language active now. An entry without "current" is never marked as the page shown."""
    if not signed_in:
        entries = [("catalogue", _("Courses")), ("verify", _("Check a certificate")), ("help", _("Help"))]
        return (
            *_links(entries),
            {"label": _("Sign in"), "url": reverse("account_login")},
        )
    entries = [
        ("my-learning", _("My learning")),
        ("catalogue", _("Courses")),
        ("certificates", _("Certificates")),
    ]
    if staff:
        entries.append(("institution", _("My institution")))
    entries += [("account", _("My account")), ("help", _("Help"))]
    menu = _links(entries)
    if admin:
        menu.append({"label": _("Authoring and administration"), "url": reverse("admin:index")})
    menu.append({"label": _("Sign out"), "url": reverse("account_logout"), "post": True})
    return tuple(menu)


def _links(entries):
    return [{"label": label, "url": reverse(name), "current": False} for name, label in entries]
