"""An instance from its backup, on a machine that has none."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from maarifa.lib.errors import DomainError
from maarifa.operations import tables
from maarifa.operations.actions import erasures
from maarifa.operations.actions.backing_up import KEPT
from maarifa.operations.archive import Archive, ArchiveError, Watch

SECRET = "secret_key"  # noqa: S105 - a file's name


class RestoreError(DomainError):
    MESSAGES = {
        "NOT_EMPTY": "The database is not empty: it has %(count)s tables, including %(some)s. Restore into a new one.",
        "NEWER_CODE": "%(file)s was made by newer code. Use that code. Migrations missing here: %(migrations)s.",
        "FILE_IN_THE_WAY": "%(path)s already exists with different content. Move it to another folder first.",
        "DOES_NOT_FIT": "The data in %(file)s is inconsistent. Nothing was restored. The database says:\n%(why)s",
        "NOT_A_PLACE": "%(file)s contains %(name)s, which can't be part of a backup. Nothing was restored.",
    }


@dataclass
class Restored:
    rows: int
    files: int
    erased: int
    moment: str
    # Where the backup's secret key is, if this process has another.
    other_key: Path | None


def restore(*, file: Path, lists: list[Path], watch: Watch) -> Restored:
    """Bring back what `file` holds: tables, files, secret key; bring it up to this code; erase again who was erased
    since, by this machine's list and by those in `lists`.

    Refuses a file that is not whole or was changed, one of newer code, a database that has tables, a list that cannot
    be read, and a file in VAR_DIR that would be overwritten. All in one transaction: whatever happens, the database is
    as empty afterwards as it was, or complete.
    """
    with Archive(file) as archive:
        archive.verify(watch)
        schema = _schema(archive)
        _see_that_it_is_empty()
        files = _places(archive)
        erasure_times = _erased(archive, lists)
        try:
            with _unchecked(), transaction.atomic(), _put_back(archive, files):
                rows = _load(archive, schema, watch)
                # What this code has beyond the backup; and, as ever after migrating, its permissions.
                ContentType.objects.clear_cache()
                _check_at_once()
                call_command("migrate", interactive=False, verbosity=0)
                erased_count = erasures.replay(erasure_times)
                erasures.add_to_list(settings.VAR_DIR / erasures.NAME, erasure_times)
                connection.check_constraints()
        except DatabaseError as error:
            why = str(error).strip().partition("\n")[0]
            raise RestoreError("DOES_NOT_FIT", file=file, why=why) from error
    key = settings.VAR_DIR / SECRET
    return Restored(
        rows=rows,
        files=len(files) - 1,
        erased=erased_count,
        moment=archive.manifest["made"],
        other_key=key if key.read_text() != settings.SECRET_KEY else None,
    )


# What is looked at before anything is written ---------------------------------------------------------------


def _schema(archive: Archive) -> tables.Schema:
    schema = tables.Schema(connection, ((app, name) for app, name in archive.manifest["migrations"]))
    if schema.unknown:
        unknown = ", ".join(".".join(key) for key in schema.unknown)
        raise RestoreError("NEWER_CODE", file=archive.file, migrations=unknown)
    return schema


def _see_that_it_is_empty() -> None:
    with connection.cursor() as cursor:
        table_names = sorted(connection.introspection.table_names(cursor))
        if not table_names:
            return
        full = []
        for table in table_names:
            # Its name is the database's own, and quoted.
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - as above
            if rows := cursor.fetchone()[0]:
                full.append(f"{table} ({rows})")
    raise RestoreError("NOT_EMPTY", count=len(table_names), some=", ".join((full or table_names)[:5]))


def _places(archive: Archive) -> dict[str, Path]:
    """Where each file goes. One that is there already with the same bytes is as good as restored."""
    places = {SECRET: settings.VAR_DIR / SECRET}
    for name, path in archive.under("files").items():
        if ".." in path.parts or path.parts[0] not in KEPT:
            raise RestoreError("NOT_A_PLACE", file=archive.file, name=name)
        if path.parts[0] != erasures.NAME:
            places[name] = settings.VAR_DIR / path
    for name, place in places.items():
        if place.exists() and _digest(place) != archive.members[name]["sha256"]:
            raise RestoreError("FILE_IN_THE_WAY", path=place)
    return {name: place for name, place in places.items() if not place.exists()} | {SECRET: places[SECRET]}


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _erased(archive: Archive, lists: list[Path]) -> dict[UUID, datetime]:
    own = settings.VAR_DIR / erasures.NAME
    erasure_times: dict[UUID, datetime] = {}
    if f"files/{erasures.NAME}" in archive.members:
        inside = b"".join(archive.pieces(f"files/{erasures.NAME}"))
        erasure_times |= erasures.parse(archive.file / erasures.NAME, inside)
    for path in [own, *lists] if own.exists() else lists:
        erasure_times |= erasures.read_list(path)
    return erasure_times


# Tables -----------------------------------------------------------------------------------------------------


@contextmanager
def _unchecked() -> Iterator[None]:
    """SQLite rebuilds tables only where it isn't told to look after references; they are checked at the end."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def _check_at_once() -> None:
    """PostgreSQL alters no table with a check still to come, and a migration may change rows first. It holds for this
    transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _load(archive: Archive, schema: tables.Schema, watch: Watch) -> int:
    """The tables as the backup's migrations make them, and its rows in them."""
    MigrationExecutor(connection).migrate(schema.ends)
    models = {model._meta.label: model for model in schema.models()}
    members = [name for name in archive.under("tables") if archive.members[name]["rows"]]
    total = sum(archive.members[name]["rows"] for name in members)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        watch("%(done)s of %(total)s rows restored", done, total)

    with connection.cursor() as cursor:
        for model in models.values():  # some migrations bring rows of their own
            # Its name is our own model's, and quoted.
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - as above
    # Tables come in the order of their names, not of their references, and PostgreSQL is to look at these afterwards;
    # it does so again once it has looked.
    connection.check_constraints()
    for name in members:
        about = archive.members[name]
        model = models[about["model"]]
        rows = tables.load(connection, model, archive.lines(name), step)
        if tables.columns_of(model) != about["columns"] or rows != about["rows"]:
            raise ArchiveError("DAMAGED", file=archive.file, member=name)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    return total


# Files ------------------------------------------------------------------------------------------------------


@contextmanager
def _put_back(archive: Archive, places: dict[str, Path]) -> Iterator[None]:
    """The files stand when the transaction ends well; otherwise they go again."""
    new_files: list[Path] = []
    try:
        yield
        for name, place in places.items():
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                new_files.append(place)
                _write(place, archive.pieces(name), archive.members[name].get("mode", 0o600))
    except BaseException:
        for place in new_files:
            place.unlink(missing_ok=True)
        raise


def _write(place: Path, pieces: Iterable[bytes], mode: int) -> None:
    draft = place.with_name(f"{place.name}.restoring")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(mode)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
