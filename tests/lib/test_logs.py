"""Nothing in the log lets anybody in, whatever went wrong; and each line leads to its request."""

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

from maarifa.accounts import actions as accounts
from maarifa.cohorts.models import make_token
from maarifa.delivery.actions.links import unsubscribe_token
from maarifa.lib.logs import masked
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import SeatFactory

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
    seat = SeatFactory()
    change = accounts.note_address_change(user=UserFactory(), old="lindiwe@example.org", new="")
    undo = accounts.addresses._signer.sign(change.public_id.hex)
    tokens = {
        "/en/join/{}/": make_token(seat.public_id, "12345678"),
        "/unsubscribe/{}": unsubscribe_token(seat.public_id),
        "/en/account/password/reset/key/{}/": "1a-c6dlnt-0123456789abcdef0123456789abcdef",
        "/fr/account/address/undo/{}/": undo,
        "/en/account/login/?next=/en/join/{}/": make_token(seat.public_id, "23456789"),
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
