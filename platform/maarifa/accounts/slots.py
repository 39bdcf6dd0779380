"""Where apps above add to one's account. The subject is the person."""

from maarifa.accounts.models import User
from maarifa.ui.panels import Slot

SIGNING_IN: Slot[User] = Slot("accounts.account.signing_in")
CONSENTS: Slot[User] = Slot("accounts.account.consents")
