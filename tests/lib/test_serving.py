"""The bridge from granian's RSGI to WSGI, where no real line is needed; those that stall: tests/faults."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from maarifa.lib import serving

pytestmark = pytest.mark.once


def run(coroutine):
    """In a thread of its own: a browser of another test keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Scope:
    method, path, query_string, scheme, http_version = "POST", "/verify/é", "a=%C3%A9", "http", "1.1"
    server, client = "127.0.0.1:8000", "203.0.113.9:41000"
    authority = None

    def __init__(self, *headers):
        self.headers = Pairs(headers)


class Pairs:
    """As granian has them: in lower case, one as often as it came."""

    def __init__(self, pairs):
        self.pairs = list(pairs)

    def __contains__(self, name):
        return any(key == name for key, _ in self.pairs)

    def get(self, name, default=None):
        return next((value for key, value in self.pairs if key == name), default)

    def items(self):
        return self.pairs


class Line:
    """What a visitor sends, in pieces with a pause before each."""

    def __init__(self, *pieces, pause=0.0):
        self.pieces, self.pause = pieces, pause

    async def __aiter__(self):
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status, headers, body):
        self.answer = int(status), dict(headers), body


def asked(line, *headers, application=None, patience=5.0, most=1000):
    def echo(environ, start_response):
        start_response("200 OK", [("X-Length", environ["CONTENT_LENGTH"])])
        return [environ["wsgi.input"].read()]

    server = serving.Server(application or echo, threads=2, patience=patience, most=most)
    run(server.__rsgi__(Scope(*headers), line))
    return line.answer


def test_body_comes_whole_to_the_application():
    line = Line(b"ab", b"cde")
    assert asked(line, ("content-length", "5")) == (200, {"x-length": "5"}, b"abcde")


def test_body_of_unknown_length_comes_whole_too():
    line = Line(b"ab", b"cde")
    assert asked(line, ("transfer-encoding", "chunked")) == (200, {"x-length": "5"}, b"abcde")


@pytest.mark.parametrize(
    ("headers", "pieces", "status"),
    [
        ({"content-length": "5"}, [b"ab"], 400),
        ({"content-length": "five"}, [b"ab"], 400),
        ({"content-length": "1001"}, [b"ab"], 413),
        ({"transfer-encoding": "chunked"}, [b"a" * 600, b"a" * 600], 413),
    ],
)
def test_body_that_is_cut_or_too_large_never_reaches_the_application(headers, pieces, status):
    def never(environ, start_response):
        raise AssertionError(environ)

    answer = asked(Line(*pieces), *headers.items(), application=never)
    assert answer[:2] == (status, {"content-type": "text/plain", "connection": "close"})


def test_line_that_stalls_is_ended():
    began = time.monotonic()
    assert asked(Line(b"a", b"b", pause=3), ("content-length", "2"), patience=0.2)[0] == 408
    assert time.monotonic() - began < 2


def test_line_that_trickles_is_ended_though_it_never_stalls(monkeypatch):
    monkeypatch.setattr(serving, "LEAST_SPEED", 1000)
    pieces = [b"a"] * 100
    began = time.monotonic()
    assert asked(Line(*pieces, pause=0.05), ("content-length", "100"), patience=0.2)[0] == 408
    assert time.monotonic() - began < 2
    assert asked(Line(*pieces, pause=0.001), ("content-length", "100"), patience=2)[0] == 200


def test_line_that_was_quick_at_first_is_ended_once_it_trickles(monkeypatch):
    monkeypatch.setattr(serving, "LEAST_SPEED", 1000)
    line = Line(*[b"a" * 100] * 50, *[b"a"] * 100, pause=0.02)
    began = time.monotonic()
    assert asked(line, ("content-length", "5100"), patience=0.3, most=9000)[0] == 408
    assert time.monotonic() - began < 2.2


def together(server, lines, *, length):
    """Each line's answer after it has come to an end, the idle ones (without) left behind."""

    async def all_at_once():
        tasks = []
        for line in lines:
            headers = ("content-length", str(length))
            tasks.append(asyncio.create_task(server.__rsgi__(Scope(headers), line)))
            await asyncio.sleep(0.01)
        await asyncio.wait(tasks, timeout=1.5)
        for task in tasks:
            task.cancel()
        return [line.answer[0] if hasattr(line, "answer") else None for line in lines]

    return run(all_at_once())


def empty_server(**more):
    return serving.Server(lambda environ, start: (start("200 OK", []), [])[1], threads=1, **more)


def test_idle_lines_take_no_turn_from_who_sends_much():
    idle = [Line(b"a", b"a", pause=60) for _ in range(serving.MOST_LARGE)]
    size = serving.LARGE * 2
    server = empty_server(patience=5, most=size)
    assert together(server, [*idle, Line(b"a" * size)], length=size) == [None] * len(idle) + [200]


def test_waiting_for_a_turn_costs_a_line_nothing(monkeypatch):
    monkeypatch.setattr(serving, "LARGE", 10)
    monkeypatch.setattr(serving, "LEAST_SPEED", 10)
    server = empty_server(patience=0.3, most=99)
    server.bodies.turns = asyncio.Semaphore(1)
    # The first takes twice the patience, with the turn in its hands.
    slow = Line(*[b"a" * 20, *[b"a"] * 5], pause=0.1)
    assert together(server, [slow, Line(b"a" * 20, b"a" * 5)], length=25) == [200, 200]
    slow = Line(b"a" * 20, b"a" * 4, *[b"a"], pause=0.2)
    assert together(server, [slow, Line(b"a" * 20, b"a" * 5)], length=25) == [200, 200]


def test_oldest_unfinished_body_makes_room(monkeypatch):
    monkeypatch.setattr(serving, "MOST_BODIES", 3)
    server = serving.Server(
        lambda environ, start: (start("200 OK", []), [])[1], threads=1, patience=2, most=9
    )

    async def all_at_once():
        stalled = [Line(b"a", pause=60) for _ in range(5)]
        waiting = [
            asyncio.create_task(server.__rsgi__(Scope(("content-length", "2")), line)) for line in stalled
        ]
        await asyncio.sleep(0.1)
        early = [hasattr(line, "answer") for line in stalled]
        for task in waiting:
            task.cancel()
        return early

    assert run(all_at_once()) == [True, True, False, False, False]


def test_environ_is_that_of_the_standard():
    seen = {}

    def keep(environ, start_response):
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    headers = [
        ("host", "learn.example.org"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("accept", "x"),
        ("accept", "y"),
        ("x_forwarded_proto", "https"),
        ("content-type", "text/plain"),
    ]
    asked(Line(), *headers, application=keep)
    assert {name: seen.get(name) for name in _LOOKED_AT} == _LOOKED_AT


_LOOKED_AT = {
    "REQUEST_METHOD": "POST",
    "PATH_INFO": "/verify/Ã©",
    "QUERY_STRING": "a=%C3%A9",
    "REMOTE_ADDR": "203.0.113.9",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "CONTENT_TYPE": "text/plain",
    "CONTENT_LENGTH": "",
    "HTTP_HOST": "learn.example.org",
    "HTTP_COOKIE": "a=1; b=2",
    "HTTP_ACCEPT": "x,y",
    # With an underscore a visitor would forge what only the proxy says.
    "HTTP_X_FORWARDED_PROTO": None,
}


def test_host_of_http_2_is_the_authority(monkeypatch):
    monkeypatch.setattr(Scope, "authority", "learn.example.org")
    seen = []

    def keep(environ, start_response):
        seen.append(environ["HTTP_HOST"])
        start_response("204 No Content", [])
        return []

    asked(Line(), application=keep)
    asked(Line(), ("host", "other.example.org"), application=keep)
    assert seen == ["learn.example.org", "other.example.org"]


def test_answer_is_closed_where_it_was_made():
    """Django closes its connections then, and they belong to their thread."""
    where = []

    class Answer(list):
        def close(self):
            where.append(threading.current_thread().name)

    def application(environ, start_response):
        start_response("200 OK", [])
        where.append(threading.current_thread().name)
        return Answer([b"x"])

    assert asked(Line(), ("host", "x"), application=application)[2] == b"x"
    assert where[0] == where[1]
    assert where[0].startswith("request")


def test_what_an_application_writes_comes_before_what_it_returns():
    """As PEP 3333 has it for older applications."""

    def application(environ, start_response):
        start_response("200 OK", [])(b"a")
        return [b"b"]

    assert asked(Line(), ("host", "x"), application=application)[2] == b"ab"
