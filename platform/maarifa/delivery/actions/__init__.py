"""What happens to messages."""

from maarifa.delivery.actions.blanking import blank_bodies
from maarifa.delivery.actions.owing import owe_again, owe_message, owe_messages
from maarifa.delivery.actions.sending import send_delivery
from maarifa.delivery.actions.stopping import (
    UnsubscribeRefusal,
    delivery_of,
    give_up_owed,
    opt_in,
    opt_out,
    resubscribe,
    suppress,
    unsubscribe,
    wanted_kinds,
)

__all__ = [
    "UnsubscribeRefusal",
    "blank_bodies",
    "delivery_of",
    "give_up_owed",
    "opt_in",
    "opt_out",
    "owe_again",
    "owe_message",
    "owe_messages",
    "resubscribe",
    "send_delivery",
    "suppress",
    "unsubscribe",
    "wanted_kinds",
]
