"""Learners' browsers and phones, over real HTTP, with the time that each answer took."""

import http.client
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.test import Client as TestClient

SECRET = "f" * 32
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str
    seconds: float

    @property
    def location(self):
        return self.headers["Location"]

    @property
    def event(self):
        """The id that the page gives its form."""
        return re.search(r'name="event" value="([^"]+)"', self.body)[1]

    @property
    def outcomes(self):
        assert self.status == 200, (self.status, self.body[:500])
        return json.loads(self.body)["outcomes"]


class Browser:
    """Keeps its cookies, and opens a connection for each request, so that any of the server's workers may get it."""

    def __init__(self, url, user=None, *, patience=60):
        self.address, self.patience = urlsplit(url).netloc, patience
        self.cookies = {"csrftoken": SECRET}
        if user is not None:
            client = TestClient()
            client.force_login(user)
            self.cookies["sessionid"] = client.cookies["sessionid"].value

    def headers(self, **more) -> dict:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": SECRET, "Accept-Language": "en", **more}

    def get(self, path) -> Answer:
        return self._ask("GET", path)

    def post(self, path, fields) -> Answer:
        return self._ask("POST", path, urlencode(fields, doseq=True), FORM)

    def send_events(self, *events, clock=None) -> Answer:
        """As a phone's outbox does."""
        return self._ask("POST", "/en/learn/events/", outbox(*events, clock=clock), JSON)

    def _ask(self, method, path, body=None, kind=None) -> Answer:
        headers = self.headers(**({"Content-Type": kind} if kind else {}))
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.address, timeout=self.patience)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        took = time.monotonic() - began
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers, text, took)


def outbox(*events, clock=None) -> str:
    return json.dumps({"events": events} | ({"clock": clock} if clock else {}))


def event(kind, payload, *, id=None, happened=None) -> dict:
    return {"id": str(id or uuid4()), "kind": kind, "payload": payload} | (
        {"happened": happened} if happened else {}
    )


def at_once(function, arguments, *, threads=None) -> list:
    """What `function` answers to each, all called at the same moment, or so many at a time."""
    arguments = list(arguments)
    count = threads or len(arguments)
    gate = threading.Barrier(min(count, len(arguments)))
    passed = threading.local()

    def call(argument):
        if not getattr(passed, "gate", False):
            passed.gate = True
            gate.wait(timeout=30)
        return function(argument)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, arguments))


def percentile(values, share) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)
