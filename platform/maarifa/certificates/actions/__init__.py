"""What happens to certificates."""

from maarifa.certificates.actions.correcting import (
    CertificateError,
    correct_certificate,
    correct_own_certificate,
    preview_correction,
    revoke_certificate,
)
from maarifa.certificates.actions.issuing import (
    issue_again,
    issue_certificate,
    names_were_confirmed,
    preview_certificate,
    queue_certificate,
)

__all__ = [
    "CertificateError",
    "correct_certificate",
    "correct_own_certificate",
    "issue_again",
    "issue_certificate",
    "names_were_confirmed",
    "preview_certificate",
    "preview_correction",
    "queue_certificate",
    "revoke_certificate",
]
