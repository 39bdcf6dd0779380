"""Writing what a query selects, in one statement, however many rows there are."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet


def insert_selected(rows: QuerySet[Any, Any], *, into: str) -> int:
    """Insert what these rows have in their columns `into` a table and its columns: "table (column, column)". What a
    constraint says is there already is left out. The number of new rows.
    """
    select, params = rows.query.sql_with_params()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {into} {select} ON CONFLICT DO NOTHING", params)
            count: int = cursor.rowcount
            return count
    # In two steps: PostgreSQL, where it believes the table to be empty, looks through all of it for each row, and so
    # through every row that the same statement has just put there.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE reminders_chosen ON COMMIT DROP AS {select}", params)
        rows_chosen = "SELECT * FROM reminders_chosen"
        cursor.execute(f"INSERT INTO {into} {rows_chosen} ON CONFLICT DO NOTHING")
        new_count: int = cursor.rowcount
        cursor.execute("DROP TABLE reminders_chosen")
        return new_count
