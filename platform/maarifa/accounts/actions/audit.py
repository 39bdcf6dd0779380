"""Who did what to whose data."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from maarifa.accounts.models import AuditEntry, User
from maarifa.lib.requests import request_id


def record_audit(
    *,
    actor: User | AnonymousUser | None,
    action: str,
    on_user: User | None = None,
    institution: UUID | None = None,
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
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
