"""Rows as they go into a backup and come out of it, the same for SQLite and PostgreSQL.

What tables there are, and what is in a column, is asked of the migrations that the database has applied, not of the
models of today: a backup is taken before an upgrade and read after it.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.db.models.functions import Cast

# Rows that are held at a time; fewer where a row may hold a whole file.
ROWS, ROWS_WITH_FILES = 1000, 10
# JSON has no such values. They are written as text, and read back by the field.
AS_TEXT = {
    *("BinaryField", "DateField", "DateTimeField", "DecimalField", "DurationField", "TimeField", "UUIDField")
}

# Values of rows, in the order of the columns.
Rows = Sequence[Sequence[Any]]


class Schema:
    """The tables of a database that has these migrations applied, a set of (app, name)."""

    def __init__(self, connection: BaseDatabaseWrapper, migrations: Iterable[tuple[str, str]]) -> None:
        self.loader = MigrationLoader(connection)
        self.migrations = set(migrations)
        self.unknown = sorted(self.migrations - set(self.loader.disk_migrations))

    @property
    def ends(self) -> list[tuple[str, str]]:
        """The last migration of each app: migrating to these is migrating to all."""
        nodes = self.loader.graph.node_map
        return sorted(
            key
            for key in self.migrations
            if key in nodes
            and not any(
                child.key[0] == key[0] and child.key in self.migrations for child in nodes[key].children
            )
        )

    def models(self) -> list[type[models.Model]]:
        state = self.loader.project_state(self.ends)
        all_models = state.apps.get_models(include_auto_created=True)
        return sorted(
            (model for model in all_models if model._meta.managed and not model._meta.proxy),
            key=lambda model: model._meta.label,
        )


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def columns_of(model: type[models.Model]) -> list[str]:
    # What has no column is not concrete.
    return [field.column for field in fields_of(model) if field.column is not None]


def at_a_time(model: type[models.Model]) -> int:
    heavy = any(isinstance(field, models.BinaryField) for field in fields_of(model))
    return ROWS_WITH_FILES if heavy else ROWS


# Out of a database ------------------------------------------------------------------------------------------


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """Every row as a line of JSON. What stands in a JSON column stays the text it is: there, null is not NULL."""
    columns = [
        Cast(field.attname, models.TextField()) if isinstance(field, models.JSONField) else F(field.attname)
        for field in fields_of(model)
    ]
    rows = model._base_manager.order_by("pk").values_list(*columns)
    for row in rows.iterator(chunk_size=at_a_time(model)):
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_text).encode() + b"\n"


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value)


# Into a database --------------------------------------------------------------------------------------------


def load(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    lines: Iterable[bytes],
    step: Callable[[int], object],
) -> int:
    """Put the rows into the table, past every hook of the model; how many there were. `step` hears of each batch."""
    readers = [_reader(field, connection) for field in fields_of(model)]
    rows = (
        [reader(value) for reader, value in zip(readers, json.loads(line), strict=True)] for line in lines
    )
    put = _copy if connection.vendor == "postgresql" else _insert
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, at_a_time(model))):
            put(connection, cursor, model, batch)
            count += len(batch)
            step(len(batch))
    return count


def _copy(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, model: type[models.Model], batch: Rows
) -> None:
    table, columns = _named(connection, model)
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in batch:
            copy.write_row(row)


def _insert(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, model: type[models.Model], batch: Rows
) -> None:
    table, columns = _named(connection, model)
    places = ", ".join(["%s"] * len(columns))
    # Names come from our own models, and are quoted.
    cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", batch)  # noqa: S608 - as above


def _named(connection: BaseDatabaseWrapper, model: type[models.Model]) -> tuple[str, list[str]]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), [quote(column) for column in columns_of(model)]


def _reader(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if target.get_internal_type() not in AS_TEXT:
        return lambda value: value
    return lambda value: field.get_db_prep_save(field.to_python(value), connection)
