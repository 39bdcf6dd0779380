"""Lines of the log: with the id of their request, and without what lets somebody in."""

import logging
import re

from maarifa.lib.requests import request_id

# What stands in an address, or after these names anywhere, lets whoever reads it in.
_NAMES = "sessionid|csrftoken|csrfmiddlewaretoken|password\\d?|oldpassword|token|credential|code"
_SECRETS = [
    re.compile(r"(/(?:join|unsubscribe|undo|reset/key)/)[^/\s?\"'<>,)]+"),
    re.compile(rf"(\b(?:{_NAMES})=)[^\s&\"',;)]+", re.IGNORECASE),
    re.compile(rf"([\"'](?:{_NAMES})[\"']: \[?[\"'])[^\"']+", re.IGNORECASE),
]


def masked(text: str) -> str:
    """The text with a "…" for every token, code and password in an address, a form or a cookie."""
    for secret in _SECRETS:
        text = secret.sub(r"\1…", text)
    return text


class MaskingFormatter(logging.Formatter):
    """Whole lines, tracebacks included, are masked: a token may come in by any argument."""

    def format(self, record):
        return masked(super().format(record))


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        # What Django says of a finished request comes when the request is no longer the one being answered.
        said = getattr(getattr(record, "request", None), "request_id", None)
        record.request_id = said or request_id()
        return True


class MaskingFilter(logging.Filter):
    """For handlers that others have made, Celery's say: their lines are masked, whoever formats them."""

    def filter(self, record):
        record.msg, record.args = masked(record.getMessage()), None
        return True
