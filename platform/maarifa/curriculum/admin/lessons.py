"""Lessons and modules: writing the texts, and seeing them as learners would."""

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.accounts.requests import user_of
from maarifa.curriculum import actions
from maarifa.curriculum.activities.lesson import compile_document
from maarifa.curriculum.admin.common import CourseFilter, TextInline, TitledCourse, courses_called
from maarifa.curriculum.forms.lessons import (
    ActivityPlaceForm,
    ActivityPlaceFormSet,
    AddQuizForm,
    AddQuizFormSet,
    LessonForm,
    ModuleForm,
)
from maarifa.curriculum.forms.texts import LessonTextForm, TextFormSet
from maarifa.curriculum.materials import Materials
from maarifa.curriculum.models import (
    Activity,
    Course,
    CourseText,
    Document,
    Lesson,
    LessonText,
    Material,
    Module,
)
from maarifa.curriculum.titles import activity_title, lesson_title, module_title, source_first
from maarifa.curriculum.translations import in_language
from maarifa.lib.languages import direction
from maarifa.lib.optimistic_lock import OptimisticLockAdmin
from maarifa.lib.retiring import RetiredFilter, Retiring
from maarifa.lib.searching import WordSearch, said, said_in_json
from maarifa.lib.versions import VersionsAdmin
from maarifa.quizzes.practice import sent_form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)


class LessonTextInline(TextInline[LessonText, Lesson]):
    model = LessonText
    form = LessonTextForm
    formset = TextFormSet
    parent_name = "lesson"
    fields = [
        "status",
        "language",
        "title",
        "summary",
        "objectives",
        "body",
        "sources",
        ("checked", "review_by"),
        "state",
        "up_to_date",
        "loaded",
    ]

    def course_of(self, obj: Lesson) -> Course:
        return obj.course


class RetiringAdmin(WordSearch, TitledCourse, OptimisticLockAdmin, Retiring, KeepsForms, GuardedAdmin[Row]):
    list_filter = [("course", CourseFilter), RetiredFilter]
    follows = _("Learners see the change after the course has been published.")

    def retire_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.retire(rows=rows, by=user_of(request))

    def bring_rows_back(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.bring_back(rows=rows, by=user_of(request))


@admin.register(Lesson)
class LessonAdmin(VersionsAdmin, RetiringAdmin[Lesson]):
    """First where the lesson stands, then its words, language by language."""

    form = LessonForm
    list_display = ["title", "key", "course_title", "module_title", "position", "languages", "retired_at"]
    list_select_related = ["course", "activity__module"]
    search_fields = ["key"]
    fields = ["course", "module", "key", "position", "activity_minutes", "retired_at", "previews", "loaded"]
    fixed = ("course", "key")
    readonly_fields = ["retired_at", "previews"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lesson]:
        return super().get_queryset(request).prefetch_related("texts", "course__texts")

    def found_in_texts(self, word: str) -> Q:
        texts = LessonText.objects.filter(said(word, "title", "summary", "body"))
        return Q(pk__in=texts.values("lesson")) | Q(course__in=courses_called(word))

    @admin.display(description=_("title"), ordering="key")
    def title(self, lesson: Lesson) -> str:
        return lesson_title(lesson)

    @admin.display(description=_("module"), ordering="activity__module__position")
    def module_title(self, lesson: Lesson) -> str:
        module = lesson.activity.module
        # The course that has its texts at hand.
        module.course = lesson.course
        return module_title(module)

    @admin.display(description=_("position"), ordering="activity__position")
    def position(self, lesson: Lesson) -> int:
        return lesson.activity.position

    def save_model(
        self, request: HttpRequest, obj: Lesson, form: forms.ModelForm[Lesson], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            given = form.cleaned_data
            actions.place(
                content=obj, module=given["module"], position=given["position"], by=user_of(request)
            )

    def get_inlines(self, request: HttpRequest, obj: Lesson | None) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [LessonTextInline] if obj else []

    def get_fields(self, request: HttpRequest, obj: Lesson | None = None) -> list[Any]:
        return [name for name in self.fields or () if obj or name != "previews"]

    @admin.display(description=_("languages"))
    def languages(self, lesson: Lesson) -> str:
        return ", ".join(self._languages(lesson))

    def _languages(self, lesson: Lesson) -> list[str]:
        return source_first((text.language for text in lesson.texts.all()), lesson.course.source_language)

    @admin.display(description=_("Preview"))
    def previews(self, lesson: Lesson) -> "StrOrPromise":
        """Links to what is saved, in each language."""
        links = [
            (reverse("admin:curriculum_lesson_preview", args=[lesson.pk, language]), language)
            for language in self._languages(lesson)
        ]
        if not links:
            return _("Nothing has been added yet.")
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def response_add(
        self, request: HttpRequest, obj: Lesson, post_url_continue: str | None = None
    ) -> HttpResponse:
        # The lesson has no words yet: on to the page where they are written.
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            request.POST = QueryDict(f"{request.POST.urlencode()}&_continue=1")
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        practice = self.admin_site.admin_view(self.preview_practice)
        return [
            path("<int:pk>/preview/<str:language>/", view, name="curriculum_lesson_preview"),
            path(
                "<int:pk>/preview/<str:language>/practice/<slug:key>/",
                practice,
                name="curriculum_lesson_preview_practice",
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The lesson as it is saved now, drawn as learners will see it, and marked as a draft."""
        lesson, text, document = self._compiled(request, pk, language)
        context = {
            "lesson": lesson,
            "texts": document.about,
            "state": text.get_state_display(),
            "language": language,
            "direction": direction(language),
            "others": [one for one in self._languages(lesson) if one != language],
            "document": mark_safe(document.html),  # noqa: S308 - compiling has sanitised it
        }
        return render(request, "curriculum/preview.html", context)

    def preview_practice(self, request: HttpRequest, pk: int, language: str, key: str) -> HttpResponse:
        """What is said about an answer to a practice question of the preview, with the correct answer. Nothing is
        stored.
        """
        lesson, _text, document = self._compiled(request, pk, language)
        question = next((one for one in document.about.get("practice", ()) if one["key"] == key), None)
        if question is None:
            raise Http404("no such question in this lesson")
        context = {
            "lesson": lesson,
            "language": language,
            "question": sent_form(question, language, dict(request.POST.lists())),
            "action": request.path,
            "review": {"reveals_answers": True},
        }
        return render(request, "curriculum/preview_practice.html", context)

    def _compiled(self, request: HttpRequest, pk: int, language: str) -> tuple[Lesson, LessonText, Document]:
        """A lesson as it is saved now, for who may see it."""
        lesson = self.get_object(request, str(pk))
        if lesson is None:
            raise Http404("no such lesson")
        if not self.has_view_or_change_permission(request, lesson):
            raise PermissionDenied
        text = in_language(lesson.texts.all(), language)
        if text is None:
            raise Http404("no words in this language")
        materials = Materials(Material.objects.filter(course=lesson.course_id), lesson.course.source_language)
        return lesson, text, compile_document(text, materials)


class ActivityInline(admin.StackedInline[Activity, Module]):
    """One below the other: the fields of Django's table have no labels that a screen reader finds."""

    model = Activity
    form = ActivityPlaceForm
    formset = ActivityPlaceFormSet
    fields = ["link", ("position", "retired"), "loaded"]
    readonly_fields = ["link", "retired"]
    ordering = ["position", "id"]
    extra = 0
    verbose_name_plural = _("lessons and quizzes, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        rows = super().get_queryset(request).select_related("course", "module", "lesson__course", "quiz")
        return rows.prefetch_related("lesson__texts", "course__texts")

    def has_add_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        return False

    @admin.display(description=_("activity"))
    def link(self, activity: Activity) -> SafeString:
        content = activity.content
        url = reverse(f"admin:{content._meta.label_lower.replace('.', '_')}_change", args=[content.pk])
        kind = content._meta.verbose_name
        title, key = activity_title(activity), activity.key
        return format_html('<a href="{}">{}</a> <code>{}</code> ({})', url, title, key, kind)

    @admin.display(description=_("retired on"))
    def retired(self, activity: Activity) -> str:
        return display_for_value(activity.content.retired_at, "–")


class AddQuizInline(admin.StackedInline[Activity, Module]):
    model = Activity
    form = AddQuizForm
    formset = AddQuizFormSet
    fields = ["quiz", "loaded"]
    extra = 1
    max_num = 1
    can_delete = False
    verbose_name = _("quiz at the end of the module")
    verbose_name_plural = _("new quiz at the end of the module")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).none()


@admin.register(Module)
class ModuleAdmin(RetiringAdmin[Module]):
    list_display = ["title", "key", "course_title", "position", "retired_at"]
    list_select_related = ["course"]
    search_fields = ["key", "course__key"]
    form = ModuleForm
    fields = ["course", "key", "position", "worksheet", "retired_at", "loaded"]
    fixed = ("course", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Module]:
        return super().get_queryset(request).prefetch_related("course__texts")

    def found_in_texts(self, word: str) -> Q:
        """The titles of modules stand with the words of their courses, of which there are few."""
        condition = Q(course__in=courses_called(word))
        texts = said_in_json(CourseText.objects.all(), word, "modules")
        for course, modules in texts.values_list("course", "modules"):
            keys = [key for key, one in modules.items() if word.casefold() in one.get("title", "").casefold()]
            condition |= Q(course=course, key__in=keys)
        return condition

    @admin.display(description=_("title"), ordering="key")
    def title(self, module: Module) -> str:
        return module_title(module)

    def get_fields(self, request: HttpRequest, obj: Module | None = None) -> list[Any]:
        return [name for name in self.fields or () if obj or name != "worksheet"]

    def get_inlines(self, request: HttpRequest, obj: Module | None) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [ActivityInline, AddQuizInline] if obj else []
