"""Nothing in the log lets anybody in, whatever went wrong; and each line leads to its request."""

import io
import json
import logging
import logging.config
import re
import sys

import pytest
from celery.utils.log import get_task_logger
from django.conf import settings
from django.db import transaction
from django.test import Client

from maarifa.accounts import actions as accounts
from maarifa.celery import app
from maarifa.cohorts.models import make_token
from maarifa.delivery.actions.links import unsubscribe_token
from maarifa.delivery.tasks import send
from maarifa.lib.enqueueing import enqueue
from maarifa.lib.logs import JsonFormatter, RequestIdFilter, logging_settings, masked
from maarifa.lib.requests import work_under
from maarifa.operations import processes
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """What the handlers of the settings write, all levels included."""
    stream = io.StringIO()
    logging.config.dictConfig(settings.LOGGING)
    root = logging.getLogger()
    (handler,) = [one for one in root.handlers if type(one) is logging.StreamHandler]
    before = handler.setStream(stream), root.level
    root.setLevel(logging.INFO)
    yield stream.getvalue
    handler.setStream(before[0])
    root.setLevel(before[1])


@pytest.fixture
def broken(settings):
    """Every page fails, so that its address and its traceback are written."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.lib.test_logs.fails"]


def fails(get_response):
    def answer(request):
        path, posted = request.get_full_path(), request.POST.dict()
        raise RuntimeError(f"could not answer {path} with {posted}")

    return answer


def secrets() -> dict[str, str]:
    """Addresses with a token, and the token."""
    member = CohortMemberFactory()
    change = accounts.note_address_change(user=UserFactory(), old="lindiwe@example.org", new="")
    undo = accounts.addresses._signer.sign(change.public_id.hex)
    tokens = {
        "/en/join/{}/": make_token(member.public_id, "12345678"),
        "/unsubscribe/{}": unsubscribe_token(member.public_id),
        "/en/account/password/reset/key/{}/": "1a-c6dlnt-0123456789abcdef0123456789abcdef",
        "/fr/account/address/undo/{}/": undo,
        "/en/account/login/?next=/en/join/{}/": make_token(member.public_id, "23456789"),
    }
    return {address.format(token): token for address, token in tokens.items()}


FORM = {"code": "1234-5678", "password": "three blue doors", "credential": "abcdef"}


def test_tokens_are_in_no_line_of_what_is_not_found_forged_or_wrong(written):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    seen = secrets()
    for address in seen:
        browser.get(address)
        browser.get(f"{address}more")
        # Forged, and by a way that there is none of.
        browser.post(address, FORM)
        browser.put(address)
    said = written()

    assert said.count("Forbidden") >= 4
    assert said.count("Not Found") >= 4
    assert [token for token in (*seen.values(), *FORM.values()) if token in said] == []


def test_tokens_are_in_no_traceback(written, broken):
    browser = Client(raise_request_exception=False)
    seen = secrets()
    for address in seen:
        browser.get(address)
        browser.post(address, FORM)
    said = written()

    assert said.count("Traceback") >= len(seen)
    assert [token for token in (*seen.values(), *FORM.values()) if token in said] == []


@pytest.mark.parametrize("path", ["/en/no-such-page/", "/en/join/unknown/"])
def test_line_of_a_refused_request_has_its_id(client, written, path):
    answer = client.get(path)
    assert answer.status_code == 404
    (line,) = [line for line in written().splitlines() if "Not Found" in line]
    assert f"[{answer['X-Request-Id']}]" in line


@pytest.mark.parametrize(
    "line",
    [
        "GET /en/courses/?page=2",
        "the worker ended with code 3",
        "Not Found: /en/courses/join/",
        "password of the database is not set",
    ],
)
def test_other_lines_stay_as_they_are(line):
    assert masked(line) == line


# How they are written ---------------------------------------------------------------------------------------


def test_line_for_each_request_has_no_query(client, written):
    answer = client.get("/en/?email=amina@example.org")
    (line,) = [line for line in written().splitlines() if "maarifa.access" in line]
    assert re.search(r"GET /en/ 200 \d+ ms$", line)
    assert f"[{answer['X-Request-Id']}]" in line


FORGED = "/en/x%0a2026-01-01 00:00:00,000 ERROR django [-] forged%1b[31m%c2%9b31m%e2%80%a8forged"


@pytest.mark.parametrize("form", ["line", "json"])
def test_no_address_writes_a_line_of_its_own_or_colours_it(settings, broken, form):
    stream = io.StringIO()
    logging.config.dictConfig(logging_settings(level="INFO", form=form, access=True))
    root = logging.getLogger()
    (handler,) = [one for one in root.handlers if type(one) is logging.StreamHandler]
    before = handler.setStream(stream)
    try:
        Client(raise_request_exception=False).get(FORGED)
    finally:
        handler.setStream(before)
        logging.config.dictConfig(settings.LOGGING)
    said = stream.getvalue()
    assert "\\x0a2026-01-01" in said.replace("\\\\", "\\")
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", said) == []
    assert [line for line in said.splitlines() if line.startswith("2026-01-01 00:00:00,000")] == []
    if form == "line":
        # What is raised has line breaks of its own: those lines are indented.
        logger = logging.getLogger("maarifa")
        record = logger.makeRecord(
            "maarifa", logging.ERROR, "", 1, "x", (), (ValueError, ValueError("a\nforged"), None)
        )
        RequestIdFilter().filter(record)
        assert handler.formatter.format(record).splitlines()[1:] == ["  ValueError: a", "  forged"]


def test_access_log_can_be_left_out(client):
    assert logging_settings(level="INFO", form="line", access=False)["loggers"]["maarifa.access"] == {
        "level": "CRITICAL"
    }


def test_wrong_host_is_one_line(client, written):
    answer = client.get("/en/", headers={"Host": "scanner.example.net"})
    assert answer.status_code == 400
    lines = [line for line in written().splitlines() if "maarifa.access" not in line]
    (line,) = lines
    assert "Invalid HTTP_HOST header: 'scanner.example.net'" in line


def test_json_lines_are_json_and_masked():
    formatter = JsonFormatter()
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        record = logging.LogRecord(
            "maarifa", logging.ERROR, "", 1, "GET %s", ("/unsubscribe/abc",), sys.exc_info()
        )
    RequestIdFilter().filter(record)
    line = formatter.format(record)
    said = json.loads(line)
    assert "\n" not in line
    assert (said["level"], said["logger"], said["request_id"]) == ("ERROR", "maarifa", "-")
    assert said["message"] == "GET /unsubscribe/…"
    assert said["exception"].startswith("Traceback")
    assert "hunter2" not in line


@pytest.mark.parametrize("logger", ["celery.app.trace", "celery.worker.strategy", "celery.task", "kombu"])
def test_lines_of_celery_are_masked(written, logger):
    """A worker sets up its log as here: it finds ours, and makes no handlers of its own."""
    app.log.already_setup = False
    app.log.setup_logging_subsystem(loglevel="INFO")
    get_task_logger("maarifa.delivery.send")
    names = ("celery", "celery.task", "celery.redirected", logger)
    handlers = [one for name in names for one in logging.getLogger(name).handlers]
    assert [one for one in handlers if type(one) is not logging.NullHandler] == []

    token = make_token(CohortMemberFactory().public_id, "12345678")
    try:
        raise RuntimeError(f"could not open /en/join/{token}/")
    except RuntimeError:
        logging.getLogger(logger).exception("Task failed with %s", {"code": "1234-5678"})

    said = written()
    assert "Task failed" in said
    assert "could not open /en/join/…/" in said
    assert [secret for secret in (token, "1234-5678") if secret in said] == []


@pytest.mark.django_db(transaction=True)
def test_worker_logs_in_the_form_and_level_of_the_settings(start_worker):
    worker = start_worker(LOG_FORMAT="json", LOG_LEVEL="INFO")
    work_under("the-id-of-a-request")
    # Several, for other workers of the run may take some.
    rows = [DeliveryFactory(address="nobody@example.org") for _ in range(12)]
    try:
        with transaction.atomic():
            for row in rows:
                enqueue(send, row.pk)
    finally:
        work_under("-")
    sent = re.compile(r"Task maarifa\.delivery\.send\[.*succeeded")
    assert processes.wait_until(lambda: sent.search(worker.output), seconds=30)
    said = [json.loads(line) for line in worker.output.splitlines() if line.startswith("{")]
    lines = [one for one in said if sent.search(one["message"])]
    assert {one["logger"] for one in lines} == {"celery.app.trace"}
    assert {one["request_id"] for one in lines} == {"the-id-of-a-request"}
