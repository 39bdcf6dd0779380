"""Runs all parts of Maarifa on one machine, with nothing to install first. `make run` starts this program.

It is a separate program, not a command of manage.py, because it creates the secret key that Django needs to
start. It stays small, because it waits most of the time.
"""

import argparse
import contextlib
import fcntl
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from maarifa.operations import instances, preflight, processes

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent

# A child that dies this often within a minute will not come right by being started again.
MOST_STARTS, WITHIN_SECONDS = 5, 60.0
# Without these nobody reads a page. The others are tried again and again: a full disk is no reason to stop reading.
NEEDED = ("Redis", "web server")
REST_SECONDS = 60.0


class CannotStart(Exception):
    """What stands in the way, in words for the person at the terminal."""


@dataclass
class Child:
    """One of the processes, started again when it dies."""

    name: str
    command: Sequence[processes.Part]
    environment: Mapping[str, str]
    log: Path
    guard: processes.Guard | None = None
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_STARTS))
    rests_until: float = 0.0

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.process = processes.start(self.command, env=self.environment, log=self.log, cwd=ROOT)
        if self.guard:
            self.guard.watch(self.process.pid)

    def end(self) -> None:
        """Wait a while for one that was asked to stop, then end whatever is left of its group."""
        if self.process is None:
            return
        processes.finish(self.process)
        if self.guard:
            self.guard.forget(self.process.pid)
        self.process = None

    def has_died(self) -> bool:
        if self.process is None:
            return bool(self.starts) and time.monotonic() >= self.rests_until
        return self.process.poll() is not None

    def start_again(self) -> None:
        """Start it again after its death. One that keeps dying is given up where nothing goes without it, and rests a
        while where the others can go on.
        """
        code = self.process.returncode if self.process else None
        self.end()
        if len(self.starts) == MOST_STARTS and time.monotonic() - self.starts[0] < WITHIN_SECONDS:
            end = f"The end of {shown(self.log)}:\n{processes.last_lines(self.log)}"
            if self.name in NEEDED:
                raise CannotStart(f"The {self.name} keeps stopping. {end}")
            say(
                f"The {self.name} keeps stopping. The others keep running. It is restarted every minute. {end}"
            )
            self.rests_until = time.monotonic() + REST_SECONDS
            self.starts.popleft()
            return
        if code is not None:
            say(f"The {self.name} stopped ({how_it_ended(code)}). Restarting it.")
        self.start()


class Supervisor:
    def __init__(self, *, port: int, var: Path) -> None:
        self.port = port
        self.var = var
        self.address = f"http://127.0.0.1:{port}"
        self.children: list[Child] = []
        self.stopping = False
        self.guard: processes.Guard | None = None

    def run(self) -> None:
        for name in ("log", "mail", "redis"):
            (self.var / name).mkdir(parents=True, exist_ok=True)
        with self.alone():
            # It holds the folder too, until the last of them is gone.
            self.guard = processes.Guard()
            signal.signal(signal.SIGINT, self.ask_to_stop)
            signal.signal(signal.SIGTERM, self.ask_to_stop)
            try:
                self.start_everything()
                self.introduce()
                self.keep_running()
            finally:
                self.stop_everything()
                self.guard.dismiss()

    # What the others need to know ---------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """What is given in the environment holds; the rest is made for this machine."""
        environ = os.environ
        defaults = {
            "PYTHONPATH": str(ROOT / "platform"),
            "DJANGO_SETTINGS_MODULE": "maarifa.settings",
            "VAR_DIR": str(self.var),
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            # Plainly nobody's: `check --deploy` asks a real site for its own.
            "CONTACT_EMAIL": "help@example.org",
            "CSRF_TRUSTED_ORIGINS": f"{self.address},http://localhost:{self.port}",
            "DATABASE_URL": f"sqlite:///{self.var / 'maarifa.sqlite3'}",
        }
        if "SECRET_KEY" not in environ and "SECRET_KEY_FILE" not in environ:
            defaults["SECRET_KEY_FILE"] = str(self.secret_key())
        if "REDIS_URL" not in environ:
            # Whoever else has an account on this machine reaches the port, and must not read or write there.
            defaults["REDIS_URL"] = f"redis://:{secrets.token_hex(24)}@127.0.0.1:{processes.free_port()}/0"
        if "EMAIL_HOST" not in environ:
            defaults["EMAIL_BACKEND"] = "django.core.mail.backends.filebased.EmailBackend"
        return defaults | {name: value for name, value in environ.items() if value or name not in defaults}

    def secret_key(self) -> Path:
        """Made at the first start, readable by this user alone, and kept: sessions and links hang on it."""
        path = self.var / "secret_key"
        if not path.exists():
            write_for_owner(path, secrets.token_urlsafe(50))
        return path

    # Starting -----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Two of these on one folder would write over each other's Redis."""
        with open(self.var / instances.RUNNING, "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise CannotStart(
                    f"Maarifa is already running from this folder: {lock.read().strip()}"
                ) from None
            lock.truncate(0)
            lock.write(f"{self.address} (process {os.getpid()})\n")
            lock.flush()
            yield

    def start_everything(self) -> None:
        environment = self.environment()
        # For manage.py beside it.
        values = {name: environment[name] for name in instances.knobs() if environment.get(name)}
        write_for_owner(self.var / instances.NAME, instances.text_of(values))
        if "REDIS_URL" not in os.environ:
            self.start_redis(urlsplit(environment["REDIS_URL"]))
        preparing = self.begin_to_prepare(environment)
        self.start("web server", processes.web_command(BIN, port=self.port), environment)
        # No worker takes from the demo's hands what it makes at once.
        self.wait_until_prepared(preparing)
        # Who waits for a code waits for nothing else. One process with threads, beat among them: every process more
        # would hold some 90 MB.
        self.start(
            "urgent worker",
            processes.worker_command(
                BIN,
                queues="urgent",
                name="urgent",
                more=("--pool", "threads", "--concurrency", 4, "--beat-inside"),
            ),
            environment,
        )
        self.start(
            "worker",
            processes.worker_command(BIN, queues="default,bulk", name="worker", more=("--concurrency", 1)),
            environment,
        )
        self.wait_for_page()

    def start(self, name: str, command: Sequence[processes.Part], environment: Mapping[str, str]) -> Child:
        log = self.var / "log" / (name.lower().replace(" ", "-") + ".log")
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        child = Child(name, command, environment, log, self.guard)
        self.children.append(child)
        child.start()
        return child

    def start_redis(self, url: SplitResult) -> None:
        if processes.redis_binary() is None:
            raise CannotStart(
                "There is no Redis server on this machine. Install one: apt-get install redis-server"
            )
        folder, port = self.var / "redis", url.port or 6379
        write_for_owner(folder / "password.conf", f"requirepass {url.password}\n")
        command = processes.redis_command(port=port, folder=folder, settings=folder / "password.conf")
        child = self.start("Redis", command, dict(os.environ))
        if not processes.wait_until(lambda: processes.answers(port), seconds=20, process=child.process):
            raise CannotStart(f"Redis did not start:\n{processes.last_lines(child.log)}")

    def begin_to_prepare(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Bring everything up to date; what it says is shown. Comes back when the web server may start.

        It needs the tables and the static files. The courses and the demo come to be while it starts, as they would
        change while it runs.
        """
        reading_end, writing_end = os.pipe()
        running = subprocess.Popen(
            [sys.executable, "manage.py", "prepare", "--tell", str(writing_end)],
            cwd=ROOT,
            env=environment,
            pass_fds=[writing_end],
            **processes.TIED,
        )
        os.close(writing_end)
        if self.guard:
            self.guard.watch(running.pid)
        with open(reading_end, "rb", buffering=0) as end:
            self.wait_for(running, lambda: bool(select.select([end], [], [], 0.05)[0]))
            if not end.read(1):  # it ended without a word
                running.wait()
        if running.poll():
            raise CannotStart("The database could not be prepared. See the messages above.")
        return running

    def wait_until_prepared(self, running: subprocess.Popen[bytes]) -> None:
        def ended() -> bool:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=0.05)
            return running.returncode is not None

        self.wait_for(running, ended)
        if self.guard:
            self.guard.forget(running.pid)
        if running.returncode != 0:
            raise CannotStart("The database could not be prepared. See the messages above.")

    def wait_for(self, running: subprocess.Popen[bytes], come: Callable[[], bool]) -> None:
        while not self.stopping and not come():
            pass
        if self.stopping:
            processes.stop(running)
            raise SystemExit

    def wait_for_page(self) -> None:
        web = next(child for child in self.children if child.name == "web server")

        def settled() -> bool:
            return self.stopping or page_status(f"{self.address}/") is not None

        if not processes.wait_until(settled, seconds=60, process=web.process):
            raise CannotStart(f"The web server did not start:\n{processes.last_lines(web.log)}")
        status = page_status(f"{self.address}/")
        if not self.stopping and status != 200:
            raise CannotStart(f"The home page answers with status {status}:\n{processes.last_lines(web.log)}")

    def introduce(self) -> None:
        if self.stopping:
            return
        lines = [f"Maarifa is running: {self.address}/", ""]
        with contextlib.suppress(OSError, ValueError, AttributeError, KeyError):
            people = json.loads((self.var / "demo.json").read_text())["people"]
            width = max(len(role) for role in people)
            lines += [
                f"  {role:<{width}}  sign in as {person['username']}, password {person['password']}"
                for role, person in people.items()
            ]
            lines.append("")
        if "EMAIL_HOST" not in os.environ:
            lines.append(f"E-mail is written to files in {shown(self.var / 'mail')} and is not sent.")
        lines += [f"Logs are in {shown(self.var / 'log')}. Press Ctrl-C to stop everything.", ""]
        say("\n".join(lines))

    # Running and stopping -----------------------------------------------------------------------------------

    def keep_running(self) -> None:
        while not self.stopping:
            for child in self.children:
                if child.has_died() and not self.stopping:
                    child.start_again()
            time.sleep(0.3)

    def ask_to_stop(self, *_: object) -> None:
        if self.stopping:  # asked twice: no more patience
            for child in self.children:
                if child.process:
                    processes.kill_group(child.process)
        self.stopping = True

    def stop_everything(self) -> None:
        """Redis last: what the worker still has to say to it is said."""
        self.stopping = True
        running = [child for child in self.children if child.process]
        if running:
            say("Stopping.")
        redis = [child for child in running if child.name == "Redis"]
        others = [child for child in running if child.name != "Redis"]
        for together in (others, redis):
            for child in together:
                if child.process:
                    processes.ask_to_stop(child.process)
            for child in together:
                child.end()


def write_for_owner(path: Path, text: str) -> None:
    """A file that nobody else can read at any moment, in place of one that was there."""
    draft = path.with_name(path.name + ".new")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def page_status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - always our own http address
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def how_it_ended(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def shown(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return f"{path.relative_to(ROOT)}{'/' if path.is_dir() else ''}"
    return str(path)


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the process that started this one ends"
    )
    if options.parse_args().stop_with_parent:
        processes.die_with_parent()
    os.umask(0o077)  # what is in var/ is this user's business alone
    port = os.environ.get("PORT") or "8000"
    trouble = [*preflight.port_trouble(port)]
    try:
        if trouble:
            raise CannotStart(trouble[0])
        var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
        Supervisor(port=int(port), var=var).run()
    except CannotStart as error:
        print(f"maarifa: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
