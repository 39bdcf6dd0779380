"""The person's own page; signing in, up and out where that differs from allauth."""

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.views import (
    BaseReauthenticateView,
    ConfirmLoginCodeView,
    LoginView,
    LogoutView,
    RequestLoginCodeView,
    SignupView,
)
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import View

from maarifa.accounts import actions, limits, shown_codes
from maarifa.accounts.adapter import account_adapter
from maarifa.accounts.allauth_internals import (
    WaitsForTheCodeSentLast,
    end_sign_in_under_way,
    note_reauthentication,
    sign_in,
)
from maarifa.accounts.devices import note_choice
from maarifa.accounts.forms.account import CloseForm, SettingsForm
from maarifa.accounts.forms.sign_in import ProveByMailForm, RecoverForm
from maarifa.accounts.keeping import as_form, keeps_posts, page_of, say_again, seal
from maarifa.accounts.models import Consent, KeptPost
from maarifa.accounts.proof import PASSWORD, has_second_step, note_proof_for, proof_required
from maarifa.accounts.requests import SignedInRequest, user_of
from maarifa.accounts.slots import CONSENTS, SIGNING_IN
from maarifa.lib.contact import forget_contact
from maarifa.lib.frame import OFFER_RECOVERY
from maarifa.lib.personal_data import everything_about
from maarifa.ui.confirming import confirm_page
from maarifa.ui.menu import destination
from maarifa.ui.panels import fill

if TYPE_CHECKING:
    # What the class stands before.
    _View = View
else:
    _View = object

Answer = TypeVar("Answer", bound=HttpResponseBase)


def forget_pages(response: Answer) -> Answer:
    """The next person at this device must not find the pages of this one by going back."""
    response["Clear-Site-Data"] = '"cache"'
    return response


class _StartsAgain(_View):
    """A form that is sent counts, whatever code this browser was waiting for: the address may have been
    wrong.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            end_sign_in_under_way(request)
            note_choice(request)
        return super().dispatch(request, *args, **kwargs)


class SignInView(_StartsAgain, LoginView):
    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        say_again(self.request)
        answer: HttpResponse = super().form_invalid(form)
        return answer


class SignUpView(_StartsAgain, SignupView):
    pass


class RequestCodeView(_StartsAgain, RequestLoginCodeView):
    """Also where the form for signing in leads to by its other button, with the address that was typed there: nothing
    is sent yet.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "email" in request.POST:
            return super().post(request, *args, **kwargs)
        say_again(request)
        return self.render_to_response(self.get_context_data())

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        if self.request.method == "POST" and "email" not in self.request.POST:
            typed = self.request.POST.get("login", "")
            given |= {"data": None, "files": None}
            given["initial"] = {
                "email": typed if "@" in typed else "",
                "shared": "shared" in self.request.POST,
            }
        return given


class ConfirmCodeView(WaitsForTheCodeSentLast, ConfirmLoginCodeView):
    pass


class SignOutView(LogoutView):
    """Who could not come back is told so first, wherever they pressed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._shuts_out() and "anyway" not in request.POST:
            return self.render_to_response(self.get_context_data())
        return forget_pages(super().post(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]  # allauth's
        return {**context, "shut_out": self._shuts_out()}

    def _shuts_out(self) -> bool:
        user = self.request.user
        return user.is_authenticated and actions.is_shut_out_by_signing_out(user=user)


@method_decorator([login_required, never_cache], name="dispatch")
class ProveByMailView(BaseReauthenticateView):
    """A code to the address of who has no password: for what wants a fresh proof."""

    form_class = ProveByMailForm
    template_name = "accounts/prove_by_mail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actions.is_live(code=request.session.get(actions.PROOF_CODE)):
            refused = self._send(request)
            if refused:
                return refused
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "resend":
            return self._send(request) or redirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def _send(self, request: HttpRequest) -> HttpResponse | None:
        """A new code takes the place of the one before, which stays good where it is too often."""
        if not limits.count(request, "reauthenticate_by_mail", user=user_of(request)):
            return limits.too_often(request, limits.free_at(request, "reauthenticate_by_mail"))
        request.session[actions.PROOF_CODE] = actions.send_proof_code(user=user_of(request))
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.request.session}

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        del self.request.session[actions.PROOF_CODE]
        note_reauthentication(self.request, method="code")
        return super().form_valid(form)


@never_cache
@require_http_methods(["GET", "POST"])
def undo_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the message to the old address: a page first, for mail programs open links by themselves."""
    try:
        change = actions.find_address_change(token=token)
        if request.method == "POST":
            actions.undo_address_change(change=change)
            logout(request)
            messages.success(
                request,
                _(
                    "Your old e-mail address is restored, and all devices are signed out. Sign in with "
                    "a code, then choose a new password."
                ),
            )
            then = urlencode({"next": reverse("account_set_password")})
            return forget_pages(redirect(f"{reverse('account_request_login_code')}?{then}"))
    except actions.AddressError as refusal:
        return render(request, "accounts/undo_address.html", {"refusal": refusal}, status=410)
    return render(request, "accounts/undo_address.html", {"change": change})


@keeps_posts
@never_cache
@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    page = page_of(request.path)
    kept_post = KeptPost.objects.of_page(request.user, page).last() if request.method == "GET" else None
    data = as_form(kept_post.fields) if kept_post else request.POST or None
    form = SettingsForm(data, instance=request.user)
    if data is not None and form.is_valid():
        person = form.save()
        _drop_kept(request, page)
        with override(person.language):
            text = (
                _("The settings that you sent earlier are saved.")
                if kept_post
                else _("Your settings are saved.")
            )
            messages.success(request, text)
            return redirect("account")
    # The form writes what was typed into the person; a page with errors still greets them by the name they
    # have.
    context = {
        "form": form,
        "consents": request.user.consents.in_force(),
        "seal": seal(request.user, page),
        "panels": fill(request, request.user, SIGNING_IN, CONSENTS),
    }
    return render(request, "accounts/account.html", context)


def _drop_kept(request: SignedInRequest, page: str) -> None:
    """What is saved now takes the place of all that was kept."""
    public_ids = KeptPost.objects.of_page(request.user, page).values_list("public_id", flat=True)
    actions.drop_kept_posts(person=request.user, public_ids=list(public_ids))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, consent: UUID) -> HttpResponse:
    """Asks before what somebody agreed to is taken back; the page of their groups leads back in."""
    given = get_object_or_404(request.user.consents.in_force(), public_id=consent)
    if request.method == "POST":
        try:
            actions.withdraw_consent(user=request.user, purpose=given.purpose, subject=given.subject)
            forget_contact(request)
            messages.success(
                request,
                _(
                    "Consent withdrawn. For a limited time, you can join again under “My groups”, if the group is "
                    "still open."
                ),
            )
        except actions.ConsentError as refusal:
            messages.warning(request, refusal.message)
        return redirect("account")
    if given.purpose == Consent.Purpose.TERMS:
        return redirect("account")
    return confirm_page(
        request,
        question=_("Withdraw your consent?"),
        about=given.get_purpose_display(),
        follows=[
            _("You leave the group. The institution can no longer see your progress and results."),
            _("You keep your lessons, results and certificates, and you can continue the course."),
            _("For a limited time, you can join again under “My groups”, if the group is still open."),
        ],
        yes=_("Withdraw consent and leave the group"),
        back=reverse("account"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """Every other device is signed out; this one stays. Leads to the account, as it does somebody who comes from a
    sign-in on the way.
    """
    if request.method != "POST":
        messages.info(
            request, _("No other device has been signed out yet. Press “Sign out every other device” again.")
        )
        return redirect("account")
    actions.sign_out_everywhere(user=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Every other device is signed out."))
    return redirect("account")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_language(request: SignedInRequest) -> HttpResponse:
    """Says what the switch of the pages' language has changed and what not; the language of this page becomes that of
    the account where the person wants it, and so that of mails and certificates.
    """
    known, here = dict(settings.LANGUAGES), get_language()
    if request.method == "POST":
        actions.change_language(user=request.user, language=here)
        messages.success(request, _("Language saved. Your account, e-mails and new certificates now use it."))
        return redirect("account")
    names = {"here": known[here], "account": known.get(request.user.language, request.user.language)}
    return confirm_page(
        request,
        question=_("Use %(here)s for your account, e-mails and certificates?") % names,
        follows=[
            _(
                "You have changed the language of these pages only. Your e-mails and certificates are "
                "still in %(account)s."
            )
            % names,
            _(
                "E-mails and new certificates will be in %(here)s. The language of your courses does "
                "not change."
            )
            % names,
        ],
        yes=_("Use %(here)s") % names,
        back=reverse("account"),
    )


@login_required
@never_cache
@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    response = JsonResponse(
        everything_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="maarifa.json"'
    return response


@proof_required
@never_cache
@require_http_methods(["GET", "POST"])
def recovery_code(request: SignedInRequest) -> HttpResponse:
    """Whether there is one, and the one just made until its person says that they have it. A press makes one; while
    one is on show, another press shows the same.
    """
    current = request.user.recovery_codes.unused().first()
    code = shown_codes.code_on_show(request, current)
    if "have" in request.POST:
        shown_codes.hide(request)
        return redirect(
            destination("overview") if request.POST["have"] == "learning" else "account_set_password"
        )
    if request.method == "POST":
        return redirect("account-recovery-code") if code else _show_recovery_code(request)
    context = {"current": current, "code": code, "site_url": settings.SITE_URL}
    return render(request, "accounts/recovery_code.html", context)


def _show_recovery_code(request: HttpRequest) -> HttpResponse:
    """A new one, on a page that can be loaded again without making another."""
    shown_codes.show(request, actions.make_recovery_code(user=user_of(request)))
    request.session.pop(OFFER_RECOVERY, None)
    return redirect("account-recovery-code")


@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """In by a recovery code: it is used up, a new one is shown, and the way on is a new password."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["login"]
        # As for guessing a password, but from each network apart: nobody guesses sixty bits, and somebody who tries to
        # must not keep out the one who has the code.
        key = f"{account_adapter().tries_key(request, typed)}@{limits.network(request)}"
        if not limits.count(request, "recover", key=key):
            return limits.too_often(request, limits.free_at(request, "recover", key=key))
        try:
            code = actions.find_recovery_code(typed_name=typed, code=form.cleaned_data["code"])
            # Whoever has a second step uses the code up by it: see `receivers.use_up_recovery_code`. Else one who stops
            # in between would have neither code nor password.
            waits = has_second_step(code.user)
            person = code.user if waits else actions.use_recovery_code(code_id=code.pk)
        except actions.RecoveryError as refusal:
            form.add_error("code", refusal.message)
        else:
            end_sign_in_under_way(request)
            shown = reverse("account-recovery-code")
            answer = sign_in(request, person, then=shown, told={"recovery_code": code.pk} if waits else None)
            if waits or request.user != person:
                return answer
            if timezone.now() - code.made_at > actions.OLD_RECOVERY_CODE:
                # The way on is a password, also where the mailbox is lost.
                note_proof_for(request, person, PASSWORD)
            return _show_recovery_code(request)
    return render(request, "accounts/recover.html", {"form": form}, status=422 if form.errors else 200)


@proof_required(only=lambda request: not request.user.has_usable_password())
@never_cache
@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest) -> HttpResponse:
    form = CloseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.close_account(user=request.user, by=request.user)
        logout(request)
        messages.success(request, _("Your account is closed. Your certificates can still be checked."))
        return forget_pages(redirect(destination("home")))
    return render(request, "accounts/close.html", {"form": form})
