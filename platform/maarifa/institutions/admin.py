"""Institutions, their units and staff, for those who run the site."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.requests import user_of
from maarifa.institutions import actions
from maarifa.institutions.models import Institution, ManagedAccount, Membership, Unit
from maarifa.lib.retiring import NotDeleted
from maarifa.lib.searching import FoldedSearch
from maarifa.ui.confirming import confirm_action


class InstitutionForm(forms.ModelForm[Institution]):
    class Meta:
        model = Institution
        fields = ["key", "name", "language", "time_zone", "contact", "contact_email", "contact_phone"]


class UnitInline(NotDeleted, admin.TabularInline[Unit, Institution]):
    model = Unit
    fields = readonly_fields = ("path", "name")
    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Institution | None = None) -> bool:
        return False


@admin.register(Institution)
class InstitutionAdmin(NotDeleted, GuardedAdmin[Institution]):
    form = InstitutionForm
    list_display = ["name", "key", "language", "time_zone", "retired_at"]
    search_fields = ["name", "key"]
    actions = ["retire"]
    wants_proof = frozenset({"retire"})
    inlines = [UnitInline]
    # A key stands in addresses and paths, and never changes.
    fixed = ("key",)

    def get_inlines(
        self, request: HttpRequest, obj: Institution | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return self.inlines if obj else []

    def save_model(
        self, request: HttpRequest, obj: Institution, form: forms.ModelForm[Institution], change: bool
    ) -> None:
        if change:
            return super().save_model(request, obj, form, change)
        institution = actions.create_institution(by=user_of(request), **form.cleaned_data)
        obj.__dict__.update(institution.__dict__)

    @admin.action(description=_("Close institutions"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Institution]) -> HttpResponse | None:
        page = confirm_action(
            self,
            request,
            list(queryset),
            title=_("Close these institutions?"),
            follows=[
                _(
                    "Coordinators and observers lose access to these institutions. No one can create "
                    "cohorts or send invitations there."
                ),
                _("Learners keep their results and can continue their courses."),
                _("You cannot undo this."),
            ],
            yes=_("Close institutions"),
        )
        if page:
            return page
        retired = sum(actions.retire_institution(institution=one, by=user_of(request)) for one in queryset)
        text = ngettext("%(count)s institution closed.", "%(count)s institutions closed.", retired)
        self.message_user(request, text % {"count": retired}, messages.SUCCESS)
        return None


class UnitForm(forms.ModelForm[Unit]):
    class Meta:
        model = Unit
        fields = ["parent", "key", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            # The root came with its institution.
            self.fields["parent"].required = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        parent, key = given.get("parent"), given.get("key")
        if parent and key and parent.children.filter(key=key).exists():
            taken = actions.InstitutionError(actions.InstitutionError.KEY_TAKEN, key=key)
            self.add_error("key", taken.message)
        if parent and parent.institution.retired_at:
            self.add_error(
                "parent",
                actions.InstitutionError(
                    actions.InstitutionError.RETIRED, institution=parent.institution.name
                ).message,
            )
        return given


@admin.register(Unit)
class UnitAdmin(NotDeleted, GuardedAdmin[Unit]):
    form = UnitForm
    list_display = ["name", "path", "institution"]
    list_filter = ["institution"]
    list_select_related = ["institution"]
    search_fields = ["name", "path", "institution__name"]
    autocomplete_fields = ["parent"]
    fixed = ("parent", "key")

    def save_model(self, request: HttpRequest, obj: Unit, form: forms.ModelForm[Unit], change: bool) -> None:
        if change:
            return super().save_model(request, obj, form, change)
        unit = actions.add_unit(by=user_of(request), **form.cleaned_data)
        obj.__dict__.update(unit.__dict__)


class MembershipForm(forms.ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ["user", "unit", "role"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        user, unit = given.get("user"), given.get("unit")
        if user and user.closed_at:
            self.add_error("user", actions.InstitutionError(actions.InstitutionError.CLOSED).message)
        if unit and unit.institution.retired_at:
            self.add_error(
                "unit",
                actions.InstitutionError(
                    actions.InstitutionError.RETIRED, institution=unit.institution.name
                ).message,
            )
        return given

    def validate_constraints(self) -> None:
        # Another role in the same unit takes the earlier one's place: see grant_role.
        pass


@admin.register(Membership)
class MembershipAdmin(FoldedSearch, NotDeleted, AuditedAdmin, GuardedAdmin[Membership]):
    listed_as, read_as = "roles.listed", "role.read"
    form = MembershipForm
    list_display = ["user", "unit", "role", "granted_at", "granted_by", "ended_at"]
    list_filter = ["role", ("ended_at", admin.EmptyFieldListFilter), "unit__institution"]
    list_select_related = ["user", "unit", "granted_by"]
    search_fields = ["user__name_search", "user__username", "unit__name"]
    autocomplete_fields = ["user", "unit"]
    actions = ["end"]
    wants_proof = frozenset({"end"})
    save_wants_proof = True

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        # A role is granted and ended; what it was stays on record.
        return obj is None and super().has_change_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Membership, form: forms.ModelForm[Membership], change: bool
    ) -> None:
        granted = actions.grant_role(by=user_of(request), **form.cleaned_data)
        obj.__dict__.update(granted.__dict__)

    @admin.action(description=_("End roles"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        page = confirm_action(
            self,
            request,
            list(queryset.select_related("user", "unit__institution")),
            title=_("End these roles?"),
            follows=[
                _("These people can no longer see the learners of these units or change anything there."),
                _("You can grant a role again later, as a new role. We keep a record of the ended role."),
            ],
            yes=_("End roles"),
        )
        if page:
            return page
        rows = queryset.select_related("user", "unit__institution")
        ended = sum(actions.end_role(membership=one, by=user_of(request)) for one in rows)
        text = ngettext("%(count)s role ended.", "%(count)s roles ended.", ended)
        self.message_user(request, text % {"count": ended}, messages.SUCCESS)
        return None


@admin.register(ManagedAccount)
class ManagedAccountAdmin(FoldedSearch, NotDeleted, AuditedAdmin, GuardedAdmin[ManagedAccount]):
    listed_as, read_as = "managed-accounts.listed", "managed-account.read"
    list_display = ["user", "institution", "created_at"]
    list_filter = ["institution"]
    list_select_related = ["user", "institution"]
    search_fields = ["user__name_search", "user__username"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ManagedAccount | None = None) -> bool:
        return False
