"""One file that holds everything the instance cannot make again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from maarifa.lib.errors import DomainError
from maarifa.lib.version import code_version
from maarifa.operations import archive, tables
from maarifa.operations.actions import erasures

# What VAR_DIR holds that nothing can make again. The rest is static files, logs, Redis and the database itself.
KEPT = ("media", "demo.json", erasures.NAME)


class BackupError(DomainError):
    MESSAGES = {
        "NEWER_DATABASE": "The database has migrations that this code does not have. The first is %(migration)s. "
        "Use the code that the database was migrated with.",
        "NO_DATABASE": "The database has no tables yet, so there is nothing to back up.",
    }


@dataclass
class BackedUp:
    rows: int
    tables: int
    files: int
    # Tables that no app knows: another program's, or what an app left behind.
    left_out: list[str]


def back_up(*, file: Path | BinaryIO, watch: archive.Watch, at: datetime | None = None) -> BackedUp:
    """Write everything to `file`, a path or a pipe: all tables as they were at one moment, the files, the secret key.

    The instance may run meanwhile: nobody waits for the backup, nor it for anybody. Refuses a name that is taken, and a
    database of newer code. A path is there once it is whole, and not before.
    """
    at = at or timezone.now()
    migrations = MigrationRecorder(connection).applied_migrations()
    schema = tables.Schema(connection, migrations)
    if not migrations:
        raise BackupError("NO_DATABASE")
    if schema.unknown:
        raise BackupError("NEWER_DATABASE", migration=".".join(schema.unknown[0]))
    kinds = schema.models()
    with archive.writing(file) if isinstance(file, Path) else archive.streaming(file) as out:
        with _one_moment():
            total = sum(model._base_manager.count() for model in kinds)
            rows = 0
            for model in kinds:
                rows = _write_table(out, model, rows, total, watch)
            left_out = _others(kinds)
        files = _write_files(out)
        out.finish(
            made=at.isoformat(),
            code=code_version(),
            database=connection.vendor,
            migrations=sorted(migrations),
        )
    return BackedUp(rows=rows, tables=len(kinds), files=files, left_out=left_out)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every query in here sees the same database, and nobody is kept from writing to it."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # atomic() would begin to write here, and everybody would wait. In SQLite's WAL a reader keeps what it first saw.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_table(
    out: archive.Writing, model: type[models.Model], before: int, total: int, watch: archive.Watch
) -> int:
    label = model._meta.label
    rows = 0
    with out.member(f"tables/{label}.jsonl", model=label, columns=tables.columns_of(model)) as member:
        for line in tables.lines_of(model):
            member.write(line)
            rows += 1
            if rows % tables.ROWS == 0:
                watch("%(done)s of %(total)s rows copied", before + rows, total)
    out.members[f"tables/{label}.jsonl"]["rows"] = rows
    watch("%(done)s of %(total)s rows copied", before + rows, total)
    return before + rows


def _write_files(out: archive.Writing) -> int:
    files = 0
    for path in _files():
        name = path.relative_to(settings.VAR_DIR).as_posix()
        with (
            out.member(f"files/{name}", mode=path.stat().st_mode & 0o777) as member,
            open(path, "rb") as file,
        ):
            while piece := file.read(archive.PIECE):
                member.write(piece)
        files += 1
    with out.member("secret_key") as member:
        member.write(settings.SECRET_KEY.encode())
    return files


def _files() -> Iterator[Path]:
    for name in KEPT:
        path = settings.VAR_DIR / name
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in below if file.is_file() and not file.is_symlink())


def _others(kinds: list[type[models.Model]]) -> list[str]:
    known_tables = {model._meta.db_table for model in kinds} | {MigrationRecorder.Migration._meta.db_table}
    with connection.cursor() as cursor:
        return sorted(set(connection.introspection.table_names(cursor)) - known_tables)
