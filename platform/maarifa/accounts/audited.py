"""Pages of the admin that show people: whoever reads there leaves a line in the audit."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.accounts.requests import user_of

if TYPE_CHECKING:
    # What the class stands before.
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

# What a list is asked beside its filters: words to search for, order, page, all on one page.
_ASKED = {"q": "search", "o": "order", "p": "page", "all": "all"}


class AuditedAdmin(_Admin):
    """For an admin over rows about people, before ModelAdmin.

    A row that was shown, its history included, writes one line on its person; a list writes one line that names
    its filters, never the words typed into them: the audit is append-only, and words may be somebody's name.
    """

    # The field that leads to the person; empty where the row is the person, None where it leads to nobody.
    person_field: str | None = "user"
    listed_as = ""
    read_as = ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if response.status_code == 200:
            record_audit(
                actor=user_of(request), action=self.listed_as, details={"filters": self._filters(request)}
            )
        return response

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A field of another page that offers names while one types: each answer is a list of people.
        if request.path == reverse("admin:autocomplete"):
            record_audit(actor=user_of(request), action=self.listed_as, details={"filters": ["autocomplete"]})
        return super().get_search_results(request, queryset, search_term)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        return self._shown(request, object_id, response)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        return self._shown(request, object_id, response, details={"history": True})

    def _shown(
        self,
        request: HttpRequest,
        object_id: str,
        response: HttpResponse,
        details: dict[str, object] | None = None,
    ) -> HttpResponse:
        # A form sent with success leads elsewhere; one with mistakes shows the row again.
        row = self.get_object(request, object_id) if response.status_code == 200 else None
        if row is not None:
            name = {} if self.person_field == "" else {self.model._meta.model_name: _name(row)}
            record_audit(
                actor=user_of(request),
                action=self.read_as,
                on_user=self._person(row),
                details={**name, **(details or {})},
            )
        return response

    def _person(self, row: Model) -> User | None:
        if self.person_field is None:
            return None
        person = getattr(row, self.person_field) if self.person_field else row
        return person if isinstance(person, User) else None

    def _filters(self, request: HttpRequest) -> list[str]:
        names = set()
        for key in request.GET:
            field = key.partition("__")[0]
            if key in _ASKED:
                names.add(_ASKED[key])
            elif self._has_field(field):
                names.add(field)
        return sorted(names)

    def _has_field(self, name: str) -> bool:
        try:
            self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True


def _name(row: Model) -> str:
    return str(getattr(row, "public_id", row.pk))
