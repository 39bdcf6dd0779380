"""The queues, the most urgent first."""

URGENT = "urgent"
"""Somebody waits in front of a screen: sign-in codes, and whatever else is about getting in."""
DEFAULT = "default"
"""Single things that somebody expects soon: a certificate and its message, a list that was confirmed."""
BULK = "bulk"
"""Messages to many at once, and housekeeping."""

QUEUES = (URGENT, DEFAULT, BULK)
