"""What tests of signing in do as a person would."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import override

from maarifa.delivery.models import Delivery
from tests.factories.accounts import PASSWORD

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SIGN_UP = {"name": "Néné Diallo", "password1": PASSWORD, "terms": "on"}


def address(name, language="en"):
    with override(language):
        return reverse(name)


def who(client):
    """Who is signed in in this browser."""
    return client.get(address("account")).context.get("user") if is_in(client) else None


def is_in(client):
    return client.get(address("account")).status_code == 200


def sign_in(client, login, password=PASSWORD, **more):
    return client.post(address("account_login"), {"login": login, "password": password}, **more)


def ask_for_code(client, email, language="en", **more):
    return client.post(address("account_request_login_code", language), {"email": email}, **more)


def codes(to):
    """The codes in the messages to an address, oldest first."""
    texts = Delivery.objects.filter(address=to, kind="sign-in").order_by("id").values_list("text", flat=True)
    return [re.search(r"\b\d{4}-\d{4}\b", text).group() for text in texts]


def type_code(client, code, page="account_confirm_login_code"):
    return client.post(address(page), {"code": code, "action": "verify"})


def open_address_page(client, password=PASSWORD):
    """The page for changing the address, which asks for the password each time."""
    return open_with_proof(client, "account_email", password)


def open_with_proof(client, page, password=PASSWORD):
    """A page that asks for the password, however fresh the sign-in is."""
    return client.post(client.get(address(page)).url, {"password": password}, follow=True)


def code_of(secret, moment=None):
    """What an app shows: RFC 6238."""
    counter = struct.pack(">Q", int(time.time() if moment is None else moment) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def bare(page, email):
    text = re.sub(r'value="[^"]{30,}"', "", page.content.decode())
    return text.replace(email, "…")
