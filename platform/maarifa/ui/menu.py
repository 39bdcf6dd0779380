"""The menus of the frame: apps register their items in their `menu.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NotRequired, TypedDict

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from maarifa.ui.registries import Registry

Label = str | Promise | Callable[[], str]


def everybody(request: HttpRequest) -> bool:
    return True


def signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def visitors(request: HttpRequest) -> bool:
    return not signed_in(request)


@dataclass(frozen=True, eq=False)
class MenuItem:
    """`label`: a lazy translation, or a function for one that depends on the language of the page. `shown_to` decides
    by what the request and its session hold, without a query. `post`: a form's button, for what changes something.
    `marked`: said to be the current page on its own page.
    """

    key: str
    label: Label
    url_name: str
    shown_to: Callable[[HttpRequest], bool] = everybody
    order: int = 100
    post: bool = False
    marked: bool = True


class Entry(TypedDict):
    """An item as the template has it. A button has `post`; a link that is marked on its own page has `current`."""

    label: str
    url: str
    post: NotRequired[bool]
    current: NotRequired[bool]


class Menu(Registry[MenuItem]):
    def shown(self, request: HttpRequest) -> tuple[MenuItem, ...]:
        """What this person sees; the keys are the menu's part of a page's ETag."""
        # Most items ask the same of the request: each question is put once.
        answers = {asks: asks(request) for asks in _questions(self.items)}
        return tuple(item for item in self.items if answers[item.shown_to])

    def entries(self, request: HttpRequest) -> list[Entry]:
        """For the template."""
        return [
            {**entry, "current": entry["url"] == request.path} if "current" in entry else entry
            for entry in _entries(get_language() or "", self.shown(request))
        ]


@lru_cache(maxsize=100)
def _questions(items: tuple[MenuItem, ...]) -> tuple[Callable[[HttpRequest], bool], ...]:
    return tuple({item.shown_to for item in items})


@lru_cache(maxsize=400)
def _entries(language: str, items: tuple[MenuItem, ...]) -> tuple[Entry, ...]:
    return tuple(_entry(item) for item in items)


def _entry(item: MenuItem) -> Entry:
    entry: Entry = {
        "label": item.label() if callable(item.label) else str(item.label),
        "url": reverse(item.url_name),
    }
    if item.post:
        entry["post"] = True
    elif item.marked:
        entry["current"] = False
    return entry


MAIN = Menu("main menu")
LANGUAGES = Menu("menu of languages")
"""What stands below the languages: it is about keeping one."""


# Pages above that every app leads to: named here by what they are for, so that nobody below knows their app.

_destinations: dict[str, str] = {}


def register_destination(name: str, url_name: str) -> None:
    if name in _destinations:
        raise ImproperlyConfigured(f"The destination {name!r} is registered twice.")
    _destinations[name] = url_name


def destination(name: str) -> str:
    """The address, for the language active now, of `home`, `overview` (of one's own learning) or `help`."""
    if name not in _destinations:
        known = ", ".join(sorted(_destinations)) or "none"
        raise ImproperlyConfigured(f"There is no destination {name!r}. There are: {known}.")
    return reverse(_destinations[name])
