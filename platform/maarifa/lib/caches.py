"""Redis caches that degrade: with Redis refused or silent, reads miss and limits count per process."""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import Redis
from redis.exceptions import RedisError

from maarifa.lib.outages import Breaker

log = logging.getLogger(__name__)

# What a process remembers of an outage, at most: some 2 MB.
MOST_KEYS = 10_000
WRITES = {"add", "set", "touch", "delete", "incr", "set_many", "delete_many"}


# What is found where this code wrote no JSON: nothing.
UNREADABLE = object()


class JsonSerializer:
    """Who can write to Redis must not be able to run code here, as a pickle would let them."""

    def dumps(self, value: Any) -> int | bytes:
        # Redis counts whole numbers itself.
        return value if type(value) is int else json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError:
            log.warning("a value in the cache is not JSON, so it is ignored")
            return UNREADABLE


Timeout = float | int | None


class _Outage:
    """What this process knows of a Redis server's outages, whichever of its threads and caches saw it.

    `changed` are keys that were deleted or written while the server could not be told: what it has under them is
    out of date. None stands for more keys than are remembered.
    """

    def __init__(self) -> None:
        self.breaker = Breaker(rest=5.0)
        self.changed: set[str] | None = set()
        self.lock = threading.Lock()

    def remember(self, keys: Iterable[str]) -> None:
        with self.lock:
            if self.changed is not None:
                self.changed.update(keys)
                if len(self.changed) > MOST_KEYS:
                    self.changed = None

    def remember_all(self) -> None:
        with self.lock:
            self.changed = None

    def settle(self, client: Redis, every_key: str) -> None:
        """Delete at the server what changed meanwhile. Raises what the client raises, and then nothing is forgotten."""
        if self.changed is not None and not self.changed:
            return
        with self.lock:
            keys = client.scan_iter(match=every_key, count=1000) if self.changed is None else self.changed
            some: list[str] = []
            for key in keys:
                some.append(key)
                if len(some) == 1000:
                    client.delete(*some)
                    some = []
            if some:
                client.delete(*some)
            self.changed = set()


_outages: dict[str, _Outage] = defaultdict(_Outage)


class DegradingRedisCache(RedisCache):
    """Django's Redis cache, with a small cache of this process in its place while Redis does not answer.

    After the first failure Redis is left alone for five seconds, so that a request waits for one time-out at most.
    What was deleted or written meanwhile is deleted in Redis before this process reads there again, so that no older
    value comes back to life. What remains: another process that reads before this one is back, or after it has died,
    finds the older value until that runs out. For limits that does no harm; for sessions see `BriefRedisCache`.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        options = {"serializer": JsonSerializer, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._outage = _outages[str(server)]
        self._stand_in = self._make_stand_in(
            f"degraded {server}", {k: v for k, v in params.items() if k != "OPTIONS"}
        )

    def _make_stand_in(self, name: str, params: dict[str, Any]) -> BaseCache:
        return LocMemCache(name, {"OPTIONS": {"MAX_ENTRIES": 10_000}, **params})

    def _degrading(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if self._outage.breaker.is_open():
            try:
                self._outage.settle(self._cache.get_client(write=True), f"{self.key_prefix}:*")
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._outage.breaker.failed()
                log.warning("cache degraded: %s", error)
        if name in WRITES:
            keys = args[0] if name in ("set_many", "delete_many") else args[:1]
            version = kwargs.get("version")
            self._outage.remember([self.make_and_validate_key(key, version=version) for key in keys])
        elif name == "clear":
            self._outage.remember_all()
        return getattr(self._stand_in, name)(*args, **kwargs)

    def add(
        self, key: str, value: Any, timeout: Timeout = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._degrading("add", key, value, timeout, version=version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = self._degrading("get", key, default, version=version)
        return default if value is UNREADABLE else value

    def set(
        self, key: str, value: Any, timeout: Timeout = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._degrading("set", key, value, timeout, version=version)

    def touch(self, key: str, timeout: Timeout = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._degrading("touch", key, timeout, version=version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._degrading("delete", key, version=version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        values = self._degrading("get_many", list(keys), version=version)
        return {key: value for key, value in values.items() if value is not UNREADABLE}

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._degrading("has_key", key, version=version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._degrading("incr", key, delta, version=version))

    def set_many(
        self, data: Mapping[str, Any], timeout: Timeout = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        return list(self._degrading("set_many", data, timeout, version=version))

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        self._degrading("delete_many", list(keys), version=version)

    def clear(self) -> None:
        self._degrading("clear")


class BriefRedisCache(DegradingRedisCache):
    """For copies of what the database knows, such as sessions: nothing lives longer than five minutes, and while Redis
    does not answer every read misses.

    A process has no cache of its own here, for another one could not delete from it. So whoever signed out is out at
    once in every process while Redis is away; and afterwards in every process within five minutes of being copied,
    at once in the one that signed them out.
    """

    LONGEST = 5 * 60

    def _make_stand_in(self, name: str, params: dict[str, Any]) -> BaseCache:
        return DummyCache(name, params)

    def get_backend_timeout(self, timeout: Timeout = DEFAULT_TIMEOUT) -> float | None:
        seconds = super().get_backend_timeout(timeout)
        return self.LONGEST if seconds is None else min(seconds, self.LONGEST)
