"""Where a part runs: a database of its own with the shipped courses, Redis, and the environment that names them."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import services

DATABASES = ("sqlite", "postgres")
TEMPLATE = "bench_template"


class PartFailed(Exception):
    pass


def environment(database: str, name: str, size: str, redis: int = 0) -> dict:
    """What the processes of a part are told. Nothing of the environment around it changes what is measured."""
    url = services.postgres_url(name) if database == "postgres" else f"sqlite:///{_file(name)}"
    ours = ("PATH", "HOME", "LANG", "TMPDIR", "PLAYWRIGHT_BROWSERS_PATH", "MAARIFA_TEST_POSTGRES")
    kept = {key: value for key, value in os.environ.items() if key in ours}
    return kept | {
        "MAARIFA_TEST_FOLDER": str(services.folder()),
        "MAARIFA_TEST_REDIS": str(services.redis_port()),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "PYTHONPATH": os.pathsep.join([str(services.ROOT / "platform"), str(services.ROOT)]),
        "DATABASE_URL": url,
        "REDIS_URL": services.redis_url(redis),
        "SECRET_KEY": "a key for figures, and for nothing else",
        "VAR_DIR": str(services.folder() / "var-bench"),
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "LOG_LEVEL": "WARNING",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "BENCH_SIZE": size,
        "BENCH_DATABASE": database,
    }


def _file(name: str) -> Path:
    return services.folder() / f"{name}.sqlite3"


def make_template(database: str, size: str) -> None:
    """Migrated, with the shipped courses loaded and static files collected; each part gets a copy."""
    if database == "postgres":
        administer(f"CREATE DATABASE {TEMPLATE}")
    given = environment(database, TEMPLATE, size)
    for command in (
        "compile_catalogues",
        "migrate --noinput",
        "load_courses",
        "collectstatic --noinput",
    ):
        _run([sys.executable, "manage.py", *command.split(), "--verbosity", "0"], given)


def run(part: str, database: str, size: str, number: int) -> dict:
    """What the part finds on a database of its own."""
    name = f"bench_{part}"
    target = services.folder() / f"{part}-{database}.json"
    with _database(database, name):
        given = environment(database, name, size, redis=1 + number % 60)
        _run([sys.executable, "-m", "tests.bench.one", part, str(target)], given)
    return json.loads(target.read_text())


@contextlib.contextmanager
def _database(database: str, name: str):
    copy_database(database, TEMPLATE, name)
    try:
        yield
    finally:
        drop_database(database, name)


def copy_database(database: str, source: str, name: str) -> None:
    """Nobody may be connected to the source."""
    if database == "postgres":
        administer(f"CREATE DATABASE {name} TEMPLATE {source}")
    else:
        shutil.copy(_file(source), _file(name))


def drop_database(database: str, name: str) -> None:
    if database == "postgres":
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    else:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{_file(name)}{suffix}").unlink(missing_ok=True)


def address_of(database: str, name: str) -> str:
    """What sqlite3 or psycopg connects to."""
    return services.postgres_url(name) if database == "postgres" else str(_file(name))


def administer(statement: str) -> None:
    import psycopg

    with contextlib.closing(psycopg.connect(services.postgres_url(), autocommit=True)) as connection:
        connection.execute(statement)


def _run(command, given) -> None:
    ran = subprocess.run(
        command, cwd=services.ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if ran.returncode != 0:
        raise PartFailed(f"{' '.join(map(str, command[1:]))} failed:\n{ran.stdout[-4000:]}")
