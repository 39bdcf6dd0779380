"""Caches over a real Redis that falls silent and comes back."""

import contextlib
import os
import pickle
import signal
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.core.cache import caches
from django.urls import reverse
from redis import Redis

from maarifa.lib import caches as ours
from maarifa.operations import processes
from tests.factories.accounts import UserFactory


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    port = processes.free_port()
    folder = tmp_path_factory.mktemp("redis")
    started = processes.start(
        processes.redis_command(port=port, folder=folder, durable=False), log=folder / "log"
    )
    assert processes.wait_until(lambda: processes.answers(port), seconds=20, process=started)
    yield SimpleNamespace(url=f"redis://127.0.0.1:{port}/0", process=started)
    os.kill(started.pid, signal.SIGCONT)
    processes.stop(started)


@pytest.fixture
def redis(server, settings):
    """`redis.falls_silent()`, `redis.comes_back()`; every cache of the instance is on it."""
    settings.CACHES = {name: {**cache, "LOCATION": server.url} for name, cache in settings.CACHES.items()}

    def comes_back():
        os.kill(server.process.pid, signal.SIGCONT)
        for outage in ours._outages.values():
            outage.breaker.reset()

    comes_back()
    caches["default"].clear()
    yield SimpleNamespace(
        falls_silent=lambda: os.kill(server.process.pid, signal.SIGSTOP), comes_back=comes_back
    )
    comes_back()
    caches["default"].clear()


WRITES = {
    "set": lambda cache: cache.set("key", "new"),
    "add": lambda cache: cache.add("key", "new"),
    "delete": lambda cache: cache.delete("key"),
    "touch": lambda cache: cache.touch("key", 0),
    "set_many": lambda cache: cache.set_many({"key": "new", "other": 1}),
    "delete_many": lambda cache: cache.delete_many(key for key in ["key"]),
    "clear": lambda cache: cache.clear(),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("name", ["default", "sessions"])
def test_what_changed_while_redis_was_silent_does_not_come_back_old(redis, name, write):
    cache = caches[name]
    cache.set_many({"key": "old", "untouched": "still there"})
    redis.falls_silent()
    WRITES[write](cache)
    redis.comes_back()

    assert cache.get("key") is None
    assert cache.get("untouched") == (None if write == "clear" else "still there")


def test_more_changes_than_are_remembered_forget_everything_of_ours(redis, monkeypatch):
    monkeypatch.setattr(ours, "MOST_KEYS", 3)
    cache = caches["default"]
    cache.set_many({f"key{n}": "old" for n in range(2500)})
    client = cache._cache.get_client(write=True)
    client.set("maarifa.queue", "somebody else's")
    redis.falls_silent()
    for n in range(5):
        cache.delete(f"key{n}")
    redis.comes_back()

    assert cache.get_many([f"key{n}" for n in range(2500)]) == {}
    assert client.get("maarifa.queue") == b"somebody else's"


def test_changes_are_remembered_until_redis_has_heard_of_them(redis):
    cache = caches["default"]
    cache.set("key", "old")
    redis.falls_silent()
    cache.delete("key")
    for outage in ours._outages.values():
        outage.breaker.reset()
    assert cache.get("key") is None
    redis.comes_back()

    assert cache.get("key") is None


def test_while_redis_is_silent_limits_count_here_and_sessions_are_read_from_the_database(redis):
    redis.falls_silent()
    caches["default"].set("limit", 1)
    caches["sessions"].set("session", "copy")

    assert caches["default"].incr("limit") == 2
    assert caches["sessions"].get("session") is None


def test_copies_of_sessions_live_five_minutes_at_most(redis):
    cache = caches["sessions"]
    cache.set("long", 1, timeout=60 * 60 * 24)
    cache.set("forever", 1, timeout=None)
    cache.set("short", 1, timeout=10)
    client = cache._cache.get_client()

    assert [client.ttl(cache.make_key(key)) <= 300 for key in ("long", "forever")] == [True, True]
    assert client.ttl(cache.make_key("short")) <= 10


@pytest.mark.django_db
def test_who_signed_out_while_redis_was_silent_stays_out(redis, client):
    client.force_login(UserFactory())
    account = reverse("account")
    assert client.get(account).status_code == 200
    cookie = client.cookies["sessionid"].value
    redis.falls_silent()

    assert client.post(reverse("account_logout")).status_code == 302
    client.cookies["sessionid"] = cookie
    assert client.get(account).status_code == 302
    redis.comes_back()

    client.cookies["sessionid"] = cookie
    assert client.get(account).status_code == 302


class Boom:
    """As a pickle it would make a file wherever it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("name", ["default", "sessions"])
def test_pickle_that_somebody_planted_in_redis_is_nothing_and_runs_nothing(redis, server, tmp_path, name):
    cache = caches[name]
    with contextlib.closing(Redis.from_url(server.url)) as client:
        for key in ("planted", "other"):
            client.set(cache.make_key(key), pickle.dumps(Boom(tmp_path / "ran")))

    assert cache.get("planted", "nothing") == "nothing"
    assert cache.get_many(["planted", "other"]) == {}
    assert not (tmp_path / "ran").exists()
    # Redis itself is well: nobody turns away from it.
    cache.set("key", "value")
    assert cache.get("key") == "value"


def test_session_that_somebody_planted_is_nobody_s(db, client, redis, server, tmp_path):
    client.force_login(UserFactory(username="somebody"))
    key = caches["sessions"].make_key(KEY_PREFIX + client.cookies["sessionid"].value)
    client.get(reverse("account"))
    with contextlib.closing(Redis.from_url(server.url)) as connection:
        assert b"_auth_user_id" in connection.get(key)
        connection.set(key, pickle.dumps(Boom(tmp_path / "ran")))

    assert "somebody" in client.get(reverse("account")).content.decode()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("value", [7, True, None, 1.5, "text", "٣", [1, "b"], {"a": [1]}])
def test_cache_gives_back_what_json_can_say(redis, value):
    caches["default"].set("key", value)
    found = caches["default"].get("key", "nothing")
    assert (type(found), found) == (type(value), value)
