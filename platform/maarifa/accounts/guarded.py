"""What every page of the admin keeps to: no column is asked about that the page doesn't offer, no secret column leaves
the database, and what cannot be undone wants a fresh proof of who is there.
"""

import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from maarifa.accounts import actions, keeping, proof
from maarifa.accounts.models import KeptPost
from maarifa.accounts.requests import KEPT_FORM_SHOWN, user_of

if TYPE_CHECKING:
    # What a class stands before.
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

Row = TypeVar("Row", bound=Model)

_COMPARED = {"exact", "in", "isnull", "isempty", "id", "pk", "gte", "gt", "lte", "lt", "year", "month", "day"}


class Guarded(_Admin):
    """For an admin, before ModelAdmin."""

    # Columns that no page of the admin shows or searches.
    hidden: tuple[str, ...] = ()
    # Actions on a list that cannot be undone, or let somebody in.
    wants_proof: frozenset[str] = frozenset()
    # Where a saved row itself lets somebody in: a role, an address, a right.
    save_wants_proof = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what `list_filter` and `date_hierarchy` offer, whole. Anything else would answer questions about columns
        that are not shown, such as how a digest of a password begins.
        """
        parts = lookup.split("__")
        for length in range(len(parts), 0, -1):
            if "__".join(parts[:length]) in self._offered():
                return set(parts[length:]) <= _COMPARED
        try:
            self.opts.get_field(parts[0])
        except FieldDoesNotExist:
            # Nothing to ask about: Django leads back to the plain list.
            return True
        return False

    def _offered(self) -> set[str]:
        offered = {self.date_hierarchy} if self.date_hierarchy else set()
        for one in self.list_filter:
            name = one[0] if isinstance(one, tuple | list) else one
            if isinstance(name, str):
                offered.add(name)
            elif isinstance(name, type) and issubclass(name, admin.SimpleListFilter) and name.parameter_name:
                offered.add(name.parameter_name)
        return offered - set(self.hidden)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.hidden)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self._is_a_date(request.GET):
            return HttpResponseRedirect(f"{request.path}?e=1")
        return super().changelist_view(request, extra_context)

    def _is_a_date(self, asked: QueryDict) -> bool:
        """Whether the year, month and day that are asked for are ones; the admin's own page would fail on others."""
        given = [asked.get(f"{self.date_hierarchy}__{part}") for part in ("year", "month", "day")]
        if not any(given):
            return True
        try:
            datetime.date(int(given[0] or 2000), int(given[1] or 1), int(given[2] or 1))
        except (ValueError, OverflowError):
            return False
        # A day more or less for the time zone has to be one, too.
        return 1900 <= int(given[0] or 2000) <= 2999

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # A new row is asked about before anything is typed.
        may = self.has_change_permission(request) if object_id else self.has_add_permission(request)
        asked = self.save_wants_proof and may and (request.method == "POST" or object_id is None)
        if asked and not proof.proved_recently(request):
            return proof.ask_for_proof(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        if request.POST.get("action") in self.wants_proof and not proof.proved_recently(request):
            return proof.ask_for_proof(request)
        return super().response_action(request, queryset, *args, **kwargs)


class GuardedAdmin(Guarded, admin.ModelAdmin[Row]):
    pass


class KeepsForms(_Admin):
    """For an admin, before ModelAdmin: its form, sent after its person was signed out, stands on the page again once
    they are in, and is not saved before they have looked at it. See `accounts.keeping`.
    """

    change_form_template = "accounts/kept_change_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page = request.path
        if request.method == "POST":
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if response.status_code == HTTPStatus.FOUND:
                actions.drop_kept_posts_of_page(person=user_of(request), page=page)
            return response
        extra_context = {**(extra_context or {}), "keep_seal": keeping.seal(user_of(request), page)}
        kept_post = (
            KeptPost.objects.of_page(user_of(request), page).last() if "saved" not in request.GET else None
        )
        if kept_post is not None:
            # As if it had been sent just now. Nothing comes with it as a file.
            _nothing = request.FILES
            request.method, request.POST = "POST", keeping.as_form(kept_post.fields)
            KEPT_FORM_SHOWN.note(request, True)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        if not KEPT_FORM_SHOWN.of(request):
            return form
        notice = format_html(
            '{} <a href="?saved">{}</a>',
            _(
                "This is what you typed before you signed in again. It is not saved yet. Check it, "
                "then save it."
            ),
            _("Show the saved version instead"),
        )

        class Kept(form):  # type: ignore[misc, valid-type]  # which form that is, only the admin knows
            def clean(self) -> dict[str, Any] | None:
                cleaned: dict[str, Any] | None = super().clean()
                self.add_error(None, notice)
                return cleaned

        return Kept
