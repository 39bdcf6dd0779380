"""What a session has shown of the person who uses it: when they last proved who they are, and whether by a second step.

Signing in counts as proof. For what cannot be undone, and for what lets another person in, the last proof must be
fresh: `proof_required`. To change the address it must be given for that change: `proof_each_time`. So it must for
whatever makes a new proof, a password or a second step: else somebody at a device left open would make one, and change
the address with it. Somebody who has nothing to prove it with, because they signed in with a card and have neither
password nor e-mail address nor passkey, is not asked: they could never add a first one.
"""

import functools
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeAlias, overload
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from maarifa.accounts.account_status import is_responsible
from maarifa.accounts.models import User
from maarifa.accounts.requests import SignedInRequest

# What a view is given beside its request.
Given = ParamSpec("Given")
View: TypeAlias = Callable[Concatenate[SignedInRequest, Given], HttpResponseBase]

PROVED, SECOND_STEP = "proved", "second_step"
# Which act the page for proofs was opened for, and for which one a proof was given there.
ASKED_FOR, PROVED_FOR = "proof_asked_for", "proved_for"
# The acts that want a proof of their own.
ADDRESS, PASSWORD, NEW_STEP = "address", "password", "new-step"


def note_proof(request: HttpRequest, user: User) -> None:
    """The person has just shown who they are, in this session."""
    request.session[PROVED] = [user.pk, int(time.time())]


def note_proof_for_act(request: HttpRequest, user: User) -> None:
    """The person has shown who they are on the page that asks for it: good for the act that led there, and no other."""
    act = request.session.pop(ASKED_FOR, None)
    if act:
        note_proof_for(request, user, act)


def note_proof_for(request: HttpRequest, user: User, act: str) -> None:
    """The person has just shown who they are, for this act."""
    request.session[PROVED_FOR] = [user.pk, act, int(time.time())]


def note_sign_in_for_password(request: HttpRequest, user: User, *, to: str) -> None:
    """Whoever signs in in order to choose a password has given the proof for it: the form led to that page."""
    try:
        led_to = resolve(urlsplit(to).path)
    except Resolver404:
        return
    if led_to.url_name == "account_set_password":
        note_proof_for(request, user, PASSWORD)


def note_second_step(request: HttpRequest, user: User) -> None:
    """The person has used a second step, or added their first one, in this session."""
    request.session[SECOND_STEP] = user.pk


def proved_recently(request: HttpRequest) -> bool:
    """Whether the last proof is younger than ACCOUNT_REAUTHENTICATION_TIMEOUT, or there is nothing to ask for."""
    who, at = request.session.get(PROVED) or (None, 0)
    if who == request.user.pk and 0 <= time.time() - at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return True
    return not get_adapter().get_reauthentication_methods(request.user)


def proved_for(request: HttpRequest, act: str) -> bool:
    """Whether a proof was given for this very act and has not been used up, or there is nothing to ask for."""
    who, what, at = request.session.get(PROVED_FOR) or (None, "", 0)
    fresh = 0 <= time.time() - at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    if fresh and [who, what] == [request.user.pk, act]:
        return True
    return not get_adapter().get_reauthentication_methods(request.user)


def used_second_step(request: HttpRequest) -> bool:
    return request.session.get(SECOND_STEP) == request.user.pk


def has_second_step(user: User) -> bool:
    return is_mfa_enabled(user)


def must_use_second_step(user: User) -> bool:
    """Where the operator asks for it: staff, and with "all" also whoever has a role over others in an institution."""
    if settings.STAFF_SECOND_FACTOR == "all":
        return is_responsible(user)
    return bool(settings.STAFF_SECOND_FACTOR) and user.is_staff


def can_prove_by_mail(user: User) -> bool:
    """By a code to their address: for who has neither a password nor a second step."""
    if user.has_usable_password() or has_second_step(user):
        return False
    return (
        bool(user.email) and EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    )


def ask_for_proof(request: HttpRequest, act: str = "") -> HttpResponseRedirect:
    """To the page that asks for it, and back to this one."""
    if act:
        request.session[ASKED_FOR] = act
    else:
        request.session.pop(ASKED_FOR, None)
    methods = get_adapter().get_reauthentication_methods(request.user)
    return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': _way_back(request)})}")


@overload
def proof_required(view: View[Given]) -> View[Given]: ...
@overload
def proof_required(*, only: Callable[[SignedInRequest], bool]) -> Callable[[View[Given]], View[Given]]: ...
def proof_required(
    view: View[Given] | None = None, *, only: Callable[[SignedInRequest], bool] | None = None
) -> View[Given] | Callable[[View[Given]], View[Given]]:
    """For a view that does what cannot be undone, or changes how somebody signs in.

    `only(request)` narrows it to some requests. A form that comes too late is not kept, because it may hold a password:
    the person comes back to the page it stood on.
    """

    def decorate(view: View[Given]) -> View[Given]:
        @login_required
        @functools.wraps(view)
        def asking(
            request: SignedInRequest, /, *args: Given.args, **kwargs: Given.kwargs
        ) -> HttpResponseBase:
            if (only is None or only(request)) and not proved_recently(request):
                return ask_for_proof(request)
            return view(request, *args, **kwargs)

        return asking

    return decorate if view is None else decorate(view)


def proof_each_time(act: str, *, used_up: bool = True) -> Callable[[View[Given]], View[Given]]:
    """As `proof_required`, for an act that no earlier proof is good for, not even that of signing in a moment ago: one
    proof, one act. A POST that leads on has used it up; with `used_up` false it is good for ten minutes, on every page
    of the act.
    """

    def decorate(view: View[Given]) -> View[Given]:
        @login_required
        @functools.wraps(view)
        def asking(
            request: SignedInRequest, /, *args: Given.args, **kwargs: Given.kwargs
        ) -> HttpResponseBase:
            if not proved_for(request, act):
                return ask_for_proof(request, act)
            response = view(request, *args, **kwargs)
            if used_up and request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                request.session.pop(PROVED_FOR, None)
            return response

        return asking

    return decorate


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path()
