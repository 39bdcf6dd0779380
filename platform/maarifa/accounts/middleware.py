"""The clocks of the person who asks, their pages, and the browser they have been in with."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import activate
from django.utils.translation import gettext as _

from maarifa.accounts import keeping, proof
from maarifa.accounts.allauth_internals import (
    end_sign_in_under_way,
    is_signing_in,
    key_of_who_is_signing_in,
)
from maarifa.accounts.devices import has_ended, limit_session, remember_device
from maarifa.accounts.models import User
from maarifa.accounts.requests import SIGNED_IN_NOW, user_of
from maarifa.lib.zones import is_zone

Answers: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


class TimeZoneMiddleware:
    """Moments are shown in the signed-in person's time zone, elsewhere in the site's.

    Asks for the person only where there is a session, so that pages for everybody stay without a query.
    """

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        if not is_zone(request.user.time_zone):
            return self.get_response(request)
        with timezone.override(request.user.clocks):
            return self.get_response(request)


class AdminLanguageMiddleware:
    """The admin, whose addresses name no language, speaks that of the account, until its reader chooses another there.

    A choice (`?lang=`) holds for the session, so that the address stays the same.
    """

    CHOICE = "admin_language"

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        known = dict(settings.LANGUAGES)
        asked = request.GET.get("lang")
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        person = request.user if has_session and request.user.is_authenticated else None
        if person and asked in known and request.method == "GET":
            request.session[self.CHOICE] = asked
            rest = request.GET.copy()
            del rest["lang"]
            return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
        language = asked
        if person:
            language = request.session.get(self.CHOICE) or person.language
        if language in known:
            # Until the next request, for which LocaleMiddleware finds one anew.
            activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class AdminFormsMiddleware:
    """A form of the admin that comes without the session of its person is kept for them; where that cannot be, the
    texts in it are given back for copying. Django's own answer, the page for signing in, would lose them.

    Stands below the check against forged forms.
    """

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if request.method != "POST" or not request.path_info.startswith("/admin/"):
            return None
        person = str(request.user.public_id) if request.user.is_authenticated else ""
        if person and request.POST.get(keeping.FIELD, person).startswith(person):
            return None
        answer = keeping.keep(request)
        if answer is not None or person:
            return answer
        texts = keeping.long_texts(request)
        if not texts:
            return None
        sign_in_url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"
        return render(
            request, "accounts/signed_out.html", {"texts": texts, "sign_in_url": sign_in_url}, status=403
        )


class KnownDeviceMiddleware:
    """Whoever signs in, in whichever way, leaves their mark in the browser, and is signed in for as long as suits them
    and the device: see `accounts.devices`.
    """

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        person = SIGNED_IN_NOW.of(request)
        if person is not None:
            remember_device(request, response, person)
            limit_session(request, person)
        return response


class PendingSignInMiddleware:
    """A sign-in under way, such as one that waits for a code, ends with the person's sessions: when they sign out
    everywhere, when their password or access card is reset, and when they take back a changed address.
    """

    EPOCH = "pending_epoch"

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        waits = settings.SESSION_COOKIE_NAME in request.COOKIES and is_signing_in(request)
        if waits and request.session.get(self.EPOCH) != self._now(request):
            end_sign_in_under_way(request)
        response = self.get_response(request)
        if request.session.modified:
            if is_signing_in(request):
                request.session[self.EPOCH] = self._now(request)
            else:
                request.session.pop(self.EPOCH, None)
        return response

    def _now(self, request: HttpRequest) -> list[int | str]:
        """Who is signing in, and what their sessions hold by; the same query for a name that nobody has."""
        who = key_of_who_is_signing_in(request)
        person = User.objects.only("password", "session_epoch").filter(pk=who).first()
        return [who, person.get_session_auth_hash() if person else ""]


class SessionRulesMiddleware:
    """A session on a shared device ends by itself; pages about other people want a second step of staff, or also of
    whoever works for an institution, where the operator asks for it (STAFF_SECOND_FACTOR), however the session began.
    """

    OF_STAFF = re.compile(r"^/(admin|[a-z-]+/institution)(/|$)")

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            if has_ended(request):
                logout(request)
            elif self._needs_second_step(request):
                return self._to_second_step(request)
        return self.get_response(request)

    def _needs_second_step(self, request: HttpRequest) -> bool:
        return (
            self.OF_STAFF.match(request.path_info) is not None
            and request.user.is_authenticated
            and proof.must_use_second_step(request.user)
            and not proof.used_second_step(request)
        )

    def _to_second_step(self, request: HttpRequest) -> HttpResponse:
        if proof.has_second_step(user_of(request)):
            return proof.ask_for_proof(request)
        messages.info(request, _("Your role requires a second step when you sign in. Add one now."))
        return redirect("mfa_index")


class PersonalPagesMiddleware:
    """What is answered to somebody signed in is theirs: no cache on the way keeps it, and their browser asks before it
    shows it again, unless the page says otherwise itself.
    """

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Before the view, which may sign them out.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        response = self.get_response(request)
        if (signed_in or SIGNED_IN_NOW.of(request) is not None) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response
