"""What learners' pages weigh on the wire: the first real course, through the real server, headers included."""

import re
import socket
import zlib
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from maarifa.curriculum.compiled import CompiledCourse
from maarifa.curriculum.models import Course
from maarifa.learning.actions import enrol
from maarifa.learning.models import Enrolment
from maarifa.operations.demo import make_demo
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.learning import some_reviewed

# One round trip's worth of bytes: what a phone has to load before it shows the text (section 7 of the design).
WALL = 14_000
# With the stylesheet at hand, as everybody has it after the first page.
NEXT = 6_000
# All JavaScript of a page, headers included; the design allows 15 kB.
MOST_SCRIPT = 4_350
COURSE = "ai-governance-foundations"
LANGUAGES = ("en", "fr", "ar")


@pytest.fixture
def lessons(site):
    """The addresses of the shipped courses' lessons, without the language, each with the languages that it is in."""
    call_command("load_courses", verbosity=0)
    found = {}
    for course in Course.objects.order_by("key"):
        for lesson in CompiledCourse.model_validate(course.current_edition.structure).lessons():
            found[f"learn/{course.key}/{lesson.key}/"] = list(lesson.texts)
    return found


@pytest.fixture
def cookies(lessons):
    """Of somebody who takes them."""
    learner = UserFactory()
    for course in Course.objects.all():
        enrol(learner=learner, course=course, language="en")
    browser = Client()
    browser.force_login(learner)
    # The second page of a visit: the token of the first one's form is there.
    browser.get(f"/en/{next(iter(lessons))}")
    return worn(browser)


def worn(browser) -> str:
    """A browser's cookies, as it sends them."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def fetch(site, path, *, cookies="", **headers) -> bytes:
    """Everything that comes over the line for one request, HTTP/1.1, where the padding is the longest."""
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
    return with_longest_padding(b"".join(parts))


def with_longest_padding(answer: bytes) -> bytes:
    """Django pads what it compresses by up to 100 random bytes, as a file's name in the head of gzip (RFC 1952)."""
    head, end, packed = answer.partition(b"\r\n\r\n")
    named = packed[:2] == b"\x1f\x8b" and packed[3] == 8
    if not named:
        return answer
    _name, _, rest = packed[10:].partition(b"\0")
    return head + end + packed[:10] + b"a" * 100 + b"\0" + rest


def body(answer: bytes) -> str:
    head, _, packed = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    assert b"content-encoding: gzip" in head.lower()
    return zlib.decompress(packed, wbits=31).decode()


def in_language(lessons, language) -> list[str]:
    found = [lesson for lesson, languages in lessons.items() if language in languages]
    assert len(found) > 2
    return found


def weights(site, lessons, cookies, language) -> dict[str, int]:
    """By lesson: everything that stands before the text on a first visit."""
    found = {}
    for lesson in in_language(lessons, language):
        page = fetch(site, f"/{language}/{lesson}?in={language}", cookies=cookies)
        html = body(page)
        assert f'<html lang="{language}"' in html
        assert f'<article lang="{language}"' in html
        blocking = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<script(?![^>]* defer)', html)
        assert len(blocking) == 1
        found[lesson] = len(page) + len(fetch(site, blocking[0]))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_lesson_is_readable_after_two_requests_of_one_round_trips_worth(site, lessons, cookies, language):
    found = weights(site, lessons, cookies, language)
    assert {lesson: weight for lesson, weight in found.items() if weight > WALL} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_next_lesson_weighs_six_kilobytes_at_most(site, lessons, cookies, language):
    found = {
        lesson: len(fetch(site, f"/{language}/{lesson}?in={language}", cookies=cookies))
        for lesson in in_language(lessons, language)
    }
    assert {lesson: weight for lesson, weight in found.items() if weight > NEXT} == {}


def test_lesson_that_has_not_changed_is_headers_alone(site, lessons, cookies):
    path = f"/en/{next(iter(lessons))}"
    tag = re.search(rb"(?i)\netag: (.*)\r", fetch(site, path, cookies=cookies))[1].decode()
    again = fetch(site, path, cookies=cookies, If_None_Match=tag)
    assert again.startswith(b"HTTP/1.1 304")
    assert len(again) < 1_000


# Every other page that a learner meets, of people who have something on it ------------------------------------


@pytest.fixture
def everywhere(site, tmp_path):
    """Pages, and the cookies of whoever sees them, for a language: [(address, cookies), …]."""
    call_command("load_courses", verbosity=0)
    demo = make_demo(file=tmp_path / "demo.json", say=lambda words: None)
    passed = Attempt.objects.filter(passed=True).order_by("pk").first()
    going_on = Attempt.objects.filter(submitted_at=None).order_by("pk").first()

    def pages(language):
        stranger, graduate, busy = Client(), Client(), Client()
        graduate.force_login(passed.learner)
        busy.force_login(going_on.learner)
        start = f"/{language}"
        Enrolment.objects.filter(learner=passed.learner).update(language=language)
        reviewed = some_reviewed(passed.learner)
        quiz = f"{start}/learn/{COURSE}/quiz/foundations-quiz/"
        found = [
            (
                stranger,
                [f"{start}/", f"{start}/account/login/", f"{start}/account/signup/", f"{start}/help/"],
            ),
            (stranger, [f"/verify/?lang={language}", f"/verify/{demo['certificate']}?lang={language}"]),
            (
                graduate,
                [
                    *(f"{start}/learning/", f"{start}/courses/", f"{start}/courses/{COURSE}/"),
                    *(f"{start}/certificates/", f"{start}/account/", f"{start}/groups/", quiz),
                    f"{quiz}{passed.public_id}/result/",
                    *(f"{start}/review/", f"{start}/review/{reviewed}/"),
                    f"{start}/learn/{COURSE}/reading-what-binds/sources/",
                    f"{start}/learn/{COURSE}/worksheets/first-page/",
                    f"{start}/learn/{COURSE}/glossary/?in={language}",
                ],
            ),
            (busy, [quiz, f"{quiz}{going_on.public_id}/"]),
        ]
        for browser, addresses in found:
            browser.get(f"{start}/account/login/")
            browser.get(f"{start}/account/")
            for address in addresses:
                yield address, worn(browser)

    return pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_learner_weighs_more_than_a_lesson(site, everywhere, language):
    found = {}
    for address, cookies in everywhere(language):
        page = fetch(site, address, cookies=cookies)
        html = body(page)
        assert f'<html lang="{language}"' in html, address
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', html)
        names = [re.sub(r"^/static/|\..*", "", script) for script in scripts]
        # Where the zone of one's clocks is asked, the browser proposes it; one script keeps answers.
        asked = address in (f"/{language}/account/", f"/{language}/account/signup/")
        questions = re.search(r"/quiz/.*/[0-9a-f]{8}-[0-9a-f-]{27}/$", address)
        wanted = ["ui/frame"] + ["accounts/zone"] * asked + ["learning/answers"] * bool(questions)
        assert (len(styles), names) == (1 + ("/worksheets/" in address), wanted), address
        assert sum(len(fetch(site, script)) for script in scripts) < MOST_SCRIPT
        found[address] = len(page), len(page) + sum(len(fetch(site, style)) for style in styles)
    too_heavy = {at: one for at, one in found.items() if one[0] > NEXT or one[1] > WALL}
    # All the world's time zones stand on one's own account's page, which is opened once; all terms of a course in its
    # glossary, which a phone keeps.
    assert too_heavy.keys() == {
        f"/{language}/account/",
        f"/{language}/learn/{COURSE}/glossary/?in={language}",
    }
    assert max(weight for weight, _with_style in too_heavy.values()) <= 8_000
    assert max(altogether for _weight, altogether in found.values()) < WALL
