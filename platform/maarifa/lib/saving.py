"""Saving rows that keep a history."""

from datetime import datetime
from typing import Any

from django.db import models


def save_if_changed(row: models.Model, *, by: models.Model | None, at: datetime, **fields: Any) -> bool:
    """Set the fields and save them, unless the row is there and has them already: then nothing is written.

    Other columns stay as they are in the database by now. The history, where the row has one, says who and when.
    True where something was written.
    """
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if row.pk is not None and not differing:
        return False
    for name, value in differing.items():
        setattr(row, name, value)
    _say_who(row, by, at)
    if row.pk is None:
        row.save()
    else:
        stamps = [field.name for field in row._meta.concrete_fields if getattr(field, "auto_now", False)]
        row.save(update_fields=[*differing, *stamps])
    return True


def delete_row(row: models.Model, *, by: models.Model | None, at: datetime) -> None:
    """Its history, where it has one, says who and when."""
    _say_who(row, by, at)
    row.delete()


def _say_who(row: models.Model, by: models.Model | None, at: datetime) -> None:
    """What simple_history reads when the row is saved or deleted."""
    vars(row).update(_history_user=by, _history_date=at)
