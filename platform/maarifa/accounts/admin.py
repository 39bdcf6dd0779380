"""People, what they agreed to, and who did what, for those who run the site."""

from typing import TYPE_CHECKING, Any

# Imported for what they register, which is then taken back: see below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401 - see above
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maarifa.accounts import actions
from maarifa.accounts.account_status import is_responsible
from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import Guarded, GuardedAdmin
from maarifa.accounts.models import AuditEntry, Consent, User
from maarifa.accounts.requests import user_of
from maarifa.lib.searching import FoldedSearch
from maarifa.ui.confirming import confirm_action

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin, _FieldOpts, _FieldsetSpec
    from django_stubs_ext import StrOrPromise

    # What the class stands before.
    _Admin = BaseModelAdmin[Any]
else:
    _Admin = object

# One sign-in with one set of limits: the admin's own form would count no failed tries.
# It is put on the one site there is, which all apps' admins know.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # see above


def _change_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """By the account's own page, which counts tries, wants a fresh proof and tells the person."""
    return redirect("account_change_password")


admin.site.password_change = _change_password  # type: ignore[method-assign, assignment]  # as above

# allauth's own page would let staff give anybody a proven address, and so anybody's account: addresses change
# with their person, below. Its page of second steps would show their keys. Who may edit a set of rights could give
# themselves all.
admin.site.unregister([EmailAddress, Authenticator, Group])


class ReadOnly(_Admin):
    """Rows to look at: nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["username", "email", "name", "language", "time_zone"]
        help_texts = {"name": _("As the person usually writes it, in any script.")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        for name, problem in (("username", "USERNAME_TAKEN"), ("email", "EMAIL_TAKEN")):
            value = given.get(name)
            clean = User.normalise_username if name == "username" else User.normalise_address
            if value and User.objects.exclude(pk=self.instance.pk).filter(**{name: clean(value)}).exists():
                self.add_error(name, actions.AccountError.MESSAGES[problem])
        return given


class AddressInline(ReadOnly, admin.TabularInline[EmailAddress, User]):
    model = EmailAddress
    fields = ["email", "verified", "primary"]
    extra = 0


class ConsentInline(ReadOnly, admin.TabularInline[Consent, User]):
    model = Consent
    fields = ["purpose", "language", "words", "given_at", "withdrawn_at"]
    extra = 0


@admin.register(User)
class UserAdmin(FoldedSearch, AuditedAdmin, GuardedAdmin[User]):
    form = PersonForm
    person_field = ""
    listed_as, read_as = "people.listed", "person.viewed"
    list_display = ["name", "username", "email", "language", "is_staff", "date_joined", "closed_at"]
    list_filter = ["is_staff", "is_active", "language"]
    search_fields = ["name_search", "username", "email"]
    ordering = ["name_sort", "id"]
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [AddressInline, ConsentInline]
    hidden = ("password",)
    wants_proof = frozenset({"close", "reopen", "erase"})
    save_wants_proof = True
    actions = ["close", "reopen", "erase"]
    readonly_fields = [
        "public_id",
        "certificate_name",
        "certificate_name_latin",
        "names_confirmed_at",
        "last_login",
        "date_joined",
        "closed_at",
        "erased_at",
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> "_FieldsetSpec":
        who: tuple[None, _FieldOpts] = (
            None,
            {"fields": ["username", "email", "name", "language", "time_zone"]},
        )
        if obj is None:
            return [who]
        sets: list[tuple[StrOrPromise | None, _FieldOpts]] = [
            who,
            (
                _("Name on certificates"),
                {"fields": ["certificate_name", "certificate_name_latin", "names_confirmed_at"]},
            ),
            (
                _("History"),
                {"fields": ["public_id", "date_joined", "last_login", "closed_at", "erased_at"]},
            ),
        ]
        if request.user.is_superuser:
            rights = ("is_staff", "is_superuser", "groups", "user_permissions")
            sets.insert(1, (_("Permissions"), {"fields": rights}))
        return sets

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # People are closed or erased: see the actions.
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Who may do less must not change the address of who may do more, and so come in as them.
        if obj is not None and not request.user.is_superuser and is_responsible(obj):
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        if not change:
            account = actions.create_account(
                username=obj.username,
                name=obj.name,
                email=obj.email,
                language=obj.language,
                time_zone=obj.time_zone,
            )
            obj.__dict__.update(account.__dict__)
        else:
            obj.clean()
            super().save_model(request, obj, form, change)
            if "email" in form.changed_data:
                actions.replace_address(user=obj, address=obj.email)
        actions.record_audit(
            actor=user_of(request),
            action="person.changed" if change else "person.added",
            on_user=obj,
            details={"fields": form.changed_data},
        )

    @admin.action(description=_("Close accounts (certificates stay valid)"), permissions=["erase"])
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset)
        page = confirm_action(
            self,
            request,
            people,
            title=_("Close these accounts?"),
            follows=[
                _("No one can sign in with them any more, and all their sessions end."),
                _(
                    "These people leave their cohorts. Institutions can no longer see their progress "
                    "and results."
                ),
                _("Their learning records are kept, and their certificates can still be checked."),
            ],
            yes=_("Close accounts"),
        )
        if page:
            return page
        closed = sum(actions.close_account(user=user, by=user_of(request)) for user in queryset)
        text = ngettext("%(count)s account closed.", "%(count)s accounts closed.", closed)
        self.message_user(request, text % {"count": closed}, messages.SUCCESS)
        return None

    @admin.action(description=_("Reopen closed accounts"), permissions=["erase"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        opened = sum(actions.reopen_account(user=user, by=user_of(request)) for user in queryset)
        text = ngettext("%(count)s account reopened.", "%(count)s accounts reopened.", opened)
        self.message_user(request, text % {"count": opened}, messages.SUCCESS)

    @admin.action(
        description=_("Erase personal data (cannot be undone; certificates will show “withdrawn”)"),
        permissions=["erase"],
    )
    def erase(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset)
        page = confirm_action(
            self,
            request,
            people,
            title=_("Erase the personal data of these people?"),
            follows=[
                _("Their names, e-mail addresses and other personal data are deleted for good."),
                _("Their accounts are closed, and they leave their cohorts."),
                _("Anyone who checks one of their certificates sees that it has been withdrawn."),
                _("The audit log and the texts that they agreed to are kept."),
                _("You cannot undo this."),
            ],
            yes=_("Erase personal data"),
            # The name of one is read before it is typed; of many only their number can be.
            typed=people[0].username if len(people) == 1 else str(len(people)),
        )
        if page:
            return page
        erased = sum(actions.erase_account(user=user, by=user_of(request)) for user in queryset)
        text = ngettext(
            "Personal data of %(count)s person erased.", "Personal data of %(count)s people erased.", erased
        )
        self.message_user(request, text % {"count": erased}, messages.SUCCESS)
        return None

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@admin.register(Group)
class GroupAdmin(Guarded, DjangosGroupAdmin):
    """Sets of rights, for those who may give rights: see the fieldsets above."""

    save_wants_proof = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, AuditedAdmin, GuardedAdmin[AuditEntry]):
    person_field = "on_user"
    listed_as, read_as = "audit.listed", "audit.read"
    list_display = ["at", "action", "actor", "on_user", "institution"]
    list_filter = ["action"]
    list_select_related = ["actor", "on_user"]
    search_fields = ["action", "request_id", "actor__username", "on_user__username"]
    date_hierarchy = "at"
