"""A backup goes through a pipe to a program that encrypts it, and comes back from it."""

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import services
from tests.machines import rows_in

pytestmark = pytest.mark.once
# The commands of docs/how/install.md, for the programs that are here; without one, a program that encrypts nothing.
PROGRAMS = [name for name in ("gpg", "age") if shutil.which(name)] or ["cat"]


@pytest.fixture(scope="module")
def machine(new_machine):
    machine = new_machine("sqlite")
    machine.manage("migrate", "--noinput")
    return machine


class Keys:
    """A pair of keys of one program: what encrypts, and what decrypts."""

    def __init__(self, program, folder):
        self.folder, self.public, self.private = folder, folder / "public", folder / "private"
        self.encrypt = self.decrypt = program
        if program == "gpg":
            self._of_gpg()
        elif program == "age":
            self.sh(f"age-keygen -o {self.private} && age-keygen -y {self.private} > {self.public}")
            self.encrypt, self.decrypt = f"age -R {self.public}", f"age -d -i {self.private}"

    def _of_gpg(self):
        home = self.folder / "home"
        home.mkdir(0o700)
        there = f"gpg --batch --quiet --homedir {home}"
        self.sh(
            f"{there} --passphrase '' --quick-generate-key backup@example.org future-default default never"
        )
        self.sh(f"{there} --export backup@example.org > {self.public}")
        # Whoever makes the backup has the public key, and nothing else.
        bare = self.folder / "bare"
        bare.mkdir(0o700)
        self.encrypt = (
            f"gpg --batch --homedir {bare} --trust-model always --encrypt --recipient-file {self.public}"
        )
        self.decrypt = f"{there} --decrypt"

    def sh(self, line, **more):
        return subprocess.run(["bash", "-o", "pipefail", "-c", line], check=True, cwd=services.ROOT, **more)

    def end(self):
        for home in ("home", "bare"):
            if (self.folder / home).exists():
                subprocess.run(["gpgconf", "--homedir", self.folder / home, "--kill", "all"], check=True)


@pytest.fixture
def keys(request):
    # A short path, for the sockets of gpg's agent.
    with tempfile.TemporaryDirectory(prefix="keys", dir="/tmp") as folder:
        keys = Keys(request.param, Path(folder))
        yield keys
        keys.end()


@pytest.mark.parametrize("keys", PROGRAMS, indirect=True)
def test_backup_is_encrypted_on_its_way_and_restored(machine, new_machine, keys, tmp_path):
    away, back = tmp_path / "monday.zip.away", tmp_path / "monday.zip"
    said = keys.sh(
        f"{sys.executable} manage.py backup - | {keys.encrypt} > {away}",
        env=machine.environment,
        capture_output=True,
        text=True,
    )
    assert said.stdout == ""
    assert "tables, 0 files and the secret key." in said.stderr
    for plain in (b"manifest.json", b"PK\x03\x04"):
        assert (plain in away.read_bytes()) == (keys.encrypt == "cat")

    keys.sh(f"umask 077; {keys.decrypt} < {away} > {back}")
    file = tmp_path / "file.zip"
    machine.manage("backup", file)
    assert rows_in(back) == rows_in(file)
    assert "were restored, as they were at" in new_machine("sqlite").manage("restore", back)


def test_pipe_that_breaks_is_no_success_and_what_came_through_is_no_backup(machine, new_machine, tmp_path):
    part = tmp_path / "part.zip"
    line = f"{sys.executable} manage.py backup - | head -c 2000 > {part}"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=machine.environment,
        cwd=services.ROOT,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, part.stat().st_size) == (1, 2000)
    assert "standard output could not be written: Broken pipe." in ran.stderr
    said, code = new_machine("sqlite").attempt("restore", part)
    assert (code, "is not a complete backup" in said) == (1, True)


def test_backup_is_not_written_to_a_terminal(machine):
    here, terminal = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "manage.py", "backup", "-"],
        env=machine.environment,
        cwd=services.ROOT,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(terminal)
    os.close(here)
    assert ran.returncode == 1
    assert "Standard output is a terminal." in ran.stderr
