"""Queries whose SQL is written once: for the few that every page asks.

Django takes some twenty times as long to write such a query as the database to answer it.
"""

import threading
from collections.abc import Callable, Container
from functools import partial
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet


class Prepared:
    """A query of tuples, `values_list()`, written at the first call and asked again with other values.

    `make` is given a mark in the place of each value and returns the queryset. The marks are of the values' kinds,
    named by `kinds`: int or str. Values go only where a column is compared with them, and are never None; what changes
    the text of the query, such as the length of a list, takes another `Prepared`.
    """

    _numbers = count(1)

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type[int] | type[str]) -> None:
        marks = {name: _mark(kind, next(self._numbers)) for name, kind in kinds.items()}
        self._make = partial(make, **marks)
        self._names = {mark: name for name, mark in marks.items()}
        # A compiler belongs to a connection, and a connection to a thread.
        self._local = threading.local()

    def rows(self, **values: int | str) -> list[tuple[Any, ...]]:
        """The rows for these values, each as the queryset would give it."""
        connection = connections[DEFAULT_DB_ALIAS]
        if getattr(self._local, "connection", None) is not connection:
            self._write(connection)
        params = [values[param] if named else param for param, named in self._local.params]
        with connection.cursor() as cursor:
            cursor.execute(self._local.sql, params)
            chunk = cursor.fetchall()
        return list(self._local.compiler.results_iter([chunk], tuple_expected=True))

    def _write(self, connection: BaseDatabaseWrapper) -> None:
        local = self._local
        local.compiler = self._make().query.get_compiler(connection=connection)
        local.sql, params = local.compiler.as_sql()
        local.params = [(self._names[p], True) if _is_in(p, self._names) else (p, False) for p in params]
        local.connection = connection


def _mark(kind: type[int] | type[str], number: int) -> int | str:
    # No id is negative, and no text of ours holds this character.
    return -(10**9) - number if kind is int else f"\ufdd0{number}"


def _is_in(param: object, names: Container[object]) -> bool:
    return type(param) in (int, str) and param in names
