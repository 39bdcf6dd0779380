"""What this app's tables hold of people."""

from django.db.models import Q

from maarifa.accounts.models import User
from maarifa.lib.personal_data import PersonalDataEntry
from maarifa.lib.text import casefold_key


def _addresses(user: User) -> set[str]:
    """A person's addresses, of now and of the messages that they were sent."""
    own = {user.email or "", *user.emailaddress_set.values_list("email", flat=True)}
    return own | set(user.deliveries.values_list("address", flat=True))


PERSONAL_DATA = [
    PersonalDataEntry(
        model="delivery.Suppression",
        fields={
            "address_key": "an address that is not written to",
            "kind": "what is not sent there",
            "reason": "why",
            "at": "since when",
        },
        purpose="not to write to who doesn't want it",
        retention="until the account is erased, or they want to be written to again",
        person=lambda user: Q(address_key__in={casefold_key(address) for address in _addresses(user)} - {""}),
        on_erasure="delete",
        why="nobody writes to an address that nobody here has",
    ),
    PersonalDataEntry(
        model="delivery.OptOut",
        fields={
            "user": "who does not want",
            "kind": "which messages",
            "at": "since when",
        },
        purpose="not to write to who doesn't want it, at whichever address",
        retention="until they want these messages again, or the account is erased",
        person="user",
        on_erasure="delete",
        why="nobody is written to any more",
    ),
    PersonalDataEntry(
        model="delivery.Delivery",
        fields={
            "recipient": "who it was for",
            "address": "where it went",
            "subject": "its subject",
            "text": "its words, for MESSAGE_BODY_DAYS (of messages that let somebody in: until they are sent)",
            "html": "the same as HTML",
        },
        purpose="to write to people, and to know that it was done",
        retention="until the account is erased",
        person=lambda user: Q(recipient=user) | Q(recipient=None, address__in=_addresses(user) - {""}),
        on_erasure="delete",
        why="nothing of a person's record rests on it; what did, names the message in its own row",
        secret=frozenset({"recipient"}),
    ),
    PersonalDataEntry(
        model="delivery.Delivery",
        fields={
            "kind": "what it was about",
            "language": "in which language",
            "created_at": "when it was pending",
        },
        purpose="to write to people, and to know that it was done",
        retention="until the account is erased",
        person="recipient",
        on_erasure="keep",
        why="goes with the row, see above",
    ),
]
