"""What happens to certificates."""

from maarifa.certificates.actions.issuing import (
    issue_again,
    issue_certificate,
    names_were_confirmed,
    owe_certificate,
    sweep,
)
from maarifa.certificates.actions.mending import CertificateRefused, correct_certificate, revoke_certificate

__all__ = [
    "CertificateRefused",
    "correct_certificate",
    "issue_again",
    "issue_certificate",
    "names_were_confirmed",
    "owe_certificate",
    "revoke_certificate",
    "sweep",
]
