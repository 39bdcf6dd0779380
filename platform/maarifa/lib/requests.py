"""An id for every request, to find it again in logs and audit rows; bodies that came in whole; and a cookie that is
sent once.
"""

import logging
import uuid
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.cache import patch_vary_headers

_current: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """The id of the request being answered, or "-" outside of one."""
    return _current.get()


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _current.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = _current.get()
            return response
        finally:
            _current.reset(token)


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = request_id()
        return True


class KeptCsrfCookieMiddleware:
    """A browser that has the cookie against forged posts isn't sent it again with every form: 150 bytes of every
    lesson. Stands right below Django's own.

    The cookie's year then counts from the last sign-in, which makes a new one, or from the first form; after it the
    next form brings another.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        secret = request.META.get("CSRF_COOKIE")
        if secret and request.COOKIES.get(settings.CSRF_COOKIE_NAME) == secret:
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
            patch_vary_headers(response, ("Cookie",))
        return response


def whole_bodies(application):
    """A WSGI application to which a body that was cut on its way is no body at all: it is answered with 400.

    The server hands over what came before the line broke, and Django would take it for everything: half a form reads
    like a whole one with the rest left empty.
    """

    def serve(environ, start_response):
        environ["wsgi.input"] = _WholeBody(environ["wsgi.input"], environ.get("CONTENT_LENGTH") or "0")
        return application(environ, start_response)

    return serve


class _WholeBody:
    def __init__(self, stream, length: str):
        self._stream = stream
        self._left = int(length) if length.isascii() and length.isdigit() else 0

    def read(self, size=-1) -> bytes:
        return self._take(self._stream.read, size, lambda data: False)

    def readline(self, size=-1) -> bytes:
        return self._take(self._stream.readline, size, lambda data: data.endswith(b"\n"))

    def _take(self, read, size, is_enough) -> bytes:
        size = self._left if size is None or size < 0 else min(size, self._left)
        data = b""
        while len(data) < size and not is_enough(data):
            more = read(size - len(data))
            if not more:
                # Not an OSError, which Django's own readers swallow, to go on with an empty form.
                raise BadRequest("the line was cut before the body had come in whole")
            data += more
        self._left -= len(data)
        return data
