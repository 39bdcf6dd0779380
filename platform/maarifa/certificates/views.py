"""A learner's certificates, and the public page that says whether one is real."""

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.certificates import actions
from maarifa.certificates.forms import CodeForm, NamesForm
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.printing import course_line, earned_line, sample_words
from maarifa.learning.models import CourseCompletion
from maarifa.lib.codes import display_code, normalise_code


@login_required
@require_safe
def certificates(request):
    """The certificates of this person, issued or still being made."""
    rows = list(Certificate.objects.visible_to(request.user).with_latest().order_by("-created_at"))
    context = {"rows": rows, "names_missing": request.user.names_confirmed_at is None}
    return render(request, "certificates/certificates.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_names(request):
    """How certificates shall name this person: confirmed before one is made."""
    following = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}):
        following = ""
    user = request.user
    initial = {"name": user.certificate_name or user.name, "name_latin": user.certificate_name_latin}
    form = NamesForm(request.POST or None, initial=initial, user=user, sample=sample_words())
    if request.method == "POST" and form.is_valid() and form.save():
        actions.names_were_confirmed(learner=user)
        messages.success(request, _("Your name is confirmed. It will be printed like this."))
        return redirect(following or "certificates")
    issued = Certificate.objects.visible_to(user).issued().exists()
    waiting = CourseCompletion.objects.filter(enrolment__learner=user, certificate__state="owed").exists()
    context = {"form": form, "issued": issued, "waiting": waiting}
    return render(request, "certificates/names.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def certificate_file(request, code):
    """The newest version's PDF, for its holder."""
    known = normalise_code(code)
    version = (
        CertificateVersion.objects.filter(
            certificate__in=Certificate.objects.visible_to(request.user).issued(), certificate__code=known
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404("no certificate of this person has this code")
    response = HttpResponse(bytes(version.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{display_code(known)}.pdf"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _in_asked_language(view):
    """These addresses have no language prefix: `?lang=` chooses one, for the page it leads to."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        asked = request.GET.get("lang", "")
        if asked in dict(settings.LANGUAGES):
            translation.activate(asked)
            request.LANGUAGE_CODE = asked
        response = view(request, *args, **kwargs)
        response["Content-Language"] = translation.get_language()
        return response

    return wrapped


@require_safe
@_in_asked_language
def verify(request):
    """Where somebody types the code that stands on the paper."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _to_canonical(request, "verify-code", form.cleaned_data["code"])
    return render(request, "certificates/verify.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@_in_asked_language
def verify_code(request, code):
    """All that the certificate prints, how it was earned, and whether it is in force. Who looks is not recorded."""
    known = normalise_code(code)
    if known and code != display_code(known):
        return _to_canonical(request, "verify-code", known)
    certificate = _find(known)
    if certificate is None:
        return render(request, "certificates/unknown.html", {"code": code[:60]}, status=404)
    if certificate.standing == "withdrawn":
        context = {"certificate": certificate, "standing": "withdrawn"}
        return _public(render(request, "certificates/verified.html", context))
    versions = list(certificate.versions.all())
    version = versions[-1]
    context = {
        "certificate": certificate,
        "standing": certificate.standing,
        "version": version,
        "course_line": course_line(version),
        "earned_line": earned_line(version),
        "corrections": versions[1:],
        "first": versions[0],
    }
    return _public(render(request, "certificates/verified.html", context))


@require_safe
def verify_json(request, code):
    """The same for a machine. The state is a field of its own: found does not mean in force."""
    known = normalise_code(code)
    if known and code != display_code(known):
        return _to_canonical(request, "verify-json", known)
    certificate = _find(known)
    if certificate is None:
        return _public(JsonResponse({"state": "unknown"}, status=404))
    answer = {"code": certificate.display_code, "state": certificate.standing}
    if certificate.standing != "withdrawn":
        versions = list(certificate.versions.all())
        version = versions[-1]
        answer |= {
            "name": version.name,
            "name_latin": version.name_latin,
            "course": {
                "key": version.course_key,
                "title": version.course_title,
                "edition": version.edition_number,
                "minutes": version.minutes,
                "outcomes": version.outcomes,
            },
            "institution": version.institution,
            "earned": {
                "how": version.earned,
                "place": version.earned_place,
                "on": version.earned_on.isoformat(),
            },
            "issued_on": version.issued_on.isoformat(),
            "language": version.language,
            "pdf_sha256": version.pdf_digest,
            "history": [
                {"version": v.number, "at": v.made_at.isoformat(), "reason": v.reason} for v in versions
            ],
        }
        if certificate.standing == "revoked":
            answer["revoked"] = {
                "at": certificate.revocation.at.isoformat(),
                "reason": certificate.revocation.reason,
            }
    return _public(JsonResponse(answer))


def _to_canonical(request, name, code):
    """A code has one address, however it was typed; the language asked for is kept on the way there."""
    asked = request.GET.get("lang", "")
    query = f"?{urlencode({'lang': asked})}" if asked in dict(settings.LANGUAGES) else ""
    return redirect(reverse(name, args=[display_code(code)]) + query)


def _find(code) -> Certificate | None:
    if not code:
        return None
    return Certificate.objects.for_verification().select_related("learner").filter(code=code).first()


def _public(response):
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
