"""An id for every request, to find it again in logs and audit rows; and a cookie that is sent once."""

import logging
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponseBase]

access = logging.getLogger("maarifa.access")
_current: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """The id of the request being answered, or "-" outside of one."""
    return _current.get()


def work_under(id: str) -> None:
    """What this process does from now on is for the request with this id, or is work that has an id of its own."""
    _current.set(id)


class RequestIdMiddleware:
    """An id for every request, and a line in the log of what was asked and answered. Of the address without its query,
    which may say who somebody is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        id = uuid.uuid4().hex
        # What the log's filter looks for once the request is no longer the one being answered.
        vars(request)["request_id"] = id
        token = _current.set(id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = _current.get()
            took = (time.perf_counter() - began) * 1000
            access.info("%s %s %s %.0f ms", request.method, request.path, response.status_code, took)
            return response
        finally:
            _current.reset(token)


class KeptCsrfCookieMiddleware:
    """A browser that has the cookie against forged posts isn't sent it again with every form: 150 bytes of every
    lesson. Stands right below Django's own.

    The cookie's year then counts from the last sign-in, which makes a new one, or from the first form; after it the
    next form brings another.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        secret = request.META.get("CSRF_COOKIE")
        if secret and request.COOKIES.get(settings.CSRF_COOKIE_NAME) == secret:
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
            patch_vary_headers(response, ("Cookie",))
        return response
