"""A WSGI application behind granian's RSGI interface: a request takes a thread once its body is there.

Over granian's WSGI a thread waits for the body, and as many stalled lines as there are threads stop everybody. Here the
event loop waits: a line that stalls costs a little memory, and is ended.
"""

import asyncio
import io
import logging
import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from granian.rsgi import Headers, HTTPProtocol, Scope

log = logging.getLogger(__name__)

# Beyond so many unfinished bodies in a process, the oldest is ended: the newest may come over an honest line.
MOST_BODIES = 250
# So many bodies at a time go beyond this size; further ones wait there for their turn.
LARGE, MOST_LARGE = 200_000, 8
# What a line must carry, in bytes a second.
LEAST_SPEED = 10_000


class _Refused(Exception):
    """There is nothing to ask the application: the status says it all."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Bodies:
    """Bodies on their way into this process.

    A line has `patience` seconds, and earns more by what it carries, a second for each LEAST_SPEED bytes: never more
    than `patience` ahead, so that nobody sends much at once to be slow for long. A body that did not come in whole is
    no body at all: half a form reads like a whole one with the rest left empty.
    """

    def __init__(self, *, patience: float, most: int) -> None:
        self.patience, self.most = patience, most
        self.turns = asyncio.Semaphore(MOST_LARGE)
        self.unfinished: OrderedDict[object, asyncio.Timeout] = OrderedDict()

    async def read(self, headers: "Headers", proto: "HTTPProtocol") -> bytes:
        """The whole body. Raises _Refused: 400 where it is cut short, 408 where it takes too long, 413 beyond `most`
        bytes.
        """
        header = headers.get("content-length")
        if header is None and "transfer-encoding" not in headers:
            return b""
        if header is not None and not (header.isascii() and header.isdigit()):
            raise _Refused(HTTPStatus.BAD_REQUEST)
        length = self.most if header is None else int(header)
        if length > self.most:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if length == 0:
            return b""
        body = await self._in_time(proto)
        if header is not None and len(body) != length:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        return body

    async def _in_time(self, proto: "HTTPProtocol") -> bytes:
        ticket = object()
        try:
            async with asyncio.timeout(self.patience) as limit:
                self.unfinished[ticket] = limit
                self._make_room()
                return await self._parts(proto, limit)
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self.unfinished.pop(ticket, None)

    def _make_room(self) -> None:
        while len(self.unfinished) > MOST_BODIES:
            _, oldest = self.unfinished.popitem(last=False)
            oldest.reschedule(0)

    async def _parts(self, proto: "HTTPProtocol", limit: asyncio.Timeout) -> bytes:
        now = asyncio.get_running_loop().time
        left, read_at = self.patience, now()
        parts: list[bytes] = []
        size, has_turn = 0, False
        try:
            async for part in proto:
                size += len(part)
                if size > self.most:
                    raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                parts.append(bytes(part))
                left = min(left - (now() - read_at) + len(part) / LEAST_SPEED, self.patience)
                if size > LARGE and not has_turn:
                    # The line does nothing wrong while it waits, and who holds a turn has to be quick.
                    limit.reschedule(None)
                    has_turn = await self.turns.acquire()
                read_at = now()
                limit.reschedule(read_at + left)
        finally:
            if has_turn:
                self.turns.release()
        return b"".join(parts)


class Server:
    """What granian is given: `granian --interface rsgi …:application`.

    `threads` requests are answered at a time; the others wait. Answers are sent whole.
    """

    def __init__(self, application: "WSGIApplication", *, threads: int, patience: float, most: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self.bodies = Bodies(patience=patience, most=most)

    async def __rsgi__(self, scope: "Scope", proto: "HTTPProtocol") -> None:
        try:
            body = await self.bodies.read(scope.headers, proto)
        except _Refused as refused:
            log.warning("%s %s: %s", scope.method, scope.path, refused.status.phrase)
            self._refuse(proto, refused.status)
            return
        environ = _environ(scope, body)
        loop = asyncio.get_running_loop()
        proto.response_bytes(*await loop.run_in_executor(self.threads, self._answer, environ))

    def _refuse(self, proto: "HTTPProtocol", status: HTTPStatus) -> None:
        headers = [("content-type", "text/plain"), ("connection", "close")]
        proto.response_bytes(status, headers, f"{status.phrase}\n".encode())

    def _answer(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        begun: list[tuple[int, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            begun[:] = [(int(status[:3]), [(name.lower(), value) for name, value in headers])]
            return written.append

        answer = self.application(environ, start_response)
        try:
            written.extend(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        [(status, headers)] = begun
        return status, headers, b"".join(written)


def _environ(scope: "Scope", body: bytes) -> dict[str, Any]:
    """PEP 3333, from RSGI's scope. `wsgi.input` is the body in memory, and ends with it."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # Bytes that pass as Latin-1, as the standard has it.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # With an underscore it would pass for the name with a hyphen, which a proxy has set.
        if "_" in name or name == "content-length":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        join = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{join}{value}" if key in environ else value
    if scope.authority:
        # HTTP/2 may have nothing else; without it the host would not be checked.
        environ.setdefault("HTTP_HOST", scope.authority)
    return environ
