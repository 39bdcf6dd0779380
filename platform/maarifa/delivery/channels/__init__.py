"""The ways by which a message leaves: one file each, named in the setting DELIVERY_CHANNELS.

A channel is a class without arguments that has what `Channel` says. Nothing else in Maarifa knows how it does it.
"""

from functools import cache, reduce
from operator import or_
from typing import Protocol

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from maarifa.accounts.models import User
from maarifa.delivery.models import Delivery


class ChannelError(Exception):
    """A message did not leave. Its words are for staff and name no address.

    `passing`: trying again later can help. `refused`: the address is not there, so that nothing is sent to it any more.
    """

    def __init__(self, text: str, *, passing: bool, refused: bool = False) -> None:
        super().__init__(text)
        self.passing, self.refused = passing, refused


class Channel(Protocol):
    def address_of(self, user: User) -> str:
        """Where this channel reaches a person; empty where it does not."""

    def reached(self, path: str) -> Q:
        """The same in the database: whom it reaches, of the people at `path`, "learner" say."""

    def send(self, delivery: Delivery, *, unsubscribe_url: str, timeout: float | None = None) -> None:
        """Hand one message over. `unsubscribe_url` is empty for what cannot be stopped; `timeout`, in seconds, is given
        where somebody waits. Raises ChannelError.
        """


@cache
def channel(name: str) -> Channel:
    instance: Channel = import_string(settings.DELIVERY_CHANNELS[name])()
    return instance


def route(user: User) -> tuple[str, str]:
    """The name of the first channel that reaches a person, and their address there; two empty words where none does."""
    for name in settings.DELIVERY_CHANNELS:
        address = channel(name).address_of(user)
        if address:
            return name, address
    return "", ""


def reached(path: str) -> Q:
    """Whom any channel reaches, of the people at `path`."""
    return reduce(or_, (channel(name).reached(path) for name in settings.DELIVERY_CHANNELS))
