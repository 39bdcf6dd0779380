"""What apps above may hear of quizzes. Sent inside the transaction: a receiver only inserts rows."""

from django.dispatch import Signal

results_corrected = Signal()
"""Sent with `regrade`, `learners`, ids of people for whom it may have changed something, and `grants`, their new
AttemptGrants. The scores are written already. Sent again for the same people if a worker dies in between.
"""
