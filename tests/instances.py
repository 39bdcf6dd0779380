"""The whole instance as a newcomer starts it: what `make run` does, without make."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

from maarifa.operations import processes
from tests import services

# What a test run lays into the environment, and a newcomer hasn't got.
OURS = (
    *(
        "MAARIFA_",
        "TEST_",
        "PYTEST_",
        "DJANGO_",
        "DATABASE_",
        "REDIS_",
        "SECRET_",
        "VAR_",
        "ALLOWED_",
        "EMAIL_",
    ),
)


class Instance:
    """An instance in a folder of its own, at `address`, once it is started; `demo` is what it tells scripts."""

    def __init__(self, var, *, port=None, **given):
        self.var = var
        self.port = port or processes.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.given = given

    def start(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment |= {"PYTHONPATH": "platform", "VAR_DIR": str(self.var), "PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maarifa.operations.supervisor"],
            cwd=services.ROOT,
            env=environment | self.given,
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
            if "Press Ctrl-C to stop everything" in line:
                return "".join(said)
        raise AssertionError("it ended before it ran:\n" + "".join(said))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)

    @property
    def demo(self):
        return json.loads((self.var / "demo.json").read_text())

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def processes(self):
        """Every process of this instance by its id: each knows its folder, or stands in it, as Redis does."""
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


@contextlib.contextmanager
def instances(folder, database):
    """A function that starts instances, each on its own database; at the end nothing of them may be left."""
    started, made = [], []

    def start(**given):
        number = len(started)
        if database == "postgres":
            name = f"instance_{uuid.uuid4().hex}"
            administer(f"CREATE DATABASE {name}")
            made.append(name)
            given = {"DATABASE_URL": services.postgres_url(name)} | given
        instance = Instance(folder / f"instance-{number}", **given)
        started.append(instance)
        return instance.start()

    try:
        yield start
    finally:
        for instance in started:
            instance.stop()
        left = [instance.processes() for instance in started]
        for name in made:
            administer(f"DROP DATABASE {name} WITH (FORCE)")
    assert left == [{} for _ in started]


def administer(statement):
    import psycopg

    with contextlib.closing(psycopg.connect(services.postgres_url(), autocommit=True)) as connection:
        connection.execute(statement)
