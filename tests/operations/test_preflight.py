import socket
import subprocess
import sys
import time

import pytest

from maarifa.operations import preflight, processes
from tests.services import ROOT


def run(purpose, **environment):
    return subprocess.run(
        [sys.executable, "-I", "platform/maarifa/operations/preflight.py", purpose],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
    )


def test_preflight_finds_nothing_missing_where_tests_run():
    ran = run("run", PORT=str(processes.free_port()), REDIS_URL="redis://127.0.0.1:1/0")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_preflight_names_a_port_in_use_at_once():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        began = time.monotonic()
        ran = run("run", PORT=str(port), REDIS_URL="redis://127.0.0.1:1/0")
    assert ran.returncode == 1
    assert ran.stderr == (
        f"maarifa: Port {port} can't be used (Address already in use). "
        f"Use another: make run PORT={port + 1}\n"
    )
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_preflight_refuses_a_port_that_is_none(port):
    assert list(preflight.port_trouble(port)) == [
        f"PORT={port} is not a port. Use a number from 1 to 65535, for example: make run PORT=8000"
    ]


def test_preflight_names_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert [*preflight.missing("run", {})] == [
        f"Maarifa needs Python 3.11 to 3.14, but {sys.executable} is 3.9. "
        "Install one: apt-get install python3.11 python3.11-venv "
        "(or name one that you have: make run PYTHON=/path/to/python3.11)"
    ]


def test_preflight_names_a_missing_redis_and_a_missing_browser(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    bare = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    assert [*preflight.missing("test", bare)] == [
        "No Redis server is packaged for Python 3.13 on this machine. Install one: apt-get install "
        "redis-server (or set REDIS_URL, or use Python 3.11 or 3.12 on 64-bit x86 Linux)",
        "The tests need Chromium, but it is not installed. Install it: apt-get install chromium "
        "(or, without root: .venv/bin/playwright install chromium)",
    ]


def test_preflight_takes_what_is_there(monkeypatch, tmp_path):
    """Redis from the system where none is packaged; the browser that Playwright keeps for someone without root."""
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    for path in (tmp_path / "redis-server", tmp_path / "chromium-1200" / "chrome-linux" / "chrome"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
    there = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    assert [*preflight.missing("test", there)] == []


def test_preflight_needs_no_redis_of_its_own_where_one_is_given(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    given = {
        "PATH": str(tmp_path),
        "REDIS_URL": "redis://queue.example.org",
        "PORT": str(processes.free_port()),
    }
    assert [*preflight.missing("run", given)] == []
