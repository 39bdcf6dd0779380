"""What the rooms above hear of quizzes."""

from django.dispatch import Signal

attempt_graded = Signal()
"""An attempt has its result: `attempt`, with score and passed. Sent inside the transaction that graded it,
once; and once more when an attempt that came late is decided upon (see `attempt.counts_as_passed`).
"""
