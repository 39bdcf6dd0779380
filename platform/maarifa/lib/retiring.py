"""Admins of what is taken out of use, not deleted: editions and learners' records point at it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from maarifa.lib import numbers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

    # Of whatever model: the admin that has the mixin says which. Inlines take `NotDeleted`, too.
    _BaseModelAdmin = admin.options.BaseModelAdmin[Any]
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _BaseModelAdmin = _ModelAdmin = object


class RetiredFilter(admin.SimpleListFilter):
    title = _("retired")
    parameter_name = "retired"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> "list[tuple[str, StrOrPromise]]":
        return [("no", _("in use")), ("yes", _("retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(retired_at__isnull=self.value() == "no")


class NotDeleted(_BaseModelAdmin):
    """Nobody deletes its rows, and what is named in `fixed` is chosen once. Before ModelAdmin."""

    fixed: tuple[str, ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [*(self.fixed if obj else ()), *super().get_readonly_fields(request, obj)]


class Retiring(NotDeleted, _ModelAdmin):
    """Its rows are retired and brought back in its list. Before ModelAdmin.

    An admin says by `retire_rows` and `bring_rows_back` how; each returns how many rows it changed.
    """

    actions = ["retire", "bring_back"]
    # What comes of it, in a sentence.
    follows: "StrOrPromise" = ""
    readonly_fields = ["retired_at"]

    retire_rows: Callable[[HttpRequest, QuerySet[Any]], int]
    bring_rows_back: Callable[[HttpRequest, QuerySet[Any]], int]

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._say(
            request,
            self.retire_rows(request, queryset),
            ngettext_lazy(
                "%(count)s item retired. You can bring it back into use.",
                "%(count)s items retired. You can bring them back into use.",
                "number",
            ),
        )

    @admin.action(description=_("Bring back into use"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._say(
            request,
            self.bring_rows_back(request, queryset),
            ngettext_lazy(
                "%(count)s item brought back into use.",
                "%(count)s items brought back into use.",
                "number",
            ),
        )

    def _say(self, request: HttpRequest, changed: int, text: "StrPromise") -> None:
        if not changed:
            self.message_user(request, _("Nothing was changed: this is already done."), messages.INFO)
            return
        shown = numbers.number(changed, language=get_language() or "en")
        self.message_user(request, text % {"count": shown, "number": changed}, messages.SUCCESS)
        if self.follows:
            self.message_user(request, self.follows, messages.INFO)
