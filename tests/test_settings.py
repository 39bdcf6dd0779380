"""A value that cannot be right stops the start: it names the knob, the value, and what would be right."""

import os
import subprocess
import sys

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.once


SHOWN = "s.ALLOWED_HOSTS, s.DATABASES, s.STAFF_SECOND_FACTOR"


def start(**knobs):
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "platform"), "SECRET_KEY": "x" * 32}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import maarifa.settings as s; print(s.ALLOWED_HOSTS, s.DATABASES, s.STAFF_SECOND_FACTOR)",
        ],
        env=clean | knobs,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("knobs", "right"),
    [
        ({"DATABASE_URL": "sqlite://var/x.sqlite3"}, "sqlite:///var/maarifa.sqlite3"),
        ({"DATABASE_URL": "sqlite://"}, "sqlite:///var/maarifa.sqlite3"),
        ({"DATABASE_URL": "sqlite:///"}, "sqlite:///var/maarifa.sqlite3"),
        ({"DATABASE_URL": "postgresql://me:secret@host:abc/name"}, "number from 0 to 65535"),
        ({"DATABASE_URL": "postgresql://me:secret@host:99999/name"}, "number from 0 to 65535"),
        ({"DATABASE_URL": "postgresql://me:secret@host"}, "name of the database"),
        ({"DATABASE_URL": "mysql://me:secret@host/name"}, "postgresql://"),
        ({"SITE_URL": "http://"}, "name of a host"),
        ({"SITE_URL": "http:///path"}, "name of a host"),
        ({"SITE_URL": "http://host:abc"}, "number from 0 to 65535"),
        ({"SITE_URL": "ftp://host"}, "http or https"),
        ({"REDIS_URL": "redis://:secret@host:abc/0"}, "number from 0 to 65535"),
        (
            {"SITE_URL": "https://learn.example.org"},
            "If the proxy sets X-Forwarded-Proto itself, write BEHIND_PROXY=true",
        ),
        ({"EMAIL_USE_TLS": "true", "EMAIL_USE_SSL": "true"}, "only one can be true"),
        ({"STAFF_SECOND_FACTOR": "yes"}, "write true, false or"),
    ],
)
def test_what_cannot_be_right_stops_the_start(knobs, right):
    said = start(**knobs)

    last = said.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    for name, value in knobs.items():
        assert name in last
        assert value.replace(":secret@", ":…@") in last
    assert right in last
    assert "secret" not in last


@pytest.mark.parametrize("sign", "/#?")
@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_password_that_breaks_its_address_is_named_and_no_piece_of_it_shown(name, sign):
    scheme = {"DATABASE_URL": "postgresql", "REDIS_URL": "redis"}[name]
    said = start(**{name: f"{scheme}://me:first{sign}second@host:1/name"})

    last = said.stderr.strip().splitlines()[-1]
    assert last.startswith(
        f"django.core.exceptions.ImproperlyConfigured: {name}: there is a /, # or ? before the @"
    )
    assert f"{name.removesuffix('_URL')}_PASSWORD" in last
    assert "first" not in said.stderr
    assert "second" not in said.stderr


@pytest.mark.parametrize("url", ["redis://host:1/0", "redis://me@host:1/0"])
def test_password_of_redis_may_stand_beside_its_address(url):
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import maarifa.settings as s, redis; print(redis.Redis.from_url(s.REDIS_URL).get_connection_kwargs())",
        ],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": "platform",
            "SECRET_KEY": "x" * 32,
            "REDIS_URL": url,
            "REDIS_PASSWORD": "a/b#c?d@e",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "'password': 'a/b#c?d@e'" in said.stdout, said.stderr


@pytest.mark.parametrize(
    ("knobs", "shown"),
    [
        ({"DATABASE_URL": "sqlite:////srv/x.sqlite3"}, "'NAME': '/srv/x.sqlite3'"),
        ({"DATABASE_URL": "sqlite:///x.sqlite3"}, f"'NAME': '{ROOT}/x.sqlite3'"),
        ({"DATABASE_URL": "postgresql://me:s%40t@host:5433/name"}, "'PASSWORD': 's@t', 'HOST': 'host', 'PORT': '5433'"),
        ({"DATABASE_URL": "postgresql:///name?host=/run/postgresql"}, "'HOST': '/run/postgresql'"),
        ({"SITE_URL": "https://learn.example.org:8443/", "BEHIND_PROXY": "true"}, "['learn.example.org']"),
        ({"SITE_URL": "https://learn.example.org", "SECURE_REDIRECT": "false"}, "['learn.example.org']"),
        ({"DATABASE_URL": "postgresql://me@host/name", "DATABASE_PASSWORD": "a/b#c?d@e"}, "'PASSWORD': 'a/b#c?d@e'"),
        ({"REDIS_URL": "unix:///run/redis.sock?db=1"}, "['127.0.0.1']"),
        ({"EMAIL_USE_TLS": "true"}, "['127.0.0.1']"),
    ],
)  # fmt: skip
def test_what_can_be_right_is_taken(knobs, shown):
    said = start(**knobs)

    assert said.returncode == 0, said.stderr
    assert shown in said.stdout


def test_secret_key_that_can_be_guessed_stops_the_start_and_is_not_shown():
    said = start(SECRET_KEY="hunter2")
    last = said.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY has 7 characters: write at least 32"
    )
    assert "hunter2" not in said.stderr
    assert start(SECRET_KEY="hunter2", DEBUG="true").returncode == 0


@pytest.mark.parametrize(
    ("knobs", "asked"),
    [
        ({"SITE_URL": "https://learn.example.org"}, True),
        ({"SITE_URL": "https://learn.example.org", "DEBUG": "true"}, False),
        ({"SITE_URL": "http://127.0.0.1:8000"}, False),
        ({"SITE_URL": "http://127.0.0.1:8000", "STAFF_SECOND_FACTOR": "true"}, True),
        ({"SITE_URL": "https://learn.example.org", "STAFF_SECOND_FACTOR": "false"}, False),
        ({"SITE_URL": "http://127.0.0.1:8000", "STAFF_SECOND_FACTOR": "all"}, "all"),
    ],
)
def test_second_factor_is_asked_of_staff_in_production(knobs, asked):
    said = start(BEHIND_PROXY="true", **knobs)
    assert said.stdout.strip().endswith(str(asked)), said.stderr
