"""A learner's certificates, and the public page that says whether one is real."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts import actions as accounts
from maarifa.accounts import limits
from maarifa.accounts.requests import SignedInRequest
from maarifa.certificates import actions, queries
from maarifa.certificates.forms import CodeForm, NamesForm
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.pdf import Printed, certificate_pdf
from maarifa.certificates.printing import (
    course_line,
    earned_line,
    name_line,
    preview_words,
    sample_words,
    words_in,
)
from maarifa.learning.models import CourseCompletion
from maarifa.lib.codes import display_code, normalise_code


@login_required
@require_safe
def certificates(request: SignedInRequest) -> HttpResponse:
    """The certificates of this person, issued or still being made."""
    rows = list(Certificate.objects.visible_to(request.user).with_latest().order_by("-created_at"))
    context = {"rows": rows, "names_missing": request.user.names_confirmed_at is None}
    return render(request, "certificates/certificates.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_names(request: SignedInRequest) -> HttpResponse:
    """How certificates shall name this person: shown as it will be printed, then confirmed, before one is made."""
    next_url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, allowed_hosts={request.get_host()}):
        next_url = ""
    user = request.user

    def sample(name: str, name_latin: str) -> Printed:
        waiting = actions.preview_certificate(learner=user, name=name, name_latin=name_latin)
        if waiting:
            return preview_words(waiting)
        return sample_words(name, name_latin, enrolment=queries.learnt_now(user))

    waiting = CourseCompletion.objects.filter(enrolment__learner=user, certificate__state="pending").exists()

    def save(form: NamesForm) -> HttpResponse:
        accounts.confirm_names(user=user, **form.cleaned_data)
        actions.names_were_confirmed(learner=user)
        if waiting:
            messages.success(request, _("Your name is confirmed. We are now creating your certificate."))
        else:
            messages.success(request, _("Your name is confirmed. We will print it on your next certificate."))
        return redirect(next_url or "certificates")

    initial = {"name": user.certificate_name or user.name, "name_latin": user.certificate_name_latin}
    issued = Certificate.objects.visible_to(user).issued().exists()
    return _names(request, initial, sample, save, {"issued": issued, "waiting": waiting})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_name(request: SignedInRequest, code: str) -> HttpResponse:
    """The holder corrects the name on a certificate that was issued, once."""
    normal_code = normalise_code(code)
    certificate = get_object_or_404(
        Certificate.objects.visible_to(request.user)
        .issued()
        .select_related("learner", "completion__enrolment__institution"),
        code=normal_code,
    )
    last = certificate.versions.defer("pdf").order_by("number").last()
    if last is None:
        raise Http404("this certificate has no version")
    try:
        actions.preview_correction(certificate=certificate, name=last.name, name_latin=last.name_latin)
    except actions.CertificateError as refusal:
        messages.error(request, refusal.message)
        return redirect("certificates")

    def sample(name: str, name_latin: str) -> Printed:
        return preview_words(
            actions.preview_correction(certificate=certificate, name=name, name_latin=name_latin)
        )

    def save(form: NamesForm) -> HttpResponse | None:
        try:
            actions.correct_own_certificate(
                certificate=certificate, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except actions.CertificateError as refusal:
            form.add_error(None, refusal.message)
            return None
        messages.success(request, _("Certificate corrected. Its code stays the same."))
        return redirect("certificates")

    initial = {"name": last.name, "name_latin": "" if last.name_latin == last.name else last.name_latin}
    return _names(request, initial, sample, save, {"certificate": certificate})


def _names(
    request: SignedInRequest,
    initial: dict[str, str],
    sample: Callable[[str, str], Printed],
    save: Callable[[NamesForm], HttpResponse | None],
    context: Mapping[str, object],
) -> HttpResponse:
    """The form; then how it will look, with the names to be sent once more; then what `save` does."""
    step = request.POST.get("step", "look")
    if request.method != "POST" or step == "change":
        form = NamesForm(initial=request.POST.dict() if step == "change" else initial, sample=sample)
        return render(request, "certificates/names.html", {**context, "form": form})
    form = NamesForm(request.POST, sample=sample)
    if form.is_valid() and form.texts:
        if step == "paper":
            if not limits.count(request, "preview_certificate", user=request.user):
                return limits.too_often(request, limits.free_at(request, "preview_certificate"))
            return _pdf(certificate_pdf(form.texts), "preview", "inline")
        if step != "confirm":
            return render(
                request, "certificates/preview.html", {**context, "form": form, "words": form.texts}
            )
        done = save(form)
        if done:
            return done
    return render(request, "certificates/names.html", {**context, "form": form}, status=422)


@login_required
@require_safe
def certificate_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The newest version's PDF, for its holder."""
    normal_code = normalise_code(code)
    version = (
        CertificateVersion.objects.filter(
            certificate__in=Certificate.objects.visible_to(request.user).issued(),
            certificate__code=normal_code,
        )
        .order_by("-number")
        .first()
    )
    if version is None or normal_code is None:
        raise Http404("no certificate of this person has this code")
    return _pdf(bytes(version.pdf), f"certificate-{display_code(normal_code)}", "attachment")


def _pdf(content: bytes, name: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'{disposition}; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-cache"
    return response


Parameters = ParamSpec("Parameters")


def _in_asked_language(
    view: Callable[Concatenate[HttpRequest, Parameters], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """These addresses have no language prefix: `?lang=` chooses one, else the page of ours that led here, else the
    browser's list, which the middleware has read.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        language = request.GET.get("lang") or _came_in(request)
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = view(request, *args, **kwargs)
        response["Content-Language"] = translation.get_language()
        return response

    return wrapped


def _came_in(request: HttpRequest) -> str:
    """The language of the page of ours whose link was followed; nothing where it was none of ours."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if came.netloc != request.get_host():
        return ""
    return parse_qs(came.query).get("lang", [""])[0] or came.path.strip("/").partition("/")[0]


@require_safe
@_in_asked_language
def verify(request: HttpRequest) -> HttpResponse:
    """Where somebody types the code that stands on the paper."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _to_canonical(request, "verify-code", form.cleaned_data["code"])
    return render(request, "certificates/verify.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@_in_asked_language
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """All that the certificate prints, how it was earned, and whether it is in force. Who looks is not recorded."""
    normal_code = normalise_code(code)
    if normal_code and (code != display_code(normal_code) or request.path.endswith("/")):
        return _to_canonical(request, "verify-code", normal_code)
    certificate = queries.find_for_verification(normal_code)
    if certificate is None:
        return render(request, "certificates/unknown.html", {"code": code[:60]}, status=404)
    if certificate.status == "withdrawn":
        context = {"certificate": certificate, "status": "withdrawn"}
        return _public(render(request, "certificates/verified.html", context))
    versions = list(certificate.versions.all())
    version = versions[-1]
    context = {
        "certificate": certificate,
        "status": certificate.status,
        "version": version,
        "words": words_in(version, translation.get_language(), certificate),
        "name_line": name_line(version),
        "course_line": course_line(version),
        "earned_line": earned_line(version),
        "corrections": versions[1:],
        "first": versions[0],
    }
    return _public(render(request, "certificates/verified.html", context))


@require_safe
def verify_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same for a machine. The state is a field of its own: found does not mean in force."""
    normal_code = normalise_code(code)
    if normal_code and code != display_code(normal_code):
        return _to_canonical(request, "verify-json", normal_code)
    certificate = queries.find_for_verification(normal_code)
    if certificate is None:
        return _public(JsonResponse({"state": "unknown"}, status=404))
    return _public(JsonResponse(queries.verification(certificate)))


def _to_canonical(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """A code has one address, however it was typed; the language asked for is kept on the way there."""
    language = request.GET.get("lang", "")
    query = f"?{urlencode({'lang': language})}" if language in dict(settings.LANGUAGES) else ""
    return redirect(reverse(name, args=[display_code(code)]) + query)


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
