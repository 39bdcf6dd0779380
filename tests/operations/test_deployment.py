"""What the operator's files start is started here as they say it, against a real database and a real Redis.

Only places change: ports are free ones of this machine, folders are this test's, and the database is this run's.
"""

import contextlib
import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from compose_spec import PyCompose

from maarifa.operations import processes
from tests import houses, services
from tests.conftest import DATABASE
from tests.deployments import UNITS, compose, image, units, variables
from tests.machines import Visitor

WELL = {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok"}
PROGRAMS = ("web", "worker", "beat")
STARTED = [f"maarifa-{name}.service" for name in ("prepare", *PROGRAMS)]
SECRET = "a secret key that is long enough, of this test only, 0123456789"
# A sign of life comes every half minute otherwise.
FASTER = {"SWEEP_SECONDS": "2"}


# What the files say -----------------------------------------------------------------------------------------


@pytest.mark.once
def test_compose_file_meets_the_compose_specification():
    filled = compose(POSTGRES_PASSWORD="x")
    PyCompose.from_json(json.dumps(filled)).validate()

    wrong = filled | {"services": filled["services"] | {"web": {"comand": ["true"]}}}
    with pytest.raises(ValueError, match="comand"):
        PyCompose.from_json(json.dumps(wrong))


@pytest.mark.once
def test_compose_file_refers_to_what_is_there():
    filled = compose(POSTGRES_PASSWORD="x")
    there = filled["services"]
    waits = [name for service in there.values() for name in service.get("depends_on", ())]
    mounts = [mount.split(":")[0] for service in there.values() for mount in service.get("volumes", ())]
    assert set(waits) - set(there) == set()
    assert set(mounts) == set(filled["volumes"])
    for name, service in there.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in there[other], f"{name} waits for the health of {other}"
    with pytest.raises(AssertionError, match=r"POSTGRES_PASSWORD: set POSTGRES_PASSWORD in \.env"):
        compose()


@pytest.mark.once
def test_all_processes_of_the_house_share_its_key_its_database_and_its_folder():
    """Without the folder, an erasure that one container lists is lost with it."""
    there = compose(POSTGRES_PASSWORD="x")["services"]
    house = [there[name] for name in ("prepared", *PROGRAMS)]
    shared = ("DATABASE_URL", "REDIS_URL", "VAR_DIR")
    assert {tuple(service["environment"][name] for name in shared) for service in house} == {
        ("postgresql://maarifa:x@database:5432/maarifa", "redis://redis:6379/0", "/var/lib/maarifa")
    }
    assert {(service["env_file"], *service["volumes"]) for service in house} == {
        (".env", "kept:/var/lib/maarifa")
    }
    environment, _ = image()
    assert not Path(environment["STATIC_DIR"]).is_relative_to(environment["VAR_DIR"])


@pytest.mark.once
def test_units_and_compose_start_the_same():
    there, (_, served) = compose(POSTGRES_PASSWORD="x")["services"], image()
    by_compose = {"web": served, "worker": there["worker"]["command"], "beat": there["beat"]["command"]}
    by_units = {name: units()[f"maarifa-{name}.service"].commands for name in PROGRAMS}
    for name in PROGRAMS:
        (command,) = by_units[name]
        assert [Path(command[0]).name, *_anywhere(command[1:])] == _anywhere(by_compose[name])


def _anywhere(words):
    return ["127.0.0.1" if word == "0.0.0.0" else word for word in words]


@pytest.mark.once
def test_units_keep_to_their_folder_and_are_nobody_special():
    for name, unit in units().items():
        if name.endswith(".service"):
            told = {key: values[-1] for key, values in unit.settings.items()}
            assert told["User"] == "maarifa", name
            assert (told["ProtectSystem"], told["StateDirectory"], told["UMask"]) == (
                "strict",
                "maarifa",
                "0077",
            )
            assert (told["NoNewPrivileges"], told["CapabilityBoundingSet"]) == ("true", "")
            assert told["EnvironmentFile"] == "/etc/maarifa/maarifa.env"


@pytest.mark.once
def test_units_knobs_are_knobs():
    known = set(re.findall(r"^#?([A-Z_]+)=", (services.ROOT / ".env.example").read_text(), re.M))
    said = set(variables((UNITS / "maarifa.env").read_text()))
    # granian's own; compose calls it WEB_PROCESSES. A secret may come in a file.
    assert said - known == {"GRANIAN_WORKERS", "SECRET_KEY_FILE"}


@pytest.mark.once
def test_redis_keeps_its_queue_in_every_set_up(tmp_path):
    command = compose(POSTGRES_PASSWORD="x")["services"]["redis"]["command"]
    told = (UNITS / "redis.conf").read_text()
    for option, value in (("appendonly", "yes"), ("save", ""), ("maxmemory-policy", "noeviction")):
        assert command[command.index(f"--{option}") + 1] == value
        assert re.search(rf'^{option} "?{value}"?$', told, re.M)


# What they start --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _database(folder):
    if DATABASE == "sqlite":
        yield f"sqlite:///{folder / 'maarifa.sqlite3'}"
        return
    name = f"deployment_{os.getpid()}"
    houses.administer(f"CREATE DATABASE {name}")
    try:
        yield services.postgres_url(name)
    finally:
        houses.administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _running(folder, redis_options):
    """A function that starts a program of the house, and one that runs a command to its end; all stop at the end."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(houses.OURS)}
    started = []
    port = processes.free_port()

    def start(command, environment, name):
        log = folder / f"{name}.log"
        program = processes.start(command, log=log, env=bare | environment, cwd=services.ROOT)
        started.append((program, log))
        return program

    try:
        redis = [processes.redis_binary(), *redis_options, "--port", port, "--dir", folder]
        start(redis, {}, "redis")
        assert processes.wait_until(lambda: processes.answers(port), seconds=20)
        yield start, f"redis://127.0.0.1:{port}/0"
    finally:
        for program, _ in reversed(started):
            processes.stop(program)


def _to_its_end(program, folder, name):
    program.wait(timeout=600)
    assert program.returncode == 0, processes.last_lines(folder / f"{name}.log")


def _ready(url, **headers):
    asked = urllib.request.Request(f"{url}/readyz", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return None


def _here(words, port):
    """The same command on this machine: its programs, and a port of the test's."""
    words = [services.BIN / Path(words[0]).name, *words[1:]]
    return [port if word == "8000" else "127.0.0.1" if word == "0.0.0.0" else word for word in words]


def _workers_of(program) -> set[int]:
    """The processes that serve: the children of the web server's first process that are granian too."""
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    return {
        int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


def test_what_the_units_start_is_ready(tmp_path):
    told = units()
    var, port = tmp_path / "var", processes.free_port()
    var.mkdir()
    (tmp_path / "secret_key").write_text(SECRET)
    options = (UNITS / "redis.conf").read_text()
    redis = [word for line in options.splitlines() if line and line[0] != "#" for word in _option(line)]
    with _database(tmp_path) as database, _running(tmp_path, redis) as (start, redis_url):
        given = variables((UNITS / "maarifa.env").read_text()) | {
            "SECRET_KEY_FILE": str(tmp_path / "secret_key"),
            "VAR_DIR": str(var),
            "STATIC_DIR": str(services.static_files()),
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
        }
        for name in STARTED:
            unit = told[name]
            environment = unit.environment | given | FASTER | {"PYTHONPATH": "platform"}
            for number, command in enumerate(unit.commands):
                label = f"{name}-{number}"
                program = start(_here(command, port), environment, label)
                if unit.settings.get("Type") == ["oneshot"]:
                    _to_its_end(program, tmp_path, label)
        url, proxied = f"http://127.0.0.1:{port}", {"Host": "learn.example.org", "X-Forwarded-Proto": "https"}
        assert processes.wait_until(lambda: _ready(url, **proxied) == WELL, seconds=120), _ready(
            url, **proxied
        )


def _option(line):
    name, value = line.split(" ", 1)
    return [f"--{name}", value.strip('"')]


@pytest.mark.postgres_only
def test_what_compose_starts_is_ready_and_its_web_processes_share_what_they_must(tmp_path):
    """Two containers of two web processes each: a visitor who signs in with one is signed in with all."""
    there = compose(POSTGRES_PASSWORD="x")["services"]
    fixed, served = image()
    var, ports = tmp_path / "var", [processes.free_port() for _ in range(2)]
    var.mkdir()
    redis = there["redis"]["command"][1:]
    dot_env = {
        name: value
        for name, value in variables((services.ROOT / ".env.example").read_text()).items()
        if value and name not in ("PORT", "DATABASE_URL", "REDIS_URL")
    }
    with _database(tmp_path) as database, _running(tmp_path, redis) as (start, redis_url):

        def environment(name):
            own = {key: str(value) for key, value in there[name]["environment"].items()}
            here = {
                "PYTHONPATH": "platform",
                "VAR_DIR": str(var),
                "STATIC_DIR": str(services.static_files()),
                "DATABASE_URL": database,
                "REDIS_URL": redis_url,
                "SECRET_KEY": SECRET,
                "PATH": f"{services.BIN}:{os.environ['PATH']}",
            }
            return fixed | dot_env | own | here | FASTER

        _to_its_end(
            start(there["prepared"]["command"], environment("prepared"), "prepared"), tmp_path, "prepared"
        )
        webs = [start(_here(served, port), environment("web"), f"web-{port}") for port in ports]
        for name in ("worker", "beat"):
            start(_here(there[name]["command"], ports[0]), environment(name), name)
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        for url in urls:
            assert processes.wait_until(lambda url=url: _ready(url) == WELL, seconds=120), _ready(url)

        subprocess.run(
            [services.BIN / "python", "manage.py", "shell", "--no-imports", "-c", _SOMEBODY],
            env=os.environ | environment("web"),
            cwd=services.ROOT,
            check=True,
        )
        visitor = Visitor()
        visitor.sign_in(urls[0], {"username": "somebody", "password": "gari-dogo-langu"})
        pages = [visitor.get(f"{url}/en/account/") for url in urls for _ in range(8)]
        assert all("Somebody Known" in page for page in pages)
        assert [len(_workers_of(web)) for web in webs] == [2, 2]


_SOMEBODY = """
from maarifa.accounts.models import User
User.objects.create_user(username="somebody", name="Somebody Known", password="gari-dogo-langu")
"""


@pytest.mark.once
def test_check_deploy_finds_nothing(tmp_path):
    given = variables((UNITS / "maarifa.env").read_text()) | {"SECRET_KEY": SECRET, "VAR_DIR": str(tmp_path)}
    del given["SECRET_KEY_FILE"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(houses.OURS)}
    ran = subprocess.run(
        [services.BIN / "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=bare | given,
        cwd=services.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (0, "System check identified no issues (2 silenced).\n")
