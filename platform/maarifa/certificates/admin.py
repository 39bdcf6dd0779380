from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.accounts.requests import user_of
from maarifa.certificates import actions
from maarifa.certificates.forms import CorrectionForm, RevocationForm
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.printing import name_line
from maarifa.lib import numbers
from maarifa.lib.searching import FoldedSearch
from maarifa.ui.change_links import ChangeLink, links_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_OF_VERSIONS = (
    "number",
    "name",
    "name_latin",
    "name_checked",
    "institution",
    "issued_on",
    "reason",
    "made_by",
)
_OF_CERTIFICATES = ("shown_code", "learner", "state", "created_at", "finished_at", "tries", "error")


def is_in_force(request: HttpRequest, row: Model) -> bool:
    return is_made(request, row) and isinstance(row, Certificate) and row.status != "withdrawn"


def is_made(request: HttpRequest, row: Model) -> bool:
    return isinstance(row, Certificate) and row.state == "done"


def code_of(row: Model) -> list[str]:
    return [row.display_code] if isinstance(row, Certificate) else []


for link in (
    ChangeLink(
        "certificates.correct",
        _("Correct certificate"),
        "admin:certificates_certificate_correct",
        is_in_force,
        order=10,
    ),
    ChangeLink(
        "certificates.revoke",
        _("Revoke certificate"),
        "admin:certificates_certificate_revoke",
        is_in_force,
        order=20,
    ),
    ChangeLink(
        "certificates.verify",
        _("See what anyone with the code can see"),
        "verify-code",
        is_made,
        args=code_of,
        order=30,
    ),
):
    links_of(Certificate).register(link)


class VersionInline(admin.TabularInline[CertificateVersion, Certificate]):
    model = CertificateVersion
    fields = _OF_VERSIONS
    readonly_fields = _OF_VERSIONS
    extra = 0
    can_delete = False

    @admin.display(description=_("name check"))
    def name_checked(self, version: CertificateVersion) -> str:
        return name_line(version)

    def has_add_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False


@admin.register(Certificate)
class CertificateAdmin(FoldedSearch, AuditedAdmin, GuardedAdmin[Certificate]):
    """Certificates are read here; they change only by being corrected or revoked, each with a reason."""

    person_field = "learner"
    listed_as, read_as = "certificates.listed", "certificate.read"
    list_display = ["shown_code", "learner", "state", "created_at", "error"]
    list_filter = ["state"]
    search_fields = ["code", "learner__username", "learner__name_search"]
    list_select_related = ["learner"]
    fields = _OF_CERTIFICATES
    readonly_fields = _OF_CERTIFICATES
    inlines = [VersionInline]
    actions = ["try_again"]

    @admin.display(description=_("code"), ordering="code")
    def shown_code(self, certificate: Certificate) -> str:
        return certificate.display_code

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/correct/", view(self.correct), name="certificates_certificate_correct"),
            path("<int:pk>/revoke/", view(self.revoke), name="certificates_certificate_revoke"),
            *super().get_urls(),
        ]

    @admin.action(description=_("Try to issue failed certificates again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        pending = sum(actions.issue_again(certificate=one, by=user_of(request)) for one in queryset)
        text = ngettext(
            "We will try again to issue %(count)s certificate.",
            "We will try again to issue %(count)s certificates.",
            pending,
        )
        figure = numbers.number(pending, language=get_language())
        self.message_user(request, text % {"count": figure}, messages.SUCCESS)

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            form_class=CorrectionForm,
            title=_("Correct certificate"),
            follows=[
                _("The code stays the same. The corrected certificate replaces the earlier one."),
                _("The earlier certificate stays in the history. Its PDF can no longer be downloaded."),
                _("If the learner has an e-mail address, we will send them a message."),
            ],
            act=actions.correct_certificate,
            for_good=False,
            done=_(
                "Certificate corrected. If the learner has an e-mail address, we will send them a message."
            ),
        )

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            form_class=RevocationForm,
            title=_("Revoke certificate"),
            follows=[
                _(
                    "Anyone who checks the code will see that the certificate is no longer valid, with "
                    "the reason and the date."
                ),
                _("You cannot undo this. A revoked certificate cannot be made valid again."),
                _("If the learner has an e-mail address, we will send them a message with the reason."),
            ],
            act=actions.revoke_certificate,
            for_good=True,
            done=_("Certificate revoked. If the learner has an e-mail address, we will send them a message."),
        )

    def _act(
        self,
        request: HttpRequest,
        pk: int,
        *,
        form_class: type[CorrectionForm] | type[RevocationForm],
        title: "StrOrPromise",
        act: Callable[..., object],
        for_good: bool,
        done: "StrOrPromise",
        follows: "Sequence[StrOrPromise]",
    ) -> HttpResponse:
        certificate = get_object_or_404(Certificate.objects.issued(), pk=pk)
        if not self.has_change_permission(request, certificate):
            return render(request, "403.html", status=403)
        if certificate.status == "withdrawn":
            messages.error(request, actions.CertificateError("WITHDRAWN").message)
            return redirect(reverse("admin:certificates_certificate_change", args=[pk]))
        # A revocation is for good; and the page asks before anything is typed into it.
        if for_good and not proved_recently(request):
            return ask_for_proof(request)
        form = form_class(request.POST or None, certificate=certificate)
        if request.method == "POST" and form.is_valid():
            try:
                act(certificate=certificate, by=user_of(request), **form.cleaned_data)
            except actions.CertificateError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, done)
                return redirect(reverse("admin:certificates_certificate_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "follows": follows,
            "is_for_good": for_good,
            "form": form,
            "certificate": certificate,
            "opts": self.model._meta,
        }
        # The form stands below what the certificate says: that is reading it.
        page = render(request, "admin/certificates/certificate/act.html", context)
        return self._shown(request, str(pk), page)
