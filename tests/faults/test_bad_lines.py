"""Posts that are cut, doubled, disordered or forged on their way."""

import select
import socket
import time
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils import timezone

from maarifa.certificates.models import Certificate
from maarifa.learning.models import CourseCompletion, Event, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests import services
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import RIGHT, WRONG, enrolled, form_of, read_lesson, responses, start_quiz
from tests.faults.clients import FORM, JSON, SECRET, Browser, at_once, event, outbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def _web(environment):
    program = services.web_server(environment, workers=2)
    yield program.start()
    program.stop()


@pytest.fixture
def web(transactional_db, _web):
    return _web


class Learner:
    """Somebody in the middle of a quiz, with a browser."""

    def __init__(self, web, course, username):
        self.began = timezone.now() - 3 * HOUR
        self.user = UserFactory(username=username)
        self.enrolment = enrolled(course=course, learner=self.user, at=self.began)
        for lesson in ("first", "second"):
            read_lesson(self.enrolment, lesson, at=self.began)
        self.attempt = start_quiz(self.enrolment, at=self.began)
        self.browser = Browser(web.url, self.user)
        self.page = f"/en/learn/{course.course.key}/quiz/basics-quiz/{self.attempt.public_id}/"

    def save(self, answers, **more):
        payload = {"attempt": str(self.attempt.public_id), "responses": responses(self.attempt, answers)}
        return event("answer-saved", payload, **more)

    def submit(self, answers, **more):
        return self.save(answers, **more) | {"kind": "quiz-submitted"}

    def kept(self):
        return {str(row.position): row.response for row in self.attempt.questions.all()}


@pytest.fixture
def course(transactional_db):
    return published_course(key="rules-that-work", at=timezone.now() - 4 * HOUR)


@pytest.fixture
def amina(web, course):
    return Learner(web, course, "amina")


def cut(browser, path, body, kind, *, at):
    """Post `body` as if it were going to be whole, and hang up after `at` bytes."""
    headers = browser.headers(**{"Content-Type": kind, "Content-Length": str(len(body)), "Host": "127.0.0.1"})
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    host, port = browser.address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode() + b"\r\n" + body[:at].encode())
        line.shutdown(socket.SHUT_WR)
        line.settimeout(3)
        try:
            return line.recv(100).decode()
        except OSError:
            return ""


def multipart(fields, boundary="line") -> str:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return "".join(parts) + f"--{boundary}--\r\n"


def test_post_that_is_cut_in_the_middle_changes_nothing(amina, web):
    """Sections 2.2 and 8: cut the line in the middle of a post, and nothing acknowledged is lost.

    Half a form reads like a whole one in which the rest was left empty: it must not clear answers, send the attempt or
    shorten a number.
    """
    (saved,) = amina.browser.send_events(amina.save(RIGHT)).outcomes
    assert saved["status"] == "accepted"
    kept, events = amina.kept(), Event.objects.count()
    form = {
        "csrfmiddlewaretoken": SECRET,
        "event": str(uuid4()),
        "send": "1",
        **form_of(amina.attempt, RIGHT),
    }
    bodies = {
        FORM: (amina.page, urlencode(form, doseq=True)),
        "multipart/form-data; boundary=line": (amina.page, multipart(form)),
        JSON: ("/en/learn/events/", outbox(amina.submit(WRONG), amina.save(WRONG))),
    }
    for kind, (path, whole) in bodies.items():
        marks = [whole.find(mark) for mark in ("q1", "q2", "q3", '"events"', '"payload"')]
        for at in (0, 1, *(mark - 1 for mark in marks if mark > 0), len(whole) - 3, len(whole) - 1):
            said = cut(amina.browser, path, whole, kind, at=at)
            assert said == "" or said.startswith("HTTP/1.1 400 "), (kind, at, said)
    time.sleep(0.5)

    assert (amina.kept(), Event.objects.count()) == (kept, events)
    assert Attempt.objects.get().is_open
    assert "Internal Server Error" not in web.output

    # The same once more over a line that holds.
    assert amina.browser.post(amina.page, form).status == 302
    assert Attempt.objects.get().passed


def test_post_that_is_sent_twice_counts_once(amina):
    """Section 2.2: the same id and payload gives the same outcome again, one after the other and at the same moment."""
    submission = amina.submit(RIGHT)
    answers = at_once(lambda _: amina.browser.send_events(submission).outcomes, range(6))
    answers.append(amina.browser.send_events(submission, submission).outcomes[:1])

    assert [outcome for (outcome,) in answers] == [answers[0][0]] * 7
    assert answers[0][0]["passed"] is True
    assert Event.objects.filter(client_id=submission["id"]).count() == 1
    assert CourseCompletion.objects.count() == Certificate.objects.count() == 1


def test_same_id_with_another_payload_is_refused(amina):
    """Section 2.2: the same id with another payload is refused, and changes nothing."""
    first = amina.save(RIGHT)
    other = amina.save(WRONG, id=first["id"])
    lesson = {"course": "rules-that-work", "lesson": "first", "language": "en"}
    (accepted,) = amina.browser.send_events(first).outcomes
    refused = amina.browser.send_events(other, event("lesson-read", lesson, id=first["id"])).outcomes

    assert accepted["status"] == "accepted"
    assert [(one["status"], one["code"]) for one in refused] == [("refused", "EVENT_REUSED")] * 2
    assert amina.kept() == responses(amina.attempt, RIGHT)
    assert amina.browser.send_events(first).outcomes == [accepted]


def test_answers_out_of_order_keep_the_one_that_happened_last(amina):
    """Section 2.2: an outbox that arrives in another order than it was written in tells the same story."""
    now = timezone.now()
    written = [
        amina.save(answers, happened=(now - minutes * HOUR / 60).isoformat())
        for minutes, answers in ((30, WRONG), (20, RIGHT), (40, WRONG))
    ]
    for one in written:
        amina.browser.send_events(one, clock=now.isoformat())
    nothing_more = {"attempt": str(amina.attempt.public_id), "responses": {}}
    (submitted,) = amina.browser.send_events(event("quiz-submitted", nothing_more)).outcomes

    assert submitted["passed"] is True
    assert amina.kept() == responses(amina.attempt, RIGHT)


@pytest.mark.parametrize("wrong", [timedelta(days=3), -timedelta(days=400), timedelta(days=9000)])
def test_wrong_clock_is_put_right(amina, wrong):
    """Section 2.2: happened = client time + measured offset, never after arrival nor before enrolment; the raw value
    stays.
    """
    now = timezone.now()
    raw = {"ago": now - HOUR, "before": now - 99 * HOUR, "ahead": now + 99 * HOUR}
    shown = {name: (moment + wrong).isoformat() for name, moment in raw.items()}
    sent = {name: amina.save(RIGHT, happened=moment) for name, moment in shown.items()}
    amina.browser.send_events(*sent.values(), clock=(now + wrong).isoformat())

    kept = {name: Event.objects.get(client_id=one["id"]) for name, one in sent.items()}
    assert {name: row.client_time for name, row in kept.items()} == shown
    assert abs(kept["ago"].happened_at - raw["ago"]) < timedelta(seconds=30)
    assert kept["before"].happened_at == amina.enrolment.enrolled_at
    assert kept["ahead"].happened_at == kept["ahead"].received_at


def test_uuids_of_somebody_else_open_nothing(amina, web, course):
    """Section 2.2: an id is unique per learner: neither another's event nor another's attempt can be reached by it."""
    juma = Learner(web, course, "juma")
    hers, his = amina.save(RIGHT), juma.save(WRONG)
    amina.browser.send_events(hers)
    same_id = juma.browser.send_events(his | {"id": hers["id"]}).outcomes
    her_attempt = juma.browser.send_events(hers, amina.submit(WRONG)).outcomes
    page = juma.browser.post(amina.page, form_of(amina.attempt, WRONG) | {"send": "1", "event": str(uuid4())})

    assert same_id[0] == {"id": hers["id"], "status": "accepted", "attempt": str(juma.attempt.public_id)}
    assert [one["status"] for one in her_attempt] == ["refused", "refused"]
    assert her_attempt[1]["code"] == "UNKNOWN_ATTEMPT"
    assert str(amina.attempt.public_id) not in str([one["message"] for one in her_attempt])
    assert page.status == 404
    assert (amina.kept(), juma.kept()) == (responses(amina.attempt, RIGHT), responses(juma.attempt, WRONG))
    assert Attempt.objects.open().count() == 2


def test_twenty_submissions_at_once_give_one_result(amina):
    """Sections 2.2 and 8: nothing happens twice. Half are right and half are wrong, each with an id of its own."""
    submissions = [amina.submit(RIGHT if n % 2 else WRONG) for n in range(20)]
    answers = at_once(lambda one: amina.browser.send_events(one).outcomes[0], submissions)

    attempt = Attempt.objects.get()
    assert {one["status"] for one in answers} == {"accepted"}
    assert {one["passed"] for one in answers} == {attempt.passed}
    assert amina.kept() in (responses(attempt, RIGHT), responses(attempt, WRONG))
    assert attempt.passed is (amina.kept() == responses(attempt, RIGHT))
    assert CourseCompletion.objects.count() == Certificate.objects.count() == int(attempt.passed)
    assert LessonCompletion.objects.count() == 2


def stalled(address, *, length=1000, sent=b"abcdefg"):
    """A line with the beginning of a body, held open."""
    host, port = address.split(":")
    line = socket.create_connection((host, int(port)), timeout=30)
    line.sendall(
        b"POST /en/account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Cookie: csrftoken=%s\r\nContent-Length: %d\r\n\r\n" % (SECRET.encode(), length) + sent
    )
    return line


@pytest.mark.parametrize("length", [1000, 5_000_000])
def test_stalled_bodies_hold_nobody_up_and_are_ended(amina, instance, length):
    """More lines than processes and threads together, and nobody else waits: reading and writing go on."""
    lines_held = 12 * 4
    web = instance.web(workers=2, BODY_SECONDS="5")
    instance.start()
    lines = [stalled(web.url.removeprefix("http://"), length=length) for _ in range(lines_held)]
    browser = Browser(web.url, amina.user)

    assert browser.get("/healthz").status == 200
    assert browser.get(f"/en/learn/{amina.enrolment.course.key}/first/").status == 200
    (saved,) = browser.send_events(amina.save(RIGHT)).outcomes
    assert saved["status"] == "accepted"
    assert select.select(lines, [], [], 0)[0] == [], "somebody waited until lines that stall were ended"

    for line in lines:
        said = b"".join(iter(lambda line=line: line.recv(4096), b""))
        assert said.startswith(b"HTTP/1.1 408 "), said
        line.close()


def test_honest_body_on_a_slow_line_comes_in(amina, instance):
    """Longer than the patience for one piece, in pieces that keep coming."""
    web = instance.web(BODY_SECONDS="2")
    instance.start()
    form = urlencode(
        {"csrfmiddlewaretoken": SECRET, "event": str(uuid4()), **form_of(amina.attempt, RIGHT)}, doseq=True
    )
    browser = Browser(web.url, amina.user)
    headers = browser.headers(
        **{"Content-Type": FORM, "Content-Length": str(len(form) + 40_000), "Host": "127.0.0.1"}
    )
    head = f"POST {amina.page} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    host, port = browser.address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode() + b"\r\n" + form.encode() + b"&filler=")
        left = 40_000 - len("&filler=")
        while left:
            time.sleep(0.7)
            left -= line.send(b"x" * min(left, 10_000))
        said = line.recv(100).decode()
    assert said.startswith("HTTP/1.1 302 "), said
    assert any(amina.kept().values())
