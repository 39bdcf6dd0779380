"""The kinds of message. Each is registered by the app that sends it, in a module that is loaded with the app."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Kind:
    """`name` is what rows say, at most 12 letters; `label` is for people, and translated later."""

    name: str
    label: "StrOrPromise"
    # Somebody waits in front of a screen: it goes before everything else, and at once where the queue is down.
    asked_for: bool = False
    # Goes to many people at once, and never before what is for one.
    mass: bool = False
    # The person may say that they want none; every message has a link for it.
    can_stop: bool = False
    # It holds a code or a link that lets somebody in: its words go once it is sent.
    secret: bool = False
    # Is sent to a closed account, too.
    to_closed: bool = False
    # How long it waits after each passing error; as other jobs do where this is empty.
    waits: tuple[timedelta, ...] = ()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """Raises KeyError for a kind that no app has registered."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def names_of(**marks: bool) -> set[str]:
    """The names of the kinds that have these marks: `names_of(secret=True)`."""
    return {
        kind.name
        for kind in _kinds.values()
        if all(getattr(kind, mark) == value for mark, value in marks.items())
    }


def choices() -> "list[tuple[str, StrOrPromise]]":
    """For a model's field: whatever is registered when somebody asks."""
    return [(kind.name, kind.label) for kind in all_kinds()]
