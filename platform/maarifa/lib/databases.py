"""Which database: from DATABASE_URL to Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from maarifa.lib.environment import env_int, env_text, split_url, without_password


def database(url: str, *, folder: Path, threads: int) -> dict[str, Any]:
    """Django's settings for sqlite:///relative.sqlite3, sqlite:////absolute.sqlite3 or
    postgresql://user:password@host:port/name?options. A relative file is in `folder`; a process may hold as many
    connections as it has `threads`.
    """
    parts = split_url("DATABASE_URL", url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path[1:])
        if parts.netloc or not name:
            raise ImproperlyConfigured(
                f"DATABASE_URL={url!r}: write sqlite:///var/maarifa.sqlite3, with three slashes, for a file in the"
                " project's folder, or sqlite:////srv/maarifa.sqlite3, with four, for a file elsewhere."
            )
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name if name.startswith("/") else str(folder / name),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
            },
        }
    shown = without_password(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL={shown!r}: write sqlite:///… or postgresql://….")
    if not parts.path[1:]:
        raise ImproperlyConfigured(
            f"DATABASE_URL={shown!r}: write the name of the database: postgresql://user:password@host/name."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or env_text("DATABASE_PASSWORD", ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": max(env_int("DATABASE_POOL", 4, least=1), threads),
            },
            **options,
        },
    }
