"""Links at the head of the admin's change pages, also of apps above: registered in their `admin.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from maarifa.ui.registries import Registry


def everybody(request: HttpRequest, row: Model) -> bool:
    return True


def with_key(row: Model) -> Sequence[object]:
    return [row.pk]


@dataclass(frozen=True, eq=False)
class ChangeLink:
    """`shown_to` decides who sees it, and of which rows; the page that it leads to checks for itself. `args` gives the
    arguments of its address out of the row.
    """

    key: str
    label: str | Promise
    url_name: str
    shown_to: Callable[[HttpRequest, Model], bool] = everybody
    args: Callable[[Model], Sequence[object]] = with_key
    order: int = 100


class ShownLink(TypedDict):
    """For the template."""

    label: str
    url: str


_registries: dict[type[Model], Registry[ChangeLink]] = {}


def links_of(model: type[Model]) -> Registry[ChangeLink]:
    """The registry of the change page of this model."""
    return _registries.setdefault(model, Registry(f"change page of {model._meta.label}"))


def shown_links(request: HttpRequest, row: Model) -> list[ShownLink]:
    return [
        {"label": str(link.label), "url": reverse(link.url_name, args=link.args(row))}
        for link in links_of(type(row))
        if link.shown_to(request, row)
    ]
