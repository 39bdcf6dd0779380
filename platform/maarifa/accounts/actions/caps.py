"""How many accounts are made in a day: generous, and only so that nobody fills the site with them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from maarifa.accounts.actions.people import AccountError
from maarifa.accounts.models import Consent
from maarifa.lib import dates
from maarifa.lib.contact import contact_of_site

DAY = timedelta(hours=24)


def why_no_sign_up(*, at: datetime | None = None) -> AccountError | None:
    """The refusal for which nobody can sign up now, because MOST_SIGN_UPS people came within 24 hours; None where they
    can. It says when there is room again, and whom to ask until then.

    Who accepts an invitation counts, and is never refused.
    """
    at = at or timezone.now()
    came = Consent.objects.filter(purpose=Consent.Purpose.TERMS, given_at__gt=at - DAY)
    beyond = came.count() - settings.MOST_SIGN_UPS
    if beyond < 0:
        return None
    makes_room = came.order_by("given_at").values_list("given_at", flat=True)[beyond]
    when = dates.until(makes_room + DAY, at=at, zone=timezone.get_current_timezone(), language=get_language())
    contact = contact_of_site()
    if contact:
        return AccountError(AccountError.FULL_TODAY, when=when, contact=contact)
    return AccountError(AccountError.FULL_TODAY_ASK_NOBODY, when=when)
