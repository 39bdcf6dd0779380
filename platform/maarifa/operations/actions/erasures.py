"""The list of erasures: who is forgotten stays forgotten when an older backup is restored.

It is a file beside the database, VAR_DIR/erasures.jsonl, and only ever grows. Each line has a public id and a moment,
and nothing else of a person.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from maarifa.accounts.actions import erase_account
from maarifa.accounts.models import User
from maarifa.lib.errors import DomainError

NAME = "erasures.jsonl"
AT_A_TIME = 500


class ErasuresError(DomainError):
    MESSAGES = {
        "CANNOT_READ": "%(file)s cannot be read: %(why)s.",
        "BAD_LINE": '%(file)s:%(line)s: write {"public_id": a UUID, "at": a date and time with time zone}.',
    }


def list_erasures(*, file: Path | None = None) -> int:
    """Everybody whom the database knows as erased is on the list; how many were added. Never takes anybody off it.

    Again adds nothing, so that the hourly run finds whom a process that died had no time to write.
    """
    rows = User.objects.filter(erased_at__isnull=False).order_by("erased_at", "pk")
    erasure_times = {public_id: at for public_id, at in rows.values_list("public_id", "erased_at") if at}
    return add_to_list(file or settings.VAR_DIR / NAME, erasure_times)


def list_erasures_after_commit() -> None:
    """As soon as the erasure holds. A disk that is full is no error for the person who erases: the hourly run adds
    them."""
    transaction.on_commit(list_erasures, robust=True)


def add_to_list(file: Path, erasure_times: dict[UUID, datetime]) -> int:
    """Append who isn't there yet, on the disk when this returns."""
    if not erasure_times and not file.exists():
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        existing, whole = _whole_lines(file, out.read())
        new = {public_id: at for public_id, at in erasure_times.items() if public_id not in existing}
        if not new:
            return 0
        # A line that a power cut broke off goes; whom it was about is among the new ones.
        out.truncate(whole)
        out.seek(whole)
        out.write("".join(map(_line, new.items())).encode())
        out.flush()
        os.fsync(out.fileno())
        return len(new)


def read_list(file: Path) -> dict[UUID, datetime]:
    """Who was erased, and when. Refuses a line that says neither; a last line that was cut short is passed over."""
    try:
        return parse(file, file.read_bytes())
    except OSError as error:
        raise ErasuresError("CANNOT_READ", file=file, why=error.strerror) from error


def parse(file: Path, data: bytes) -> dict[UUID, datetime]:
    return _whole_lines(file, data)[0]


def replay(erasure_times: dict[UUID, datetime]) -> int:
    """Erase again whom the database still knows; how many that were."""
    ids, done = sorted(erasure_times), 0
    for first in range(0, len(ids), AT_A_TIME):  # a statement takes only so many
        users = User.objects.filter(public_id__in=ids[first : first + AT_A_TIME], erased_at=None)
        done += sum(erase_account(user=user, by=None, at=erasure_times[user.public_id]) for user in users)
    return done


def _line(entry: tuple[UUID, datetime]) -> str:
    public_id, at = entry
    return json.dumps({"public_id": str(public_id), "at": at.isoformat()}) + "\n"


def _whole_lines(file: Path, data: bytes) -> tuple[dict[UUID, datetime], int]:
    whole = data.rfind(b"\n") + 1
    erasure_times = {}
    for number, line in enumerate(data[:whole].splitlines(), start=1):
        try:
            entry = json.loads(line)
            public_id, at = UUID(entry["public_id"]), datetime.fromisoformat(entry["at"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ErasuresError("BAD_LINE", file=file, line=number) from None
        if at.tzinfo is None:
            raise ErasuresError("BAD_LINE", file=file, line=number)
        erasure_times[public_id] = at
    return erasure_times, whole
