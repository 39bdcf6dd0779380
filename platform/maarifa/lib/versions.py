"""A page in the admin that shows how a text came to be what it is: who saved what when, word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maarifa.lib.differences import as_text, word_difference

if TYPE_CHECKING:
    from django.contrib import admin

    # Of whatever model: the admin that has the mixin says which.
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = object

MOST = 50
NOT_WORDS = ("id", "language", "changed_at", "source_digest")


@dataclass(frozen=True)
class Version:
    """`differences`: pairs of a field's name and what it says, with what was new and gone since the version before."""

    by: Model | None
    at: datetime
    differences: Sequence[tuple[str, SafeString]]


# A text is of any model with a history; `history` is what simple_history adds to it, untyped.
def versions_of(text: Any, most: int = MOST) -> list[Version]:
    """The last versions of a row with history, the newest first. Two queries."""
    fields = [
        field for field in text._meta.concrete_fields if field.name not in NOT_WORDS and not field.is_relation
    ]
    rows = list(
        text.history.select_related("history_user").order_by("-history_date", "-history_id")[: most + 1]
    )
    versions = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        differences = [
            (str(field.verbose_name), word_difference(_said(before, field), _said(row, field)))
            for field in fields
            if _said(before, field) != _said(row, field)
        ]
        versions.append(Version(row.history_user, row.history_date, differences))
    return versions[:most]


def _said(row: Model | None, field: Field[Any, Any]) -> str:
    if row is None:
        return ""
    value = getattr(row, field.name)
    return str(dict(field.flatchoices).get(value, value)) if field.flatchoices else as_text(value)


class VersionsAdmin(_ModelAdmin):
    """An admin whose rows have texts by language as `texts`, or is itself one text; before ModelAdmin."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_versions"
        view = self.admin_site.admin_view(self.versions)
        return [path("<int:pk>/versions/<str:language>/", view, name=name), *super().get_urls()]

    def versions_link(self, obj: Model, language: str) -> SafeString:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_versions"
        return format_html(
            '<a href="{}">{}</a>', reverse(name, args=[obj.pk, language]), _("Earlier versions")
        )

    def versions(self, request: HttpRequest, pk: int, language: str) -> TemplateResponse:
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404("no such row")
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        texts = obj.texts.all() if hasattr(obj, "texts") else [obj]
        text = next((one for one in texts if one.language == language), None)
        if text is None:
            raise Http404("no text in this language")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Earlier versions"),
            "opts": self.opts,
            "object": obj,
            "language": language,
            "versions": versions_of(text),
            "change_url": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]
            ),
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, "admin/versions.html", context)
