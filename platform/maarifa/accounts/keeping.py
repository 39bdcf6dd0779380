"""Nothing typed is lost: what is sent with a form outlives an expired session, a sign-out and a sign-in elsewhere.

A page puts `seal(person, page)` into its form as the hidden field "keep": it says for whom the form was made, and
nobody else can make one. Where the form comes back without a session, or with one that the form is not of, its fields
are kept for that person and for nobody else. Whoever signs in as them is led to the page, whose view asks for
`KeptPost.objects.of_page(…)` and takes in what it finds: a kept form may save what nothing stands in the way of, and
never overwrites and never sends anything off, for a seal may have been read by somebody else.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.utils import get_login_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.accounts import actions
from maarifa.accounts.actions.keeping import ADMIN
from maarifa.accounts.models import User
from maarifa.accounts.requests import SignedInRequest

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict

# What a view is given beside its request.
Given = ParamSpec("Given")
FIELD = "keep"
# Long enough for a power cut and an empty battery over a weekend.
SEALED_FOR = timedelta(days=3)
SAID_KEPT = "said_kept"
_LONG = 60
_SIGN_IN_PAGES: set[str | None] = {
    *("account_login", "account_signup", "account_request_login_code", "account_confirm_login_code"),
}
_NOT_KEPT = {FIELD, "csrfmiddlewaretoken"}


def page_of(path: str) -> str:
    """A path without the language that it begins with."""
    first, _slash, rest = path[1:].partition("/")
    return f"/{rest}" if first in dict(settings.LANGUAGES) else path


def seal(person: User, page: str) -> str:
    """For one loading of this page by this person: good for three days, or until they sign out."""
    return _signer().sign(f"{person.public_id}{get_random_string(8)}{page}")


def as_form(fields: dict[str, list[str]]) -> "_ImmutableQueryDict":
    """Kept fields as the form that they came with."""
    return QueryDict(urlencode(fields, doseq=True))


def kept_ids(request: HttpRequest) -> list[UUID]:
    """The kept posts that a form says it shows, in its fields "kept"."""
    found = []
    for text in request.POST.getlist("kept"):
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def keeps_posts(
    view: Callable[Concatenate[SignedInRequest, Given], HttpResponseBase],
) -> Callable[Concatenate[SignedInRequest, Given], HttpResponseBase]:
    """As `login_required`, for a view that takes in a sealed form: what comes without its person's session is kept."""

    @wraps(view)
    def keeping(request: SignedInRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        person = str(request.user.public_id) if request.user.is_authenticated else ""
        if request.method == "POST" and not (person and request.POST.get(FIELD, person).startswith(person)):
            answer = keep(request)
            if answer is not None:
                return answer
        if not person:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return keeping


def keep(request: HttpRequest) -> HttpResponse | None:
    """Keep a form that came with a seal, and lead to where it goes on; None without a seal, or where it is too
    large.
    """
    sealed = request.POST.get(FIELD, "")
    try:
        content = _signer().unsign(sealed, max_age=SEALED_FOR)
    except BadSignature:
        return None
    person = User.objects.open().filter(public_id=UUID(content[:36])).first()
    if person is None:
        return None
    page = content[content.index("/") :]
    # A form of the admin is only shown again, and saves nothing: it outlives the sign-out in another tab.
    if request.user != person and not page.startswith(ADMIN) and _is_ended(sealed, person):
        return None
    fields = {name: values for name, values in request.POST.lists() if name not in _NOT_KEPT}
    if actions.keep_post(person=person, page=page, fields=fields, seal=sealed) is None:
        return None
    target = page if page.startswith(ADMIN) else f"/{get_language()}{page}"
    if not request.user.is_authenticated:
        if page.startswith(ADMIN):
            messages.info(
                request,
                _("You are signed out. We kept what you typed. Sign in to find it in the form again."),
            )
        elif request.FILES:
            messages.info(
                request,
                _("Your session had ended, so we did not receive the file. Sign in and choose it again."),
            )
        else:
            say_kept(request)
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    elif request.user != person:
        messages.warning(
            request,
            _(
                "You are now signed in as someone else. What was sent earlier is kept for the person "
                "who wrote it, until that person signs in."
            ),
        )
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return lead(request, target)


def say_kept(request: HttpRequest) -> None:
    """Until the sign-in it is said on each page on the way: see `say_again`."""
    request.session[SAID_KEPT] = True
    messages.info(request, _("You are signed out. We kept what you sent. Sign in to continue."))


def say_again(request: HttpRequest) -> None:
    """Another page on the way to the sign-in, after the one where the notice stood."""
    if request.session.get(SAID_KEPT):
        say_kept(request)


def lead(request: HttpRequest, url: str, *, done: bool = False) -> HttpResponse:
    """On to an address; to a script, which asks for JSON, its name. `done`: nothing need be kept in the browser."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": url, "done": done})
    return redirect(url)


def after_failed_check(request: HttpRequest) -> HttpResponse | None:
    """A form whose token is of another session, or of none: kept where it is sealed; and somebody who is signed in by
    now is past the form for signing in. None where neither is so.
    """
    page = request.resolver_match.url_name if request.resolver_match else None
    if request.user.is_authenticated and page in _SIGN_IN_PAGES:
        return redirect(get_login_redirect_url(request))
    if request.user.is_authenticated and page == "account-recover":
        # They are in by the code, and the new one stands on its own page.
        return redirect("account-recovery-code")
    return keep(request)


def page_behind(request: HttpRequest) -> str:
    """The page whose form could not be taken in, for coming back to after a sign-in; "" where that is another site's,
    or one for signing in.
    """
    host, _slash, path = request.headers.get("Referer", "").partition("://")[2].partition("/")
    match = request.resolver_match
    if host != request.get_host() or match is None or match.url_name in _SIGN_IN_PAGES:
        return ""
    return f"/{path}"


def long_texts(request: HttpRequest) -> list[str]:
    """What somebody wrote into a form of ours that could not be taken in, for them to copy: more than a line each."""
    if request.headers.get("Origin", "").partition("://")[2] != request.get_host():
        # Another site's words would stand on our page.
        return []
    return [
        text
        for name, text in request.POST.dict().items()
        if len(text) > _LONG and (" " in text or "\n" in text) and "password" not in name
    ]


def _is_ended(sealed: str, person: User) -> bool:
    """Whether the person has signed out since the page was loaded: to the second, as the seal says it."""
    sealed_at = b62_decode(sealed.split(":")[-2])
    return person.signed_out_at is not None and sealed_at <= person.signed_out_at.timestamp()


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="maarifa.accounts.keeping")
