"""What the operator's files start is started here as they say it, against a real database and a real Redis.

Only places change: ports are free ones of this machine, folders are this test's, and the database is this run's.
"""

import contextlib
import json
import os
import re
import shlex
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from compose_spec import PyCompose

from maarifa.operations import processes
from tests import instances, services
from tests.conftest import DATABASE
from tests.deployments import COMPOSE, UNITS, compose, image, units, variables
from tests.machines import Visitor

WELL = {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok", "mail": "ok"}
PROGRAMS = ("web", "worker-urgent", "worker", "beat")
STARTED = [f"maarifa-{name}.service" for name in ("prepare", *PROGRAMS)]
PASSWORDS = {"POSTGRES_PASSWORD": "x/y", "REDIS_PASSWORD": "z/w"}
SECRET = "a secret key that is long enough, of this test only, 0123456789"
# A sign of life comes every half minute otherwise.
FASTER = {"REQUEUE_SECONDS": "2"}


# What the files say -----------------------------------------------------------------------------------------


@pytest.mark.once
def test_compose_file_meets_the_compose_specification():
    filled = compose(**PASSWORDS)
    PyCompose.from_json(json.dumps(filled)).validate()

    wrong = filled | {"services": filled["services"] | {"web": {"comand": ["true"]}}}
    with pytest.raises(ValueError, match="comand"):
        PyCompose.from_json(json.dumps(wrong))


@pytest.mark.once
def test_compose_file_refers_to_what_is_there():
    filled = compose(**PASSWORDS)
    there = filled["services"]
    waits = [name for service in there.values() for name in service.get("depends_on", ())]
    mounts = [mount.split(":")[0] for service in there.values() for mount in service.get("volumes", ())]
    assert set(waits) - set(there) == set()
    files = {mount for mount in mounts if mount.startswith("./")}
    assert set(mounts) - files == set(filled["volumes"])
    assert all((services.ROOT / file).is_file() for file in files)
    for name, service in there.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in there[other], f"{name} waits for the health of {other}"
    with pytest.raises(AssertionError, match=r"POSTGRES_PASSWORD: set POSTGRES_PASSWORD in \.env"):
        compose()


@pytest.mark.once
def test_all_processes_of_the_instance_share_its_key_its_database_and_its_folder():
    """Without the folder, an erasure that one container lists is lost with it."""
    there = compose(**PASSWORDS)["services"]
    instance = [there[name] for name in ("prepared", *PROGRAMS)]
    shared = ("DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL", "REDIS_PASSWORD", "VAR_DIR")
    assert {tuple(service["environment"][name] for name in shared) for service in instance} == {
        (
            "postgresql://maarifa@database:5432/maarifa",
            "x/y",
            "redis://redis:6379/0",
            "z/w",
            "/var/lib/maarifa",
        )
    }
    assert {(service["env_file"], *service["volumes"]) for service in instance} == {
        (".env", "kept:/var/lib/maarifa")
    }
    environment, _ = image()
    assert not Path(environment["STATIC_DIR"]).is_relative_to(environment["VAR_DIR"])


@pytest.mark.once
def test_units_and_compose_start_the_same():
    there, (_, served) = compose(**PASSWORDS)["services"], image()
    by_compose = {name: there[name].get("command", served) for name in PROGRAMS}
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
    assert said - known == {"GRANIAN_WORKERS", "SECRET_KEY_FILE", "REDIS_PASSWORD_FILE"}


@pytest.mark.once
def test_redis_keeps_its_queue_in_every_set_up(tmp_path):
    command = _redis_of_compose(tmp_path)
    told = (UNITS / "redis.conf").read_text()
    for option, value in (("appendonly", "yes"), ("save", ""), ("maxmemory-policy", "noeviction")):
        assert command[command.index(f"--{option}") + 1] == value
        assert re.search(rf'^{option} "?{value}"?$', told, re.M)


def _redis_of_compose(folder):
    """The words of its Redis, with the password's file in `folder`."""
    shell, option, line = compose(**PASSWORDS)["services"]["redis"]["command"]
    assert (shell, option) == ("sh", "-c")
    before, _, words = line.partition("exec ")
    subprocess.run(
        [shell, option, before.replace("/tmp/", f"{folder}/")], env=os.environ | PASSWORDS, check=True
    )
    return shlex.split(words.replace("/tmp/", f"{folder}/").replace(" /data ", f" {folder} "))


@pytest.mark.once
def test_compose_shows_nothing_but_its_proxy_and_that_to_its_own_machine_only():
    there = compose(**PASSWORDS)["services"]
    shown = {name: service["ports"] for name, service in there.items() if "ports" in service}
    assert shown == {"proxy": ["127.0.0.1:8000:8080"], "mail": ["127.0.0.1:8025:8025"]}
    assert there["web"]["environment"]["BEHIND_PROXY"] == "true"


@pytest.mark.once
def test_compose_limits_and_watches_what_runs():
    for name, service in compose(**PASSWORDS)["services"].items():
        assert "mem_limit" in service, name
        image = service["image"].partition(":")[2]
        assert image.count(".") >= 1 or "build" in service, f"{name} is not pinned to a version"
        if name == "mail":
            continue
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
        assert "healthcheck" in service or name == "prepared", name
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-", (services.ROOT / "Dockerfile").read_text(), re.M)


@pytest.mark.once
@pytest.mark.parametrize("name", ["maarifa-web.service"])
def test_web_is_reloaded_without_a_gap(name):
    assert units()[name].settings["ExecReload"] == ["/bin/kill -HUP $MAINPID"]


@pytest.mark.once
def test_preparing_is_tried_again_until_the_database_is_there():
    told = units()["maarifa-prepare.service"].settings
    assert (told["Restart"], told["RestartSec"], told["StartLimitIntervalSec"]) == (
        ["on-failure"],
        ["10"],
        ["0"],
    )


@pytest.mark.once
def test_proxies_take_a_whole_request_in_before_they_ask():
    """What nginx and Caddy call it: with nginx it is so unless it is switched off, with Caddy only where it is on."""
    for path in (UNITS / "nginx.conf", COMPOSE.parent / "docs/how/compose/nginx.conf"):
        told = path.read_text()
        assert re.search(r"^\s*proxy_request_buffering on;", told, re.M), path
        assert re.search(r"^\s*client_max_body_size 12m;", told, re.M), path
    assert re.search(r"^\s*buffer_requests$", (UNITS / "Caddyfile").read_text(), re.M)


# What they start --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _database(folder):
    if DATABASE == "sqlite":
        yield f"sqlite:///{folder / 'maarifa.sqlite3'}"
        return
    name = f"deployment_{os.getpid()}"
    instances.administer(f"CREATE DATABASE {name}")
    try:
        yield services.postgres_url(name)
    finally:
        instances.administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _running(folder, redis_options):
    """A function that starts a program of the instance, and one that runs a command to its end; all stop at the end."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(instances.OURS)}
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
    password = tmp_path / "maarifa-password.conf"
    password.write_text("requirepass a-password\n")
    (tmp_path / "redis_password").write_text("a-password\n")
    told_redis = tmp_path / "redis.conf"
    told_redis.write_text((UNITS / "redis.conf").read_text().replace("/etc/redis", str(tmp_path)))
    redis = [told_redis]
    with _database(tmp_path) as database, _running(tmp_path, redis) as (start, redis_url):
        given = variables((UNITS / "maarifa.env").read_text()) | {
            "SECRET_KEY_FILE": str(tmp_path / "secret_key"),
            "VAR_DIR": str(var),
            "STATIC_DIR": str(services.static_files()),
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
            "REDIS_PASSWORD_FILE": str(tmp_path / "redis_password"),
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


@pytest.mark.postgres_only
def test_what_compose_starts_is_ready_and_its_web_processes_share_what_they_must(tmp_path):
    """Two containers of two web processes each: a visitor who signs in with one is signed in with all."""
    there = compose(**PASSWORDS)["services"]
    fixed, served = image()
    var, ports = tmp_path / "var", [processes.free_port() for _ in range(2)]
    var.mkdir()
    redis = _redis_of_compose(tmp_path)[1:]
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
                "ALIVE_FILE": str(tmp_path / f"alive-{name}"),
                "SECRET_KEY": SECRET,
                "PATH": f"{services.BIN}:{os.environ['PATH']}",
            }
            return fixed | dot_env | own | here | FASTER

        _to_its_end(
            start(there["prepared"]["command"], environment("prepared"), "prepared"), tmp_path, "prepared"
        )
        webs = [start(_here(served, port), environment("web"), f"web-{port}") for port in ports]
        for name in PROGRAMS[1:]:
            start(_here(there[name]["command"], ports[0]), environment(name), name)
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        for url in urls:
            assert processes.wait_until(lambda url=url: _ready(url) == WELL, seconds=120), _ready(url)
        for name in PROGRAMS[1:]:
            assert processes.wait_until((tmp_path / f"alive-{name}").exists, seconds=30), name

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
    del given["SECRET_KEY_FILE"], given["REDIS_PASSWORD_FILE"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(instances.OURS)}
    ran = subprocess.run(
        [services.BIN / "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=bare | given,
        cwd=services.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (0, "System check identified no issues (2 silenced).\n")
