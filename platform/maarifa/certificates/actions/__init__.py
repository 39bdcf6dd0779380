"""What happens to certificates."""

from maarifa.certificates.actions.issuing import (
    issue_again,
    issue_certificate,
    names_were_confirmed,
    owe_certificate,
    preview_certificate,
)
from maarifa.certificates.actions.mending import (
    CertificateRefused,
    correct_certificate,
    correct_own_certificate,
    preview_correction,
    revoke_certificate,
)

__all__ = [
    "CertificateRefused",
    "correct_certificate",
    "correct_own_certificate",
    "issue_again",
    "issue_certificate",
    "names_were_confirmed",
    "owe_certificate",
    "preview_certificate",
    "preview_correction",
    "revoke_certificate",
]
