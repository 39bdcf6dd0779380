"""What cohorts hear from below."""

from django.dispatch import receiver

from maarifa.accounts.models import Consent
from maarifa.accounts.signals import account_closed, consent_withdrawn
from maarifa.certificates.naming import register_names
from maarifa.cohorts.actions import leave_after_withdrawal, leave_everything
from maarifa.cohorts.models import CohortMember


@receiver(consent_withdrawn, dispatch_uid="cohorts.leave_after_withdrawal")
def leave_where_consent_ends(sender, consent, at, **kwargs):
    if consent.purpose == Consent.Purpose.SHARING:
        leave_after_withdrawal(consent=consent, at=at)


@receiver(account_closed, dispatch_uid="cohorts.leave_everything")
def leave_where_account_ends(sender, user, at, **kwargs):
    leave_everything(user=user, at=at)


@register_names
def names_in_lists(*, enrolment):
    """The names of the institution's lists, for certificates to say that it confirms them."""
    members = CohortMember.objects.filter(
        enrolment=enrolment,
        state=CohortMember.State.ACCEPTED,
        cohort__unit__institution=enrolment.institution_id,
    )
    return members.values_list("given_name", flat=True)
