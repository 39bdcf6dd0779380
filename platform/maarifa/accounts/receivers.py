"""What allauth and Django tell us."""

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver


@receiver(email_confirmed)
def remember_first_proof(request, email_address, **kwargs):
    """A code by mail proved an address whose account nobody had entered yet: see
    `AccountAdapter.pre_login`.
    """
    stages = (request.session.get(LOGIN_SESSION_KEY) or {}).get("state", {}).get("stages", {})
    if stages.get("current") == "login_by_code" and email_address.user.last_login is None:
        request.first_proof_by_code = email_address.user_id


@receiver(user_logged_in, dispatch_uid="accounts.remember_who_signs_in")
def remember_who_signs_in(request, user, **kwargs):
    """For `KnownDeviceMiddleware`, which has the answer to write it on."""
    if request is not None:
        request.signed_in_now = user
