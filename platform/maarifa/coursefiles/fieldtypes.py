"""What single fields of a course's files may say."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from maarifa.lib.shapes import Key, once_each, refuse

MOST_MINUTES = 10_000
MOST_ATTEMPTS = 1000
UNLIMITED = "unlimited"
DIGEST = re.compile(r"[0-9a-f]{16}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def _language(text: str) -> str:
    if not LANGUAGE.fullmatch(text) or len(text) > 15:
        raise refuse("language")
    return text


def _digest(text: str) -> str:
    if not DIGEST.fullmatch(text):
        raise refuse("digest")
    return text


def all_or_keys(value: Any) -> str | list[str]:
    if value == "all":
        return "all"
    if not isinstance(value, list):
        raise refuse("literal_error", expected="all, [lesson-key, another-key]")
    for item in value:
        if not isinstance(item, str):
            raise refuse("key")
    return once_each(value)


def attempts_said(value: Any) -> int | str:
    if value == UNLIMITED:
        return UNLIMITED
    if type(value) is int and 1 <= value <= MOST_ATTEMPTS:
        return value
    raise refuse("literal_error", expected=f"1, … {MOST_ATTEMPTS}, {UNLIMITED}")


Language = Annotated[str, AfterValidator(_language)]
# An all-digit digest looks like a number.
Digest = Annotated[
    str,
    BeforeValidator(lambda v: v if isinstance(v, bool | list | dict) else str(v)),
    AfterValidator(_digest),
]
Keys = Annotated[list[Key], AfterValidator(once_each)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
State = Literal["machine", "reviewed"]
Level = Literal["recall", "application", "judgement"]
