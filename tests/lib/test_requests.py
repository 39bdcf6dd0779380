"""What the middlewares of our own do to answers."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

LOGIN = "/en/account/login/"


def test_cookie_against_forged_posts_is_sent_once_and_keeps_working():
    browser = Client(enforce_csrf_checks=True)
    first = browser.get(LOGIN)
    again = browser.get(LOGIN)
    assert "csrftoken" in first.cookies
    assert "csrftoken" not in again.cookies
    assert "Cookie" in again["Vary"]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', again.content.decode())[1]
    sent = browser.post(LOGIN, {"login": "nobody", "password": "wrong", "csrfmiddlewaretoken": token})
    assert sent.status_code == 200
    forged = browser.post(LOGIN, {"login": "nobody", "password": "wrong"})
    assert forged.status_code == 403


def test_broken_cookie_against_forged_posts_is_replaced():
    browser = Client()
    browser.cookies["csrftoken"] = "not a secret"
    assert re.fullmatch(r"\w{32}", browser.get(LOGIN).cookies["csrftoken"].value)
