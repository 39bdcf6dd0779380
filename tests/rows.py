"""Rows of fields on a form (`lib.rows`), as a browser sends them."""

from maarifa.lib.rows import RowsWidget


def rows_sent(widget, name: str, value) -> dict[str, str] | None:
    """What a browser sends of the rows as they are: names and values. None where the widget has no rows."""
    if not isinstance(widget, RowsWidget):
        return None
    rows = widget.shown(value)
    sent = {f"{name}-rows": str(len(rows))}
    for number, row in enumerate(rows):
        sent |= {f"{name}-{number}-{column}": str(text) for column, text in row.items()}
    return sent
