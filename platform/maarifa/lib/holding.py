"""Taking turns at a row."""

from typing import Any

from django.db.models import F, QuerySet


def hold(queryset: QuerySet[Any]) -> int:
    """Hold these rows until the transaction ends; returns how many there are.

    Whoever else holds or writes them meanwhile waits, and then sees what was written here. `select_for_update` says
    the same, but only to PostgreSQL: SQLite, which knows no locks of rows, leaves it out of the query without a word.
    So this is an UPDATE that changes nothing, which both databases wait for. Whoever has a row to change anyway does
    that first, as a compare-and-set, and needs no `hold`.
    """
    held = next(
        field.name
        for field in queryset.model._meta.concrete_fields
        # A column that no key is made of: writing one is dearer, even with the value that it has.
        if not (field.primary_key or field.unique or field.is_relation)
    )
    return queryset.update(**{held: F(held)})
