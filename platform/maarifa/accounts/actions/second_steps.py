"""Second steps that were lost."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions.audit import record_audit
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.actions.people import sign_out_everywhere
from maarifa.accounts.models import User


def reset_second_step(*, user: User, by: User | None, at: datetime | None = None) -> int:
    """Remove all second steps of a person who has lost them, end their sessions and tell them; how many there were.

    Who must have one is asked to add another at the next sign-in. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        removed = Authenticator.objects.filter(user=user).delete()[0]
        sign_out_everywhere(user=user)
        record_audit(
            actor=by, action="account.second_step_reset", on_user=user, details={"removed": removed}, at=at
        )
        if removed and user.email:
            queue_mail(
                message="second_step_changed",
                kind="account",
                address=user.email,
                language=user.language,
                context={"what": "reset"},
                recipient=user,
                at=at,
            )
        return removed
