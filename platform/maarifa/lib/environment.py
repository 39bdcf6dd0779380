"""Reading the environment. A value that cannot be right is an error that names the knob, the value, and what would."""

import os
import re
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


def env_text(name: str, default: str | None = None) -> str:
    """The value, or the content of the file that NAME_FILE names; without either and without a default: an error."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE={path}: {error.strerror}. Name a file that can be read."
            ) from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example.")
    return value


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name}={value!r}: write true or false.")
    return value == "true"


def env_bool_or(name: str, default: bool, word: str) -> bool | str:
    """As `env_bool`, with one more value that can be written."""
    value = os.environ.get(name, "")
    if value not in ("", "true", "false", word):
        raise ImproperlyConfigured(f"{name}={value!r}: write true, false or {word}.")
    return word if value == word else env_bool(name, default)


def env_int(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number from {least} to {most}.")
    return int(value)


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(choices)}.")
    return value


def env_url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = env_text(name, default)
    parts = split_url(name, value)
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name}={without_password(value)!r}: write an address that starts with {' or '.join(schemes)}."
        )
    if not parts.hostname and parts.scheme != "unix":
        raise ImproperlyConfigured(
            f"{name}={without_password(value)!r}: write the name of a host after {parts.scheme}://."
        )
    return value


def env_email(name: str, default: str = "") -> str:
    """An address alone, without a name; or nothing."""
    value = env_text(name, default).strip()
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise ImproperlyConfigured(f"{name}={value!r}: write an address such as help@example.org.") from None
    return value


def split_url(name: str, value: str) -> SplitResult:
    """The parts of an address whose port, if it has one, is a port. No error shows a password, or a piece of one."""
    parts = urlsplit(value)
    if "@" not in parts.netloc and "@" in f"{parts.path}?{parts.query}#{parts.fragment}":
        raise ImproperlyConfigured(
            f"{name}: there is a /, # or ? before the @, which would end the host name. In a password, write %2F"
            f" for /, %23 for # and %3F for ?. Or leave the password out of {name} and write it unchanged in"
            f" {name.removesuffix('_URL')}_PASSWORD."
        )
    try:
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}={without_password(value)!r}: write the port as a number from 0 to 65535, or none."
        ) from error
    return parts


def with_password(url: str, password: str) -> str:
    """The address with this password in it, where it has none of its own."""
    parts = urlsplit(url)
    if not password or parts.password is not None or not parts.netloc:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()


def without_password(url: str) -> str:
    """An address as it may stand in a log."""
    return re.sub(r"(://[^/@:]*):.*@", r"\1:…@", url)
