"""Admins of what is taken out of use, not deleted: editions and learners' records point at it."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from maarifa.lib import numbers


class RetiredFilter(admin.SimpleListFilter):
    title = _("retired")
    parameter_name = "retired"

    def lookups(self, request, model_admin):
        return [("no", _("in use")), ("yes", _("retired"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(retired_at__isnull=self.value() == "no")


class NotDeleted:
    """Nobody deletes its rows, and what is named in `fixed` is chosen once. Before ModelAdmin."""

    fixed: tuple[str, ...] = ()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [*(self.fixed if obj else ()), *super().get_readonly_fields(request, obj)]


class Retiring(NotDeleted):
    """Its rows are retired and brought back in its list. Before ModelAdmin.

    An admin says by `retire_rows` and `bring_rows_back` how; each returns how many rows it changed.
    """

    actions = ["retire", "bring_back"]
    readonly_fields = ["retired_at"]

    retire_rows: Callable[[HttpRequest, QuerySet], int]
    bring_rows_back: Callable[[HttpRequest, QuerySet], int]

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request, queryset):
        self._say(request, self.retire_rows(request, queryset))

    @admin.action(description=_("Bring back into use"), permissions=["change"])
    def bring_back(self, request, queryset):
        self._say(request, self.bring_rows_back(request, queryset))

    def _say(self, request, changed: int):
        words = ngettext("%(count)s row changed.", "%(count)s rows changed.", changed)
        shown = numbers.number(changed, language=get_language())
        self.message_user(request, words % {"count": shown}, messages.SUCCESS)
