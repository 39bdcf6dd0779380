"""What the frame of every page needs: its menus, and where the name leads."""

from functools import lru_cache
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from maarifa.ui.menu import LANGUAGES, MAIN, Entry, destination


class Language(TypedDict):
    """A line of the menu of languages."""

    code: str
    name_local: str
    url: str
    current: bool


class Frame(TypedDict):
    home_url: str
    languages: list[Language]
    language_items: list[Entry]
    just_switched: bool
    menu: list[Entry]


def frame(request: HttpRequest) -> Frame:
    return {
        "home_url": _home(get_language() or ""),
        "languages": _languages(request),
        "language_items": LANGUAGES.entries(request),
        "just_switched": _just_switched(request),
        "menu": MAIN.entries(request),
    }


@lru_cache(maxsize=100)
def _home(language: str) -> str:
    return destination("home")


def _languages(request: HttpRequest) -> list[Language]:
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


def _in_language(request: HttpRequest, code: str, rest: str | None, path: str, query: str) -> str:
    if rest is not None:
        return f"/{code}/{rest}?{query}" if query else f"/{code}/{rest}"
    if request.resolver_match is None:
        return f"/{code}/"
    asked = request.GET.copy()
    asked["lang"] = code
    return f"{path}?{asked.urlencode()}"


def _just_switched(request: HttpRequest) -> bool:
    """Whether the page before was this one in another language."""
    _host, _slash, path = request.headers.get("Referer", "").partition("://")[2].partition("/")
    before, _slash, page_before = path.partition("?")[0].partition("/")
    _here, _slash, page = request.path[1:].partition("/")
    known = dict(settings.LANGUAGES)
    return before in known and before != get_language() and page_before == page
