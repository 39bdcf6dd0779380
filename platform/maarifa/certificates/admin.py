from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.certificates import actions
from maarifa.certificates.forms import CorrectionForm, RevocationForm
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.printing import name_line
from maarifa.lib import numbers
from maarifa.lib.searching import FoldedSearch
from maarifa.ui.change_links import ChangeLink, links_of


def is_in_force(request, certificate) -> bool:
    return is_made(request, certificate) and certificate.status != "withdrawn"


def is_made(request, certificate) -> bool:
    return certificate.state == "done"


for link in (
    ChangeLink(
        "certificates.correct", _("Correct"), "admin:certificates_certificate_correct", is_in_force, order=10
    ),
    ChangeLink(
        "certificates.withdraw",
        _("Withdraw"),
        "admin:certificates_certificate_withdraw",
        is_in_force,
        order=20,
    ),
    ChangeLink(
        "certificates.verify",
        _("Public page"),
        "verify-code",
        is_made,
        args=lambda certificate: [certificate.display_code],
        order=30,
    ),
):
    links_of(Certificate).register(link)


class VersionInline(admin.TabularInline):
    model = CertificateVersion
    fields = ["number", "name", "name_latin", "name_checked", "institution", "issued_on", "reason", "made_by"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("who checked the name"))
    def name_checked(self, version):
        return name_line(version)

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Certificate)
class CertificateAdmin(FoldedSearch, AuditedAdmin, GuardedAdmin):
    """Certificates are read here; they change only by being corrected or withdrawn, each with a reason."""

    person_field = "learner"
    listed_as, read_as = "certificates.listed", "certificate.read"
    list_display = ["shown_code", "learner", "state", "created_at", "error"]
    list_filter = ["state"]
    search_fields = ["code", "learner__username", "learner__name_search"]
    list_select_related = ["learner"]
    fields = ["shown_code", "learner", "state", "created_at", "finished_at", "tries", "error"]
    readonly_fields = fields
    inlines = [VersionInline]
    actions = ["try_again"]

    @admin.display(description=_("code"), ordering="code")
    def shown_code(self, certificate):
        return certificate.display_code

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/correct/", view(self.correct), name="certificates_certificate_correct"),
            path("<int:pk>/withdraw/", view(self.withdraw), name="certificates_certificate_withdraw"),
            *super().get_urls(),
        ]

    @admin.action(description=_("Try again to make what failed"), permissions=["change"])
    def try_again(self, request, queryset):
        pending = sum(actions.issue_again(certificate=one, by=request.user) for one in queryset)
        words = ngettext(
            "%(count)s certificate waits to be made.", "%(count)s certificates wait to be made.", pending
        )
        shown = numbers.number(pending, language=get_language())
        self.message_user(request, words % {"count": shown}, messages.SUCCESS)

    def correct(self, request, pk):
        return self._act(
            request,
            pk,
            form_class=CorrectionForm,
            title=_("Correct a certificate"),
            act=actions.correct_certificate,
            done=_("The certificate was corrected. The learner gets a message."),
        )

    def withdraw(self, request, pk):
        return self._act(
            request,
            pk,
            form_class=RevocationForm,
            title=_("Withdraw a certificate"),
            follows=[
                _(
                    "Whoever checks its code reads that it is no longer in force, with the reason and the date."
                ),
                _("This cannot be undone: a withdrawn certificate stays withdrawn."),
            ],
            act=actions.revoke_certificate,
            done=_("The certificate was withdrawn. Its page says so from now on."),
        )

    def _act(self, request, pk, *, form_class, title, act, done, follows=()):
        certificate = get_object_or_404(Certificate.objects.issued(), pk=pk)
        if not self.has_change_permission(request, certificate):
            return render(request, "403.html", status=403)
        if certificate.status == "withdrawn":
            messages.error(request, actions.CertificateError("WITHDRAWN").message)
            return redirect(reverse("admin:certificates_certificate_change", args=[pk]))
        # Withdrawn is withdrawn; and the page asks before anything is typed into it.
        if form_class is RevocationForm and not proved_recently(request):
            return ask_for_proof(request)
        form = form_class(request.POST or None, certificate=certificate)
        if request.method == "POST" and form.is_valid():
            try:
                act(certificate=certificate, by=request.user, **form.cleaned_data)
            except actions.CertificateError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, done)
                return redirect(reverse("admin:certificates_certificate_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "follows": follows,
            "form": form,
            "certificate": certificate,
            "opts": self.model._meta,
        }
        # The form stands below what the certificate says: that is reading it.
        page = render(request, "admin/certificates/certificate/act.html", context)
        return self._shown(request, str(pk), page)
