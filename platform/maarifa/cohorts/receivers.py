"""What cohorts hear from below."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from maarifa.accounts.models import Consent, User
from maarifa.accounts.signals import account_closed, consent_withdrawn
from maarifa.certificates.naming import register_names
from maarifa.cohorts.actions import leave_after_withdrawal, leave_everything
from maarifa.cohorts.models import CohortMember
from maarifa.learning.models import Enrolment


@receiver(consent_withdrawn, dispatch_uid="cohorts.leave_after_withdrawal")
def leave_where_consent_ends(sender: type[Any], consent: Consent, at: datetime, **kwargs: Any) -> None:
    if consent.purpose == Consent.Purpose.SHARING:
        leave_after_withdrawal(consent=consent, at=at)


@receiver(account_closed, dispatch_uid="cohorts.leave_everything")
def leave_where_account_ends(sender: type[Any], user: User, at: datetime, **kwargs: Any) -> None:
    leave_everything(user=user, at=at)


@register_names
def names_in_lists(*, enrolment: Enrolment) -> Iterable[str]:
    """The names of the institution's lists, for certificates to say that it confirms them."""
    members = CohortMember.objects.filter(
        enrolment=enrolment,
        state=CohortMember.State.ACCEPTED,
        cohort__unit__institution=enrolment.institution_id,
    )
    return members.values_list("given_name", flat=True)
