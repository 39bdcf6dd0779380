"""The course page: how far each language is, what learners read, and publishing."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.accounts.requests import user_of
from maarifa.curriculum.actions import PublishingError, choose_edition, publish_course
from maarifa.curriculum.admin import publishing
from maarifa.curriculum.admin.common import TextInline
from maarifa.curriculum.admin.overview import overview
from maarifa.curriculum.changes import changes_between
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.forms.courses import CourseForm, PublishForm
from maarifa.curriculum.forms.texts import CourseTextForm, CourseTextFormSet
from maarifa.curriculum.models import Course, CourseText, Edition
from maarifa.curriculum.nextedition import next_edition, snapshot_of
from maarifa.curriculum.titles import course_title
from maarifa.lib.optimistic_lock import OptimisticLockAdmin
from maarifa.lib.retiring import NotDeleted
from maarifa.lib.searching import WordSearch, said
from maarifa.lib.versions import VersionsAdmin
from maarifa.ui.change_links import ChangeLink, links_of


def may_publish(request: HttpRequest, course: Model) -> bool:
    return request.user.has_perm("curriculum.publish_course")


for link in (
    ChangeLink(
        "curriculum.publish",
        gettext_lazy("Publish course"),
        "admin:curriculum_course_publish",
        may_publish,
        order=10,
    ),
    ChangeLink(
        "curriculum.editions",
        gettext_lazy("Editions"),
        "admin:curriculum_course_editions",
        may_publish,
        order=20,
    ),
):
    links_of(Course).register(link)


class CourseTextInline(TextInline[CourseText, Course]):
    model = CourseText
    form = CourseTextForm
    formset = CourseTextFormSet
    parent_name = "course"
    fields = [
        "status",
        "language",
        "title",
        "summary",
        "outcomes",
        "modules",
        "quizzes",
        "state",
        "up_to_date",
        "loaded",
    ]

    def course_of(self, obj: Course) -> Course:
        return obj

    def of_formset(self, obj: Course) -> dict[str, Any]:
        draft = Draft.read(obj)
        keys = {
            "outcomes": obj.outcomes,
            "modules": [module.key for module in draft.modules],
            "quizzes": [quiz.own_key for quiz in draft.quizzes.values()],
        }
        return {"course": obj, "keys": keys}


@admin.register(Course)
class CourseAdmin(
    WordSearch, VersionsAdmin, OptimisticLockAdmin, NotDeleted, KeepsForms, GuardedAdmin[Course]
):
    form = CourseForm
    list_display = ["title", "key", "languages_shown", "edition"]
    list_select_related = ["current_edition"]
    search_fields = ["key"]
    fixed = ("key", "source_language")
    fields = [
        "key",
        "source_language",
        "languages",
        "licence",
        "authors",
        "outcomes",
        "every_lesson",
        "required_lessons",
        "required_quizzes",
        "loaded",
    ]
    change_form_template = "admin/curriculum/course/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        return super().get_queryset(request).prefetch_related("texts").defer("current_edition__structure")

    def found_in_texts(self, word: str) -> Q:
        return Q(pk__in=CourseText.objects.filter(said(word, "title", "summary")).values("course"))

    def get_inlines(self, request: HttpRequest, obj: Course | None) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [CourseTextInline] if obj else []

    @admin.display(description=gettext_lazy("title"))
    def title(self, course: Course) -> str:
        return course_title(course)

    @admin.display(description=gettext_lazy("languages"))
    def languages_shown(self, course: Course) -> str:
        return ", ".join(course.languages)

    @admin.display(description=gettext_lazy("current edition"))
    def edition(self, course: Course) -> int | str:
        return course.current_edition.number if course.current_edition else _("not published yet")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what the form writes: which edition is current may have become another one meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            obj.refresh_from_db(fields=["current_edition"])
            obj.save(update_fields=list(form.row_values()))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        course = self.get_object(request, object_id)
        if course:
            extra_context = {
                **(extra_context or {}),
                "overview": overview(Draft.read(course)),
                "current_edition": course.current_edition,
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self) -> list[URLPattern]:
        def page(view: "Callable[..., HttpResponse]") -> "Callable[..., HttpResponse]":
            return self.admin_site.admin_view(view)

        return [
            path("<int:pk>/publish/", page(self.publish), name="curriculum_course_publish"),
            path("<int:pk>/editions/", page(self.editions), name="curriculum_course_editions"),
            path(
                "<int:pk>/editions/<int:number>/",
                page(self.choose_edition),
                name="curriculum_course_choose_edition",
            ),
            *super().get_urls(),
        ]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What would change and what is wrong; with POST, the next edition, if it is still the one that was shown.

        What is ticked to be left out counts with either button; where the list that was read did not have it so, the
        new list is shown first.
        """
        course = self._found(request, pk)
        form = PublishForm(request.POST or None)
        leave_out = publishing.chosen((request.POST or request.GET).getlist("leave_out"))
        asked = request.method == "POST" and "show" not in request.POST and form.is_valid()
        if asked and leave_out != publishing.chosen(request.POST.getlist("applied")):
            text = _(
                "Not published yet, because you changed what to leave out. Check the new list of changes, "
                "then publish."
            )
            messages.warning(request, text)
        elif asked:
            note, seen = form.cleaned_data["note"], form.cleaned_data["seen"] or "nothing"
            try:
                edition = publish_course(
                    course=course, by=user_of(request), note=note, leave_out=leave_out, seen=seen
                )
            except PublishingError as refusal:
                messages.error(request, refusal.message)
            else:
                text = _("Edition %(number)s is published. Learners now read this edition.")
                messages.success(request, text % {"number": edition.number})
                return redirect("admin:curriculum_course_change", course.pk)
        upcoming_edition = next_edition(course, leave_out=leave_out)
        context = {
            "form": form,
            "found": upcoming_edition,
            "problems": publishing.shown(upcoming_edition.problems),
            "notices": publishing.shown(upcoming_edition.notices),
            "held": publishing.held(upcoming_edition),
            "waiting": publishing.waiting(upcoming_edition) if upcoming_edition.compiled else [],
            "changes": upcoming_edition.changes,
            "current": upcoming_edition.current,
        }
        return self._page(request, course, "publish", _("Publish course"), context)

    def editions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All editions, the last one first."""
        course = self._found(request, pk)
        editions = Edition.objects.filter(course=course).select_related("published_by").defer("structure")
        context = {"editions": editions, "switches": publishing.switches(course)}
        return self._page(request, course, "editions", _("Editions"), context)

    def choose_edition(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Asks before learners read another edition than now."""
        course = self._found(request, pk)
        edition = Edition.objects.filter(course=course, number=number).first()
        if edition is None:
            raise Http404("no such edition")
        if not proved_recently(request):
            return ask_for_proof(request)
        before = course.current_edition
        if request.method == "POST":
            try:
                choose_edition(course=course, edition=edition, by=user_of(request))
            except PublishingError as refusal:
                messages.error(request, refusal.message)
            else:
                text = _("Learners now read edition %(number)s.")
                if before:
                    text = _(
                        "Learners now read edition %(number)s. Before, they read edition %(before)s. "
                        "You can switch back to edition %(before)s on this page."
                    )
                shown = {"number": edition.number, "before": before.number if before else ""}
                messages.success(request, text % shown)
            return redirect("admin:curriculum_course_editions", course.pk)
        title = _("Switch learners to edition %(number)s?") % {"number": edition.number}
        context: dict[str, Any] = {"edition": edition, "before": before}
        if before:
            before = Edition.objects.get(pk=before.pk)
            context["changes"] = changes_between(snapshot_of(before), snapshot_of(edition))
        return self._page(request, course, "choose_edition", title, context)

    def _found(self, request: HttpRequest, pk: int) -> Course:
        course: Course | None = self.get_object(request, str(pk))
        if course is None:
            raise Http404("no such course")
        if not may_publish(request, course):
            raise PermissionDenied
        return course

    def _page(
        self, request: HttpRequest, course: Course, name: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "course": course,
            "course_title": self.title(course),
            "opts": self.opts,
            "course_url": reverse("admin:curriculum_course_change", args=[course.pk]),
            **context,
        }
        return TemplateResponse(request, f"admin/curriculum/course/{name}.html", context)
