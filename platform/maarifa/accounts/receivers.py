"""What allauth and Django tell us."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    email_confirmed,
    email_removed,
)
from allauth.account.signals import user_logged_in as user_entered
from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect

from maarifa.accounts import actions, proof
from maarifa.accounts.allauth_internals import waits_for_sign_in_code
from maarifa.accounts.keeping import SAID_KEPT
from maarifa.accounts.models import User
from maarifa.accounts.requests import FIRST_PROOF_BY_CODE, SIGNED_IN_NOW
from maarifa.lib.frame import OFFER_RECOVERY


@receiver(email_confirmed)
def remember_first_proof(request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """A code by mail proved an address whose account nobody had entered yet: see
    `AccountAdapter.pre_login`.
    """
    if waits_for_sign_in_code(request) and email_address.user.last_login is None:
        FIRST_PROOF_BY_CODE.note(request, email_address.user_id)


@receiver(user_logged_in, dispatch_uid="accounts.remember_who_signs_in")
def remember_who_signs_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """For `KnownDeviceMiddleware`, which has the answer to write it on."""
    if request is not None:
        SIGNED_IN_NOW.note(request, user)
        proof.note_proof(request, user)
        request.session.pop(SAID_KEPT, None)
        request.session[OFFER_RECOVERY] = actions.needs_recovery_code(user=user)


@receiver(user_entered, dispatch_uid="accounts.note_sign_in_for_password")
def note_sign_in_for_password(
    request: HttpRequest, user: User, response: HttpResponseRedirect, **kwargs: Any
) -> None:
    """By where the sign-in leads, however many steps it took."""
    proof.note_sign_in_for_password(request, user, to=response.url)


@receiver(user_entered, dispatch_uid="accounts.use_up_recovery_code")
def use_up_recovery_code(
    request: HttpRequest, user: User, recovery_code: int | None = None, **kwargs: Any
) -> None:
    """Somebody has come by a recovery code and their second step, in this order: the code has done what it was for."""
    if recovery_code is None:
        return
    try:
        person = actions.use_recovery_code(code_id=recovery_code)
    except actions.RecoveryError as refusal:
        # Another was first with it.
        logout(request)
        messages.error(request, refusal.message)
    else:
        # Every session ended, but for this one.
        update_session_auth_hash(request, person)


@receiver(user_logged_out, dispatch_uid="accounts.note_sign_out")
def note_sign_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        actions.note_sign_out(user=user)


@receiver(authentication_step_completed, dispatch_uid="accounts.note_what_was_shown")
def note_what_was_shown(
    request: HttpRequest, user: User, method: str, reauthenticated: bool = False, **kwargs: Any
) -> None:
    if method == "mfa":
        proof.note_second_step(request, user)
    if reauthenticated:
        proof.note_proof(request, user)
        proof.note_proof_for_act(request, user)


@receiver(authenticator_added, dispatch_uid="accounts.note_first_second_step")
def note_first_second_step(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever has just added it has it in their hands."""
    proof.note_second_step(request, user)


@receiver(email_changed, dispatch_uid="accounts.tell_old_address")
def tell_old_address(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    if from_email_address is not None and from_email_address.verified:
        actions.note_address_change(user=user, old=from_email_address.email, new=to_email_address.email)


@receiver(email_removed, dispatch_uid="accounts.tell_removed_address")
def tell_removed_address(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    if email_address.verified:
        actions.note_address_change(user=user, old=email_address.email, new="")
