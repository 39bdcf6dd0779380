"""Lists that apps above fill: how a page is added to without knowing by whom."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured


class Registered(Protocol):
    """What stands in a registry: `key` is its own there, begins with the name of its app, and never changes; a smaller
    `order` comes first.
    """

    @property
    def key(self) -> str: ...
    @property
    def order(self) -> int: ...


Item = TypeVar("Item", bound=Registered)


class Registry(Generic[Item]):
    """Items in their order, those of one order by their keys: never by which app was loaded first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: tuple[Item, ...] = ()

    def register(self, item: Item) -> Item:
        """Refuses a key that is there already: the server does not start."""
        if any(other.key == item.key for other in self._items):
            raise ImproperlyConfigured(f"{item.key!r} is registered twice in {self.name!r}.")
        self._items = tuple(sorted((*self._items, item), key=lambda one: (one.order, one.key)))
        return item

    def unregister(self, key: str) -> None:
        """For an app that replaces what another one has put there, and for tests."""
        left = tuple(item for item in self._items if item.key != key)
        if len(left) == len(self._items):
            raise ImproperlyConfigured(f"{key!r} is not registered in {self.name!r}.")
        self._items = left

    @property
    def items(self) -> tuple[Item, ...]:
        return self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)
