"""Which attempts are relied upon, so that their pass is never undone: apps above say so, and register here how."""

from collections.abc import Callable, Collection

Reader = Callable[[Collection[int]], set[int]]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """`reader` gives, of these ids of attempts, those whose pass led to something that stays: a completed course."""
    _readers.append(reader)


def relied_upon(attempts: Collection[int]) -> set[int]:
    """Those of the attempts whose pass must stay. A query for each reader; none where there are no attempts."""
    return {pk for reader in _readers for pk in reader(attempts)} if attempts else set()
