"""Rows that are written once: what others are pinned to, and what would prove nothing if it could change.

Held twice: by the models themselves, and by a trigger in the database for what goes past them. The triggers are made
after each migration, not by one, because SQLite loses them whenever a migration builds a table anew. A migration that
must change such rows drops the trigger first.
"""

from typing import Any, Never, TypeVar

from django.apps import AppConfig
from django.db import connections, models

FUNCTION = """
CREATE OR REPLACE FUNCTION maarifa_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$"""
TRIGGERS = {
    "sqlite": """
CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is written once'); END""",
    "postgresql": """
CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION maarifa_append_only()""",
}
TRIGGERS_IN_DATABASE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    def update(self, **fields: Any) -> Never:
        raise TypeError(f"{self.model.__name__} is written once")

    def delete(self) -> Never:
        raise TypeError(f"{self.model.__name__} is written once")


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError(f"{type(self).__name__} is written once")


def hold_in_database(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After the migrations of an app: the triggers that its tables lack."""
    connection = connections[using]
    tables = [model._meta.db_table for model in sender.get_models() if issubclass(model, AppendOnly)]
    with connection.cursor() as cursor:
        table_names = set(connection.introspection.table_names(cursor))
        cursor.execute(TRIGGERS_IN_DATABASE[connection.vendor])
        triggers = {name for (name,) in cursor.fetchall()}
        missing = {
            name: table
            for table in tables
            if table in table_names and (name := trigger_of(table)) not in triggers
        }
        if missing and connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for name, table in missing.items():
            cursor.execute(TRIGGERS[connection.vendor].format(name=name, table=table))


def trigger_of(table: str) -> str:
    return f"{table}_append_only"
