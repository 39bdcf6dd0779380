"""Passwords for the people of the demo, and the file that says them."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TypedDict


class SignIn(TypedDict):
    username: str
    password: str


class Told(TypedDict):
    """What the file says: where the site is, who may enter it, and what there is to see."""

    address: str
    people: dict[str, SignIn]
    course: str
    lesson: str
    cohort: str
    certificate: str


def new_password() -> str:
    """Three groups of syllables, easy to read out and to type on a phone: one of a hundred thousand million."""
    syllables = [secrets.choice("bdfghjklmnprstv") + secrets.choice("aeiou") for _ in range(6)]
    return "-".join("".join(syllables[place : place + 2]) for place in (0, 2, 4))


def passwords_in(file: Path) -> dict[str, str]:
    with suppress(OSError, ValueError, KeyError, AttributeError, TypeError):
        people = json.loads(file.read_text())["people"]
        return {role: str(person["password"]) for role, person in people.items()}
    return {}


def write(file: Path, content: Told) -> bool:
    """True where that changed the file."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    if file.exists() and file.read_text() == text and file.stat().st_mode & 0o777 == 0o600:
        return False
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    return True
