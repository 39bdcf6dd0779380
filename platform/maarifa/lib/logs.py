"""Lines of the log: with the id of their request, and without what lets somebody in."""

import json
import logging
import re
from typing import Any

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


# What a terminal obeys, or a reader takes for the end of a line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def escaped(text: str) -> str:
    """The text on one line: control characters as "\\x0a"."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class MaskingFormatter(logging.Formatter):
    """Whole lines, tracebacks included, are masked: a token may come in by any argument. Nobody who asks for an address
    writes a line of their own; tracebacks keep theirs, indented, so that no line of them passes for a record.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return escaped(super().formatMessage(record))

    def formatException(self, exc_info: Any) -> str:
        lines = super().formatException(exc_info).split("\n")
        return "\n".join(f"  {escaped(line)}" for line in lines)

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object for each line, for machines that collect logs; masked as the others are."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": masked(escaped(record.getMessage())),
        }
        if record.exc_info:
            lines = self.formatException(record.exc_info).split("\n")
            fields["exception"] = masked("\n".join(escaped(line) for line in lines))
        return json.dumps(fields, ensure_ascii=False)


class WrongHostFilter(logging.Filter):
    """Whoever scans the network asks by any name: one line for each, and no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django hangs the request on the records that it writes of one.
        request: Any = getattr(record, "request", None)
        if record.name == "django.security.DisallowedHost":
            record.exc_info = record.exc_text = None
            request.wrong_host = True
            return True
        return not getattr(request, "wrong_host", False)


def logging_settings(*, level: str, form: str, access: bool) -> dict[str, Any]:
    """Django's LOGGING. `form` is "line" or "json"; `access`: a line for each request, "maarifa.access"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}, "wrong_host": {"()": WrongHostFilter}},
        "formatters": {
            "line": {
                "()": MaskingFormatter,
                "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            },
            "json": {"()": JsonFormatter},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["request_id"]}
        },
        "loggers": {
            "django.security.DisallowedHost": {"filters": ["wrong_host"]},
            "django.request": {"filters": ["wrong_host"]},
            "maarifa.access": {"level": "INFO" if access else "CRITICAL"},
        },
        "root": {"handlers": ["console"], "level": level},
    }


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # What Django says of a finished request comes when the request is no longer the one being answered.
        own_id = getattr(getattr(record, "request", None), "request_id", None)
        record.request_id = own_id or request_id()
        return True
