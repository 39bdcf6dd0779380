"""What the pages of this app have in common."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Course, CourseText
from maarifa.curriculum.titles import course_title
from maarifa.curriculum.translations import TranslationState, in_language, state_of
from maarifa.lib import dates
from maarifa.lib.searching import said


def reviewed_words(text) -> str:
    """That a translation is reviewed, by whom and when where that is known."""
    if text.reviewed_by is None or text.reviewed_at is None:
        return str(TranslationState.REVIEWED.label)
    zone = timezone.get_current_timezone()
    words = {
        "name": text.reviewed_by.name or text.reviewed_by.username,
        "date": dates.moment(text.reviewed_at, zone=zone, language=get_language()),
    }
    return _("reviewed by %(name)s, %(date)s") % words


class CourseFilter(admin.RelatedFieldListFilter):
    """Courses by their titles."""

    def field_choices(self, field, request, model_admin):
        courses = Course.objects.prefetch_related("texts")
        return sorted(((course.pk, course_title(course)) for course in courses), key=lambda pair: pair[1])


class TitledCourse:
    """For an admin whose rows belong to a course: a column with its title. Prefetch `course__texts`."""

    @admin.display(description=_("course"), ordering="course__key")
    def course_title(self, row):
        return course_title(row.course)


def courses_called(word: str):
    """The courses with this word in a title of theirs."""
    return CourseText.objects.filter(said(word, "title")).values("course")


class TextInline(admin.StackedInline):
    """One section a language. A language is added in the empty section at the end.

    Each kind says by `course_of(obj)` which course's languages count, of the object that the texts are of.
    """

    readonly_fields = ["status"]
    can_delete = False
    extra = 0

    class Media:
        css = {"all": ["curriculum/authoring.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("reviewed_by")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), self.of_formset(obj))

    def of_formset(self, obj) -> dict:
        return {"course": self.course_of(obj)}

    def get_extra(self, request, obj=None, **kwargs):
        there = {text.language for text in obj.texts.all()} if obj else set()
        return 1 if set(self.course_of(obj).languages) - there else 0

    @admin.display(description=_("State of the text"))
    def status(self, text):
        if text is None or text.pk is None:
            return _("not written yet")
        owner = getattr(text, self.fk_name or self.parent_name)
        course = self.course_of(owner)
        source = in_language(owner.texts.all(), course.source_language)
        state = state_of(text, source.digest() if source else "")
        versions = self.admin_site.get_model_admin(type(owner)).versions_link(owner, text.language)
        said = reviewed_words(text) if state == TranslationState.REVIEWED else state.label
        return format_html('<span lang="{}">{}</span>: {} · {}', text.language, text.language, said, versions)
