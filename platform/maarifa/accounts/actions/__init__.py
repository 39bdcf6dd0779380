"""What happens to people's accounts."""

from maarifa.accounts.actions.addresses import (
    AddressError,
    find_address_change,
    forget_address_changes,
    note_address_change,
    undo_address_change,
)
from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.caps import why_no_sign_up
from maarifa.accounts.actions.consents import ConsentError, give_consent, withdraw_consent
from maarifa.accounts.actions.going import (
    close_account,
    closed_account_with,
    erase_account,
    hold_off_erasure,
    reopen_account,
)
from maarifa.accounts.actions.keeping import (
    drop_kept_posts,
    drop_kept_posts_of_page,
    forget_kept_posts,
    keep_post,
)
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.actions.many import NewPerson, create_accounts
from maarifa.accounts.actions.people import (
    AccountError,
    SignUp,
    change_language,
    change_settings,
    confirm_address,
    confirm_names,
    create_account,
    drop_password,
    keep_password,
    names_for_certificates,
    note_sign_out,
    pretend_sign_up,
    release_unproven_claims,
    replace_address,
    set_password_and_names,
    sign_out_everywhere,
    sign_up,
)
from maarifa.accounts.actions.proof_codes import PROOF_CODE, ProofCode, is_live, send_proof_code
from maarifa.accounts.actions.recovery import (
    OLD_RECOVERY_CODE,
    RecoveryError,
    end_recovery_codes,
    find_recovery_code,
    has_been_used,
    is_shut_out_by_signing_out,
    make_recovery_code,
    needs_recovery_code,
    use_recovery_code,
)
from maarifa.accounts.actions.second_steps import reset_second_step
from maarifa.accounts.actions.sessions import forget_expired_sessions
from maarifa.accounts.actions.unconfirmed import forget_unconfirmed

__all__ = [
    "OLD_RECOVERY_CODE",
    "PROOF_CODE",
    "AccountError",
    "AddressError",
    "ConsentError",
    "NewPerson",
    "ProofCode",
    "RecoveryError",
    "SignUp",
    "change_language",
    "change_settings",
    "close_account",
    "closed_account_with",
    "confirm_address",
    "confirm_names",
    "create_account",
    "create_accounts",
    "drop_kept_posts",
    "drop_kept_posts_of_page",
    "drop_password",
    "end_recovery_codes",
    "erase_account",
    "find_address_change",
    "find_recovery_code",
    "forget_address_changes",
    "forget_expired_sessions",
    "forget_kept_posts",
    "forget_unconfirmed",
    "give_consent",
    "has_been_used",
    "hold_off_erasure",
    "is_live",
    "is_shut_out_by_signing_out",
    "keep_password",
    "keep_post",
    "make_recovery_code",
    "names_for_certificates",
    "needs_recovery_code",
    "note_address_change",
    "note_sign_out",
    "pretend_sign_up",
    "queue_mail",
    "record_audit",
    "release_unproven_claims",
    "reopen_account",
    "replace_address",
    "reset_second_step",
    "send_proof_code",
    "set_password_and_names",
    "sign_out_everywhere",
    "sign_up",
    "undo_address_change",
    "use_recovery_code",
    "why_no_sign_up",
    "withdraw_consent",
]
