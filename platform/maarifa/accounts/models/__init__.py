"""Who someone is."""

from maarifa.accounts.models.address_change import AddressChange
from maarifa.accounts.models.audit import AuditEntry
from maarifa.accounts.models.consent import Consent
from maarifa.accounts.models.kept_post import KeptPost
from maarifa.accounts.models.recovery_code import RecoveryCode
from maarifa.accounts.models.user import USERNAME_WRONG, User, UserManager, validate_username_letters

__all__ = [
    "USERNAME_WRONG",
    "AddressChange",
    "AuditEntry",
    "Consent",
    "KeptPost",
    "RecoveryCode",
    "User",
    "UserManager",
    "validate_username_letters",
]
