"""The words of a glossary, a sheet or a figure. What is new comes with the course's files."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.curriculum.forms.materials import OF_KIND, MaterialForm
from maarifa.curriculum.models import Material
from maarifa.lib.loaded import LoadedAdmin
from maarifa.lib.versions import VersionsAdmin


@admin.register(Material)
class MaterialAdmin(VersionsAdmin, LoadedAdmin, KeepsForms, GuardedAdmin):
    form = MaterialForm
    list_display = ["path", "course", "kind", "language", "state"]
    list_display_links = ["path"]
    list_select_related = ["course"]
    list_filter = ["course", "kind", "language", "state"]
    search_fields = ["key", "course__key"]
    ordering = ["course__key", "kind", "key", "language"]
    readonly_fields = ["course", "kind", "key", "language", "earlier"]

    class Media:
        css = {"all": ["curriculum/authoring.css"]}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("History"))
    def earlier(self, material):
        return self.versions_link(material, material.language)

    def get_fields(self, request, obj=None):
        read = ["state", "up_to_date"] if obj and obj.is_translation else []
        return [*self.readonly_fields, *(OF_KIND[obj.kind] if obj else []), *read, "loaded"]
