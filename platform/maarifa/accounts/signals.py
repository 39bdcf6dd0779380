"""What higher apps hear from here. Each is sent inside the transaction; a receiver only writes rows."""

from django.dispatch import Signal

# A message about the account is due: message (its name, "login_code"), key, kind ("sign-in" or "account"),
# address, language, context, recipient (a User or None), at. The app that sends mail writes it, as a row.
message_due = Signal()

# A consent is no longer in force: consent, at. Whoever relied on it stops.
consent_withdrawn = Signal()

# An account was closed: user, at.
account_closed = Signal()

# A person was erased: user (the row that stays, empty), at. Who keeps lists beside the database writes it there once
# the transaction holds.
account_erased = Signal()
