"""`make run` without make: the whole house as a newcomer starts it, in a folder of its own."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from maarifa.operations import processes
from maarifa.operations.supervisor import CannotStart, Child, page_status
from tests.services import ROOT

# What a test run lays into the environment, and a newcomer hasn't got.
OURS = (
    "MAARIFA_",
    "TEST_",
    "DATABASE_",
    "REDIS_",
    "SECRET_",
    "VAR_",
    "ALLOWED_",
    "DJANGO_",
    "EMAIL_",
    "PYTEST_",
)


class House:
    def __init__(self, var, port):
        self.var = var
        self.port = port
        self.address = f"http://127.0.0.1:{port}"

    def start(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maarifa.operations.supervisor"],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": "platform", "VAR_DIR": str(self.var), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self

    def wait_until_it_runs(self):
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                return "".join(said)
        raise AssertionError("it ended before it ran:\n" + "".join(said))

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def processes(self):
        """Every process of this house by its id: they know its folder, and Redis, which forgets, stands in it."""
        mark = f"VAR_DIR={self.var}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                knows = mark in (folder / "environ").read_bytes().split(b"\0")
                if knows or (folder / "cwd").readlink().is_relative_to(self.var):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def kill_one(self, what):
        """Kill the first of the processes whose command says `what`, and wait for another in its place."""
        before = {pid for pid, command in self.processes().items() if what in command}
        os.kill(min(before), signal.SIGKILL)

        def is_back():
            return {pid for pid, command in self.processes().items() if what in command} - before

        assert processes.wait_until(is_back, seconds=20)

    def is_gone(self):
        return self.processes() == {}


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "var", processes.free_port())
    yield made.start()
    if made.process.poll() is None:
        made.process.send_signal(signal.SIGTERM)
    made.process.communicate(timeout=60)
    assert made.is_gone()


def test_house_introduces_itself_and_stops_on_ctrl_c_with_nothing_left(house):
    said = house.wait_until_it_runs()

    demo = json.loads((house.var / "demo.json").read_text())
    assert demo["address"] == house.address
    assert f"Maarifa is running: {house.address}/" in said
    for person in demo["people"].values():
        assert f"sign in as {person['username']}, password {person['password']}" in said
    assert "Maarifa" in house.get("/")
    assert stat.S_IMODE((house.var / "secret_key").stat().st_mode) == 0o600

    os.killpg(house.process.pid, signal.SIGINT)
    rest, _ = house.process.communicate(timeout=30)

    assert (house.process.returncode, rest) == (0, "\nStopping.\n")
    assert house.is_gone()


def test_house_leaves_nothing_when_it_is_killed(house):
    house.wait_until_it_runs()
    house.process.kill()
    house.process.communicate(timeout=30)
    assert processes.wait_until(house.is_gone, seconds=20)


def test_house_starts_what_died_again(house):
    house.wait_until_it_runs()
    for what in ("maarifa.celery worker", "maarifa.celery beat", "redis-server", "granian"):
        house.kill_one(what)
    assert processes.wait_until(lambda: page_status(house.address + "/") == 200, seconds=20)


def test_child_that_keeps_dying_is_given_up(tmp_path):
    dying = [sys.executable, "-c", "print('no such table')"]
    child = Child("worker", dying, dict(os.environ), tmp_path / "worker.log")
    child.start()

    def keep_starting():
        while True:
            child.process.wait()
            child.start_again()

    with pytest.raises(CannotStart) as caught:
        keep_starting()
    assert str(caught.value) == (
        f"The worker keeps stopping. The end of {child.log}:\n" + "\n".join(["no such table"] * 5)
    )


def test_house_says_when_its_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        second = House(tmp_path / "var", port).start()
        said, _ = second.process.communicate(timeout=5)
    assert second.process.returncode == 1
    assert said == (
        f"maarifa: Port {port} cannot be used (Address already in use). "
        f"Take another: make run PORT={port + 1}\n"
    )


def test_house_runs_once_in_a_folder(house):
    house.wait_until_it_runs()
    second = House(house.var, processes.free_port()).start()
    said, _ = second.process.communicate(timeout=5)
    assert second.process.returncode == 1
    assert said == (
        f"maarifa: Maarifa already runs from this folder: {house.address} (process {house.process.pid})\n"
    )
