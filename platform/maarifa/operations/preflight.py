"""What this machine lacks, in one line each, before anything is built. Runs under any Python, alone.

python3 -I platform/maarifa/operations/preflight.py run|test
"""

from __future__ import print_function

import glob
import os
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping  # noqa: F401 - the types stand in comments, for an old Python

OLDEST, YOUNGEST = (3, 11), (3, 14)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "The tests need Chromium, but it is not installed. Install it: apt-get install chromium "
    "(or, without root: .venv/bin/playwright install chromium)"
)


def missing(purpose, environ):
    # type: (str, Mapping[str, str]) -> Iterator[str]
    """Lines that say what is missing, each with the command that installs it."""
    version = sys.version_info[:2]
    if not OLDEST <= version <= YOUNGEST:
        yield (
            "Maarifa needs Python 3.11 to 3.14, but {0} is {1}.{2}. Install one: apt-get install python3.11 "
            "python3.11-venv (or name one that you have: make {3} PYTHON=/path/to/python3.11)"
        ).format(sys.executable, version[0], version[1], purpose)
        return
    if not os.path.exists(os.path.join(".venv", "bin", "pip")) and not has_venv():
        yield "This Python can't create virtual environments. Install the module for it: apt-get install python3-venv"
    if not environ.get("REDIS_URL") and not has_redis(version, environ):
        yield (
            "No Redis server is packaged for Python {0}.{1} on this machine. Install one: apt-get install "
            "redis-server (or set REDIS_URL, or use Python 3.11 or 3.12 on 64-bit x86 Linux)"
        ).format(*version)
    if purpose == "run":
        for line in port_trouble(environ.get("PORT") or "8000"):
            yield line
    if purpose == "test" and chromium(environ) is None:
        yield NO_CHROMIUM


def has_venv():
    # type: () -> bool
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian keeps it apart, in python3-venv
        import venv  # noqa: F401, PLC0415 - as above
    except ImportError:
        return False
    return True


def has_redis(version, environ):
    # type: (tuple[int, int], Mapping[str, str]) -> bool
    machine = os.uname()
    bundled = version < (3, 13) and machine[0] == "Linux" and machine[4] == "x86_64"
    return bundled or installed("redis-server", environ) is not None


def chromium(environ):
    # type: (Mapping[str, str]) -> str | None
    """Where Chromium is: the system's, or else the one that Playwright keeps in the user's own folder."""
    for name in CHROMIUMS:
        path = installed(name, environ)
        if path:
            return path
    own = environ.get("PLAYWRIGHT_BROWSERS_PATH") or os.path.expanduser("~/.cache/ms-playwright")
    paths = sorted(glob.glob(os.path.join(own, "chromium-*", "chrome-linux*", "chrome")))
    return paths[-1] if paths else None


def installed(name, environ):
    # type: (str, Mapping[str, str]) -> str | None
    for folder in environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    return None


def port_trouble(text):
    # type: (str) -> Iterator[str]
    """A line if the web server could not listen there."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        yield "PORT={0} is not a port. Use a number from 1 to 65535, for example: make run PORT=8000".format(
            text
        )
        return
    port = int(text)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except (OSError, socket.error) as error:
        other = port + 1 if port < 65535 else 8000
        yield "Port {0} can't be used ({1}). Use another: make run PORT={2}".format(
            port, error.strerror, other
        )
    finally:
        listener.close()


if __name__ == "__main__":
    problems = list(missing(sys.argv[1], os.environ))
    for line in problems:
        print("maarifa: " + line, file=sys.stderr)
    sys.exit(1 if problems else 0)
