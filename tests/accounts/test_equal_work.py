"""Whether an address has an account shows in nothing: not in pages, not in the work that is done."""

import re

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maarifa.accounts.models import User
from maarifa.delivery.models import Delivery
from tests.accounts.entering import SIGN_UP, address, ask_for_code, bare, is_in, sign_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


class CountingHasher(hashers.MD5PasswordHasher):
    """Counts the digests of passwords: they are what takes time."""

    algorithm = "counting"
    made = 0

    def encode(self, password, salt):
        type(self).made += 1
        return super().encode(password, salt)


@pytest.fixture
def work(settings):
    settings.PASSWORD_HASHERS = [
        "tests.accounts.test_equal_work.CountingHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]

    def measure(email):
        client = Client()
        client.get(address("account_signup"))
        CountingHasher.made = 0
        with CaptureQueriesContext(connection) as asked:
            page = client.post(address("account_signup"), SIGN_UP | {"email": email}, follow=True)
        kinds = [re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', q["sql"]) for q in asked]
        written = sorted(found[0] for found in kinds if found)
        return CountingHasher.made, written, len(asked), bare(page, email)

    return measure


def test_signing_up_is_the_same_work_with_an_address_that_has_an_account(work):
    UserFactory(email="amina@example.org")
    count = User.objects.count()
    known = work("amina@example.org")
    assert User.objects.count() == count
    fresh = work("somebody@example.org")

    assert (known[0], known[0]) == (fresh[0], 1)
    assert known[1] == fresh[1]
    # Reading is cheap beside the digest; still, it is about as much.
    assert abs(known[2] - fresh[2]) <= 6, (known[2], fresh[2])
    assert known[3] == fresh[3]
    assert sorted(Delivery.objects.values_list("address", flat=True)) == [
        "amina@example.org",
        "somebody@example.org",
    ]


def test_signing_up_with_a_user_name_that_is_taken_says_so_at_once(client):
    UserFactory(username="amina")
    page = client.post(address("account_signup"), SIGN_UP | {"username": "Amina"})
    assert "This user name is taken" in page.content.decode()


def test_address_is_written_to_twelve_times_an_hour_at_most(settings):
    """By all ways together, and from any number of browsers and networks."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": "1000/1s/key"}
    UserFactory(email="amina@example.org")
    pages = set()
    for n in range(30):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{n}")
        page = stranger.post(address("account_signup"), SIGN_UP | {"email": "amina@example.org"}, follow=True)
        pages.add(bare(page, "amina@example.org"))
        stranger.post(address("account_reset_password"), {"email": "amina@example.org"})
        ask_for_code(stranger, "amina@example.org")
    assert Delivery.objects.filter(address="amina@example.org").count() == 12
    # Who asks is told nothing of it.
    assert len(pages) == 1


def test_who_has_been_in_with_this_browser_still_gets_a_code(client):
    UserFactory(username="amina", email="amina@example.org")
    sign_in(client, "amina")
    client.post(address("account_logout"))
    for n in range(15):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(
            address("account_reset_password"), {"email": "amina@example.org"}
        )
    before = Delivery.objects.count()
    ask_for_code(client, "amina@example.org")
    assert Delivery.objects.count() == before + 1


def test_signing_in_right_after_signing_up_says_to_wait_seconds(client):
    client.post(address("account_signup"), SIGN_UP | {"email": "nene@example.org"})
    page = sign_in(Client(), "nene@example.org", SIGN_UP["password1"])
    said = page.content.decode()
    assert "We just sent you a code. Wait 10 seconds, then sign in again." in said
    assert "Too many" not in said
    # With a wrong password nothing tells that there is such an account.
    wrong = sign_in(Client(), "nene@example.org", "not the password")
    assert "just sent" not in wrong.content.decode()
    assert not is_in(client)
