"""For migrations: after a change of the rules, stored names and the columns derived from them follow."""

from collections.abc import Callable, Sequence
from typing import Any

from maarifa.lib.fields import DerivedField
from maarifa.lib.text import clean_name

BATCH = 500


def refold(
    # A migration's model of its moment: nothing says what its rows and its manager have.
    model: Any,
    *,
    names: Sequence[str] = (),
    taken: Callable[[Any], bool] | None = None,
    batch: int = BATCH,
) -> int:
    """Brings every row up to the rules of now, in batches by primary key; returns how many changed.

    `names` are the columns that hold names: a name of which nothing can be seen stays. `taken(row)` says that another
    row has the new values already where they must be unique: such a row stays as it is. Safe to stop and run again.
    """
    derived = [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]
    columns = [*names, *(field.attname for field in derived)]
    changed, last = 0, 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        differing = []
        for row in rows:
            before = [getattr(row, column) for column in columns]
            for name in names:
                setattr(row, name, clean_name(getattr(row, name)) or getattr(row, name))
            for field in derived:
                setattr(row, field.attname, field.derived(row))
            after = [getattr(row, column) for column in columns]
            if before != after and not (taken and taken(row)):
                differing.append(row)
        if differing:
            model.objects.bulk_update(differing, columns)
        changed += len(differing)
    return changed
