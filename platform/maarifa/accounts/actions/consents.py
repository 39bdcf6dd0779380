"""What a person agreed to, and took back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import signals
from maarifa.accounts.models import Consent, User
from maarifa.lib.errors import DomainError


class ConsentError(DomainError):
    TERMS_NEEDED = "TERMS_NEEDED"
    MESSAGES = {
        TERMS_NEEDED: _(
            "You need to agree to the terms to have an account. If you no longer agree, close your account."
        ),
    }


def give_consent(
    *,
    user: User,
    purpose: str,
    subject: UUID | None = None,
    words: str,
    language: str,
    at: datetime | None = None,
) -> Consent:
    """Keep what the person agreed to, in the words and the language shown.

    Agreeing again to the same words changes nothing; to other words, it ends the earlier consent and keeps
    the new one. Never refuses.
    """
    at = at or timezone.now()
    with transaction.atomic():
        in_force = Consent.objects.in_force(user=user, purpose=purpose, subject=subject)
        same = in_force.filter(words=words, language=language).first()
        if same:
            return same
        in_force.update(withdrawn_at=at)
        given = Consent(
            user=user, purpose=purpose, subject=subject, words=words, language=language, given_at=at
        )
        Consent.objects.bulk_create([given], ignore_conflicts=True)
        # Two taps at once: the constraint let one of them through.
        return Consent.objects.in_force(user=user, purpose=purpose, subject=subject).get()


def withdraw_consent(
    *, user: User, purpose: str, subject: UUID | None = None, at: datetime | None = None
) -> bool:
    """Take a consent back; `consent_withdrawn` tells whoever relied on it. False where none was in force.

    Refuses TERMS_NEEDED: there is no account without the terms, see `close_account`.
    """
    if purpose == Consent.Purpose.TERMS:
        raise ConsentError(ConsentError.TERMS_NEEDED)
    at = at or timezone.now()
    with transaction.atomic():
        consent = Consent.objects.in_force(user=user, purpose=purpose, subject=subject).first()
        if consent is None:
            return False
        taken = Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at)
        if not taken:
            return False
        consent.withdrawn_at = at
        signals.consent_withdrawn.send(sender=Consent, consent=consent, at=at)
        return True
