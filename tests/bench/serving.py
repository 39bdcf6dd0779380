"""The web server of the instance, and somebody who asks it, one request after the other on one connection."""

import contextlib
import http.client
import os
import time
from urllib.parse import urlencode, urlsplit

from tests import services
from tests.bench import measuring


class Site:
    def __init__(self, program):
        self.url = program.url
        self.pids = measuring.group_of(program.process.pid)

    def browser(self, cookies: str = "") -> "Browser":
        return Browser(self.url, cookies)

    def cost(self, ask, times: int) -> float:
        """CPU seconds of the server for one of so many requests."""
        before = measuring.cpu_of(self.pids)
        for _ in range(times):
            ask()
        return (measuring.cpu_of(self.pids) - before) / times

    def wait(self, ask, times: int) -> float:
        """Seconds that one of so many requests takes, seen from outside."""
        began = time.perf_counter()
        for _ in range(times):
            ask()
        return (time.perf_counter() - began) / times


class Browser:
    def __init__(self, url: str, cookies: str):
        self.line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = {"Accept-Encoding": "gzip, deflate, br", **({"Cookie": cookies} if cookies else {})}

    def get(self, path: str, *, status: int = 200, **headers):
        self.line.request("GET", path, headers={**self.headers, **headers})
        return self._answer(path, status)

    def post(self, path: str, fields: dict, *, status: int = 302):
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        self.line.request("POST", path, body=urlencode(fields, doseq=True), headers=headers)
        return self._answer(path, status)

    def _answer(self, path, status):
        answer = self.line.getresponse()
        body = answer.read()
        if answer.status != status:
            raise AssertionError(f"{path} answers {answer.status}, not {status}: {body[:300]!r}")
        answer.length_read = len(body)
        return answer


@contextlib.contextmanager
def site():
    program = services.web_server(dict(os.environ))
    program.start()
    try:
        yield Site(program)
    finally:
        program.stop()


def cookies_of(user) -> str:
    """Signed in, with the token for forms."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_get_new_csrf_string()}"


def token_in(cookies: str) -> str:
    from django.conf import settings

    return dict(part.split("=", 1) for part in cookies.split("; "))[settings.CSRF_COOKIE_NAME]
