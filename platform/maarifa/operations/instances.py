"""Which settings `manage.py` works with where none are given: those of the instance beside it, or those in `.env`.

Needs nothing installed: it runs before Django is loaded.
"""

import contextlib
import fcntl
import os
import re
import stat
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAME, RUNNING = "instance.env", "running"
# Who gives one of these knows which instance is meant; nothing is added then.
TELLING = ("SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "REDIS_URL", "VAR_DIR")
_LINE = re.compile(r"(?:export )?([A-Z][A-Z0-9_]*)=(.*)")


class CannotRead(Exception):
    """What is wrong with a file of settings, for the person at the terminal."""


def complete(environment: MutableMapping[str, str], *, root: Path = ROOT) -> Path | None:
    """Add to `environment` what it lacks, from the project's own `var/instance.env` or `.env`, and say from which.

    What is given is never overridden. The instance's file counts while `make run` runs from this folder, and after it
    where there is no `.env`. Raises CannotRead for a file that others may write or, of an instance, read.
    """
    if any(environment.get(name) for name in TELLING):
        return None
    instance, own = root / "var" / NAME, root / ".env"
    for path in (instance, own) if is_running(root / "var") else (own, instance):
        if path.is_file():
            private = path == instance
            for name, value in _read(path, private=private).items():
                environment.setdefault(name, value)
            return path
    return None


def is_running(var: Path) -> bool:
    """Whether `make run` holds this folder."""
    with contextlib.suppress(OSError), open(var / RUNNING, "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def text_of(settings: dict[str, str]) -> str:
    """What `complete` reads again. A value is one line."""
    return "".join(f"{name}={value}\n" for name, value in sorted(settings.items()) if "\n" not in value)


def knobs() -> set[str]:
    """Every setting that the environment may give, as `.env.example` lists them; a secret may come in a file."""
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    return {*names, *(f"{name}_FILE" for name in names)}


def _read(path: Path, *, private: bool) -> dict[str, str]:
    about = path.stat()
    wrong = stat.S_IWGRP | stat.S_IWOTH | (stat.S_IRGRP | stat.S_IROTH if private else 0)
    if path.is_symlink() and private:
        raise CannotRead(f"{path} is a symbolic link. Remove it: make run will write the file again.")
    if about.st_uid not in (os.geteuid(), 0) or about.st_mode & wrong:
        raise CannotRead(
            f"{path}: other users have access to it. Check what it says, then run: chown $USER {path}; chmod 600 {path}"
        )
    values = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise CannotRead(
                f"{path}:{number}: this line is not a setting. Write NAME=value, with the name in capital letters."
            )
        name, value = match[1], match[2].strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        # Empty is what it is when it is not set.
        if value:
            values[name] = value
    return values
