"""Panels: what an app shows on the page of an app below it, which knows nothing of it.

The page's app names its slots in `slots.py`; its view fills them (`fill`), and its template shows each of them
(`{% panels "learning.lesson.end" %}`). An app above registers a panel for a slot in its `panels.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import Context, Engine
from django.utils.safestring import SafeString

from maarifa.ui.registries import Registry

Subject = TypeVar("Subject")
Page = TypeVar("Page", contravariant=True)
Making = Callable[[HttpRequest, Subject], Mapping[str, Any] | None]

# Of whatever subject each slot is.
_slots: "dict[str, Slot[Any]]" = {}


@dataclass(frozen=True, eq=False)
class Panel(Generic[Subject]):
    """`context` says what the template is given, and None where the panel is not shown. The template sees nothing else.

    `queries` is how many queries `context` and the template may make together, a promise that tests hold. The
    context is the panel's part of the page's ETag, which is right whatever the template shows of it: texts, whole
    numbers, lists, dicts.
    """

    key: str
    template: str
    context: Making[Subject]
    queries: int = 0
    order: int = 100


Shown = tuple[Panel[Any], Mapping[str, Any]]
"""A panel that is shown, and what its template is given."""


class Slot(Registry[Panel[Subject]]):
    """A place of a page. Its name is that of the app, the page and the place, with dots between."""

    def __init__(self, name: str) -> None:
        if name in _slots:
            raise ImproperlyConfigured(f"Two slots have the name {name!r}.")
        super().__init__(name)
        _slots[name] = self

    def panel(
        self,
        key: str,
        *,
        template: str,
        queries: int = 0,
        order: int = 100,
    ) -> Callable[[Making[Subject]], Making[Subject]]:
        """Registers the function below it as the context of a panel."""

        def register(context: Making[Subject]) -> Making[Subject]:
            self.register(Panel(key, template, context, queries, order))
            return context

        return register

    def shown(self, request: HttpRequest, subject: Subject, /) -> list[Shown]:
        return [
            (panel, context) for panel in self if (context := panel.context(request, subject)) is not None
        ]


def slot(name: str) -> Slot[Any]:
    if name not in _slots:
        known = ", ".join(sorted(_slots)) or "none"
        raise ImproperlyConfigured(f"There is no slot {name!r}. There are: {known}.")
    return _slots[name]


def all_slots() -> list[Slot[Any]]:
    return [_slots[name] for name in sorted(_slots)]


class Filled:
    """What the panels of a page's slots have to show, asked for once a request."""

    def __init__(self, slots: dict[str, list[Shown]]) -> None:
        self._slots = slots

    @property
    def etag_parts(self) -> list[list[object]]:
        return [[name, panel.key, context] for name, shown in self._slots.items() for panel, context in shown]

    def html(self, name: str, around: Context) -> SafeString:
        """The panels of a slot in their order; "" where none is shown. Of the page `around` they have the language and
        the token for forms.
        """
        if name not in self._slots:
            raise ImproperlyConfigured(f"The view does not fill the slot {slot(name).name!r} of its page.")
        shown = [_render(panel, values, around) for panel, values in self._slots[name]]
        return SafeString("\n".join(shown))


def _render(panel: Panel[Any], values: Mapping[str, Any], around: Context) -> str:
    context = around.new(dict(values))
    context["csrf_token"] = around.get("csrf_token")
    # A file ends with a line break; whether the page needs one there, the page says.
    template = Engine.get_default().get_template(panel.template)
    return template.render(context).removesuffix("\n")


class _SlotFor(Protocol[Page]):
    """A slot of this subject or of one that it is a case of."""

    @property
    def name(self) -> str: ...
    def shown(self, request: HttpRequest, subject: Page, /) -> list[Shown]: ...


def fill(request: HttpRequest, subject: Page, *slots: _SlotFor[Page]) -> Filled:
    """For the context of a page's template, as `panels`, and for its ETag."""
    return Filled({place.name: place.shown(request, subject) for place in slots})
