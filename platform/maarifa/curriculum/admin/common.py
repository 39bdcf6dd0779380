"""What the pages of this app have in common."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText, Material, Module
from maarifa.curriculum.titles import course_title
from maarifa.curriculum.translations import TranslationState, in_language, state_of
from maarifa.lib import dates
from maarifa.lib.models import TranslatedText
from maarifa.lib.searching import said
from maarifa.lib.versions import VersionsAdmin

if TYPE_CHECKING:
    from django.db.models.fields.related import RelatedField
    from django_stubs_ext import StrOrPromise

Text = TypeVar("Text", bound=CourseText | LessonText)
Owner = TypeVar("Owner", bound=Course | Lesson)


def reviewed_words(text: TranslatedText) -> str:
    """That a translation is reviewed, by whom and when where that is known."""
    if text.reviewed_by is None or text.reviewed_at is None:
        return str(TranslationState.REVIEWED.label)
    zone = timezone.get_current_timezone()
    params = {
        "name": text.reviewed_by.name or text.reviewed_by.username,
        "date": dates.moment(text.reviewed_at, zone=zone, language=get_language() or "en"),
    }
    return str(_("reviewed by %(name)s, %(date)s")) % params


class CourseFilter(admin.RelatedFieldListFilter):
    """Courses by their titles."""

    def field_choices(
        self, field: "RelatedField[Any, Any]", request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> "list[tuple[str, StrOrPromise]]":
        courses = Course.objects.prefetch_related("texts")
        return sorted(
            ((str(course.pk), course_title(course)) for course in courses), key=lambda pair: pair[1]
        )


class TitledCourse:
    """For an admin whose rows belong to a course: a column with its title. Prefetch `course__texts`."""

    @admin.display(description=_("course"), ordering="course__key")
    def course_title(self, row: Module | Lesson | Material) -> str:
        return course_title(row.course)


def courses_called(word: str) -> QuerySet[CourseText, Any]:
    """The courses with this word in a title of theirs."""
    return CourseText.objects.filter(said(word, "title")).values("course")


class TextInline(admin.StackedInline[Text, Owner]):
    """One section a language. A language is added in the empty section at the end.

    Each kind says by `course_of(obj)` which course's languages count, of the object that the texts are of.
    """

    course_of: Callable[[Owner], Course]
    readonly_fields = ["status"]
    parent_name: str
    can_delete = False
    extra = 0

    class Media:
        css = {"all": ["curriculum/authoring.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Text]:
        return super().get_queryset(request).select_related("reviewed_by")

    def get_formset(
        self, request: HttpRequest, obj: Owner | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet[Text, Owner, forms.ModelForm[Text]]]:
        formset = super().get_formset(request, obj, **kwargs)
        if obj is None:
            return formset
        return type(formset.__name__, (formset,), self.of_formset(obj))

    def of_formset(self, obj: Owner) -> dict[str, Any]:
        return {"course": self.course_of(obj)}

    def get_extra(self, request: HttpRequest, obj: Owner | None = None, **kwargs: Any) -> int:
        if obj is None:
            return 1
        existing = {text.language for text in obj.texts.all()}
        return 1 if set(self.course_of(obj).languages) - existing else 0

    @admin.display(description=_("Text status"))
    def status(self, text: Text | None) -> "StrOrPromise":
        if text is None or text.pk is None:
            return _("not written yet")
        owner = getattr(text, self.fk_name or self.parent_name)
        course = self.course_of(owner)
        source = in_language(owner.texts.all(), course.source_language)
        state = state_of(text, source.digest() if source else "")
        owners = self.admin_site.get_model_admin(type(owner))
        versions = owners.versions_link(owner, text.language) if isinstance(owners, VersionsAdmin) else ""
        label = reviewed_words(text) if state == TranslationState.REVIEWED else state.label
        return format_html(
            '<span lang="{}">{}</span>: {} · {}', text.language, text.language, label, versions
        )
