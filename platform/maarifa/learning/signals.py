"""What apps above may hear of learning. Sent inside the transaction: a receiver only inserts a row."""

from django.dispatch import Signal

course_completed = Signal()
"""Sent with `completion`, a new CourseCompletion."""
