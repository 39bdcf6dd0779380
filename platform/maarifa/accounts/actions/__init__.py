"""What happens to people's accounts."""

from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.consents import give_consent, withdraw_consent
from maarifa.accounts.actions.going import close_account, erase_account
from maarifa.accounts.actions.mail import owe_mail
from maarifa.accounts.actions.people import (
    AccountRefusal,
    change_settings,
    confirm_names,
    create_account,
    drop_password,
    set_password_and_names,
    sign_out_everywhere,
)

__all__ = [
    "AccountRefusal",
    "change_settings",
    "close_account",
    "confirm_names",
    "create_account",
    "drop_password",
    "erase_account",
    "give_consent",
    "owe_mail",
    "record_audit",
    "set_password_and_names",
    "sign_out_everywhere",
    "withdraw_consent",
]
