"""What a lesson weighs on the wire: the first real course, through the real server, headers included."""

import re
import socket
import zlib
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from maarifa.curriculum.models import Course
from maarifa.learning.actions import enrol
from tests.factories.accounts import UserFactory

# One round trip's worth of bytes: what a phone has to load before it shows the text (section 7 of the design).
WALL = 14_000
COURSE = "ai-governance-foundations"
LANGUAGES = ("en", "fr", "ar")


@pytest.fixture
def lessons(site):
    """The addresses of the course's lessons, without the language."""
    call_command("load_courses", verbosity=0)
    course = Course.objects.get(key=COURSE)
    modules = course.current_edition.structure["modules"]
    return [f"learn/{COURSE}/{lesson['key']}/" for module in modules for lesson in module["lessons"]]


@pytest.fixture
def cookies(lessons):
    """Of somebody who takes the course."""
    learner = UserFactory()
    enrol(learner=learner, course=Course.objects.get(key=COURSE), language="en")
    browser = Client()
    browser.force_login(learner)
    browser.get(f"/en/courses/{COURSE}/")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def fetch(site, path, *, cookies="", **headers) -> bytes:
    """Everything that comes over the line for one request, HTTP/1.1."""
    address = urlsplit(site.url)
    asked = {
        "Host": address.netloc,
        "Accept-Encoding": "gzip, deflate, br",
        "Connection": "close",
        **({"Cookie": cookies} if cookies else {}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    with socket.create_connection((address.hostname, address.port), timeout=20) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def body(answer: bytes) -> str:
    head, _, packed = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    assert b"content-encoding: gzip" in head.lower()
    return zlib.decompress(packed, wbits=31).decode()


def weights(site, lessons, cookies, language) -> dict[str, int]:
    """By lesson: everything that stands before the text on a first visit."""
    found = {}
    for lesson in lessons:
        page = fetch(site, f"/{language}/{lesson}?in={language}", cookies=cookies)
        html = body(page)
        assert f'<html lang="{language}"' in html
        assert f'<article lang="{language}"' in html
        blocking = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<script', html)
        assert len(blocking) == 1
        found[lesson] = len(page) + len(fetch(site, blocking[0]))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_lesson_is_readable_after_two_requests_of_one_round_trips_worth(site, lessons, cookies, language):
    found = weights(site, lessons, cookies, language)
    assert {lesson: weight for lesson, weight in found.items() if weight > WALL} == {}


def test_lesson_that_has_not_changed_is_headers_alone(site, lessons, cookies):
    path = f"/en/{lessons[0]}"
    tag = re.search(rb"(?i)\netag: (.*)\r", fetch(site, path, cookies=cookies))[1].decode()
    again = fetch(site, path, cookies=cookies, If_None_Match=tag)
    assert again.startswith(b"HTTP/1.1 304")
    assert len(again) < 1_000
