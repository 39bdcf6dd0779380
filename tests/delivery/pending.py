"""Messages to queue in tests."""

import contextlib
from datetime import UTC, datetime

from django.test import TestCase

from maarifa.delivery import actions
from maarifa.delivery.models import Delivery

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CODE = {
    "kind": "sign-in",
    "template": "delivery/account/login_code",
    "context": {"code": "1234-5678"},
    "language": "en",
}
NOTICE = {"kind": "reminder", "template": "notice", "context": {"name": "Wanjiru"}, "language": "en"}


def queue(key="reminder/1", address="wanjiru@example.org", **fields):
    return actions.queue_message(**NOTICE | {"key": key, "address": address, "at": NOW} | fields)


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


@contextlib.contextmanager
def committed():
    """What waits for the commit happens at the end; what would be put in Redis by that is not."""
    with TestCase.captureOnCommitCallbacks() as waiting:
        yield
    for callback in waiting:
        callback()
