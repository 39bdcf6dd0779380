"""A Redis cache that degrades: with Redis refused or silent, reads miss and limits count per process."""

import logging

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from maarifa.lib.outages import Breaker

log = logging.getLogger(__name__)


class DegradingRedisCache(RedisCache):
    """Django's Redis cache, with a small cache of this process in its place while Redis does not answer.

    What was written meanwhile stays in this process only. After the first failure Redis is left alone for five
    seconds, so that a request waits for one time-out at most.
    """

    def __init__(self, server, params):
        super().__init__(server, dict(params))
        self._breaker = Breaker(rest=5.0)
        local = {"OPTIONS": {"MAX_ENTRIES": 10_000}, **{k: v for k, v in params.items() if k != "OPTIONS"}}
        self._local = LocMemCache(f"degraded-{id(self)}", local)

    def _degrading(self, name, *args, **kwargs):
        if self._breaker.is_open():
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._breaker.failed()
                log.warning("cache degraded: %s", error)
        return getattr(self._local, name)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._degrading("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._degrading("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._degrading("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._degrading("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._degrading("delete", *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._degrading("get_many", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._degrading("has_key", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._degrading("incr", *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._degrading("set_many", *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._degrading("delete_many", *args, **kwargs)

    def clear(self):
        return self._degrading("clear")
