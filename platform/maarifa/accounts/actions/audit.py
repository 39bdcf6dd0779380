"""Who did what to whose data."""

from django.utils import timezone

from maarifa.accounts.models import AuditEntry
from maarifa.lib.requests import request_id


def record_audit(*, actor, action, on_user=None, institution=None, details=None, at=None) -> AuditEntry:
    """Write one line of the audit: `action` names what was done ("cohort.exported"), `institution` is a
    public id.

    Call it in the transaction that does the thing, so that neither stands without the other. Never refuses.
    """
    return AuditEntry.objects.create(
        at=at or timezone.now(),
        actor=actor if actor is not None and actor.is_authenticated else None,
        action=action,
        on_user=on_user,
        institution=institution,
        request_id=request_id(),
        details=details or {},
    )
