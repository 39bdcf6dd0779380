"""What apps above may hear of courses. Sent inside the transaction: a receiver only inserts a row."""

from django.dispatch import Signal

edition_chosen = Signal()
"""Another edition of a course became current, a new one or an earlier one: sent with `course`."""
