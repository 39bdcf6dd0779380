"""Saving rows that keep a history."""

from datetime import datetime

from django.db import models


def save_if_changed(row: models.Model, *, by, at: datetime, **fields) -> bool:
    """Set the fields and save, unless the row is there and has them already: then nothing is written.

    The history, where the row has one, says who and when. True where something was written.
    """
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if row.pk is not None and not differing:
        return False
    for name, value in differing.items():
        setattr(row, name, value)
    row._history_user = by
    row._history_date = at
    row.save()
    return True
