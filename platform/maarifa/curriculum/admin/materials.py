"""The words of a glossary, a worksheet or a figure. What is new comes with the course's files."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.curriculum.admin.common import CourseFilter, TitledCourse, courses_called
from maarifa.curriculum.forms.materials import OF_KIND, MaterialForm
from maarifa.curriculum.models import Material
from maarifa.lib.optimistic_lock import OptimisticLockAdmin
from maarifa.lib.searching import WordSearch, said_in_json
from maarifa.lib.versions import VersionsAdmin


@admin.register(Material)
class MaterialAdmin(
    WordSearch, TitledCourse, VersionsAdmin, OptimisticLockAdmin, KeepsForms, GuardedAdmin[Material]
):
    form = MaterialForm
    list_display = ["title", "file", "course_title", "kind", "language", "state"]
    list_select_related = ["course"]
    list_filter = [("course", CourseFilter), "kind", "language", "state"]
    search_fields = ["key", "course__key"]
    ordering = ["course__key", "kind", "key", "language"]
    readonly_fields = ["course", "kind", "key", "language", "earlier"]

    class Media:
        css = {"all": ["curriculum/authoring.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Material | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Material]:
        return super().get_queryset(request).prefetch_related("course__texts")

    def found_in_texts(self, word: str) -> Q:
        texts = said_in_json(Material.objects.exclude(kind=Material.Kind.FIGURE), word)
        return Q(pk__in=texts.values("pk")) | Q(course__in=courses_called(word))

    @admin.display(description=_("title"), ordering="key")
    def title(self, material: Material) -> str:
        if material.kind == Material.Kind.GLOSSARY:
            return material.get_kind_display()
        return material.texts.get("title") or material.key

    @admin.display(description=_("file"))
    def file(self, material: Material) -> str:
        return material.path

    @admin.display(description=_("History"))
    def earlier(self, material: Material) -> SafeString:
        return self.versions_link(material, material.language)

    def get_fields(self, request: HttpRequest, obj: Material | None = None) -> list[Any]:
        review_fields = ["state", "up_to_date"] if obj and obj.is_translation else []
        return [*self.readonly_fields, *(OF_KIND[obj.kind] if obj else []), *review_fields, "loaded"]
