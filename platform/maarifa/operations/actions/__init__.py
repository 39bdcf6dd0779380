"""What operations does. Rules of one noun stand in one file."""

from maarifa.operations.actions.backing_up import back_up
from maarifa.operations.actions.erasures import list_erasures, list_erasures_after_commit
from maarifa.operations.actions.heartbeats import ask_for_heartbeat, record_heartbeat
from maarifa.operations.actions.restoring import restore

__all__ = [
    "ask_for_heartbeat",
    "back_up",
    "list_erasures",
    "list_erasures_after_commit",
    "record_heartbeat",
    "restore",
]
