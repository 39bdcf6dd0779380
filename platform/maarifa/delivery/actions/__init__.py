"""What happens to messages."""

from maarifa.delivery.actions.blanking import blank_bodies
from maarifa.delivery.actions.queueing import queue_again, queue_message, queue_messages
from maarifa.delivery.actions.sending import send_delivery
from maarifa.delivery.actions.stopping import (
    UnsubscribeError,
    delivery_of,
    give_up_pending,
    opt_in,
    opt_out,
    person_of,
    resubscribe,
    suppress,
    unsubscribe,
    wanted_kinds,
)
from maarifa.delivery.actions.wording import Message, Shown

__all__ = [
    "Message",
    "Shown",
    "UnsubscribeError",
    "blank_bodies",
    "delivery_of",
    "give_up_pending",
    "opt_in",
    "opt_out",
    "person_of",
    "queue_again",
    "queue_message",
    "queue_messages",
    "resubscribe",
    "send_delivery",
    "suppress",
    "unsubscribe",
    "wanted_kinds",
]
