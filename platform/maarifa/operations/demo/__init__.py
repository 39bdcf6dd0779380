"""The demo: an institution, a group at the shipped course, and people in every state to look around with.

Each step is taken through the apps' own actions, and again changes nothing, so that a start that was cut short is
finished by the next.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from maarifa.lib.errors import DomainError
from maarifa.operations.demo.sign_ins import Told, passwords_in, write
from maarifa.operations.demo.staging import Staging


def make_demo(*, file: Path, say: Callable[[str], object], at: datetime | None = None) -> Told | None:
    """The demo is there, and `file` says how to enter it. Again changes nothing, but a sign-in that no longer works.

    `file` is written last, at once and whole, readable by this user alone: what it names is true. Where somebody has
    changed the demo so that it can't be brought back, it says why, and returns None; the file is taken away.
    """
    at = at or timezone.now()
    try:
        demo = Staging(at, say)
        demo.make(passwords_in(file))
        content = demo.told()
    except DomainError as refusal:
        say(f"The demo is not available: {refusal}")
        file.unlink(missing_ok=True)
        return None
    if write(file, content):
        say(f"The user names and passwords of the demo are in {file}.")
    return content
