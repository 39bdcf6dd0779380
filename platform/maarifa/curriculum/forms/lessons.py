"""Where a lesson stands, and which quiz ends a module: both in one course."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Course, Lesson, Material, Module, ModuleQuiz
from maarifa.curriculum.titles import course_title, lesson_title, module_title
from maarifa.lib.optimistic_lock import OptimisticLockForm
from maarifa.lib.positions import PositionForm, taken


def offer_titles(field: forms.Field | None, name: Callable[[Any], str], texts: str) -> None:
    """A list of rows by their titles, with one query for the `texts` of all."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = field.queryset.prefetch_related(texts)
        field.label_from_instance = name  # type: ignore[assignment] # Django's own example puts one there


class LessonForm(PositionForm, OptimisticLockForm[Lesson]):
    class Meta:
        model = Lesson
        fields = ["course", "module", "key", "position", "activity_minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_titles(self.fields.get("course"), course_title, "texts")
        offer_titles(self.fields.get("module"), self._module_named, "course__texts")

    def _module_named(self, module: Module) -> str:
        if self.instance.pk:
            return module_title(module)
        return f"{course_title(module.course)}: {module_title(module)}"

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        course = given.get("course") or (self.instance.course if self.instance.pk else None)
        module = given.get("module")
        if course and module and module.course_id != course.pk:
            message = _("The module “%(module)s” is not one of “%(course)s”. Choose one that is.")
            params = {"module": module.key, "course": course.key}
            self.add_error("module", forms.ValidationError(message, code="other_course", params=params))
        return given

    def siblings(self, given: dict[str, Any]) -> QuerySet[Lesson] | None:
        module: Module | None = given.get("module")
        return module.lessons.select_related("course").prefetch_related("texts") if module else None

    def title_of(self, row: Any) -> str:
        return lesson_title(row)

    def moves(self, given: dict[str, Any]) -> bool:
        return super().moves(given) or "module" in self.changed_data


class LessonPlaceForm(OptimisticLockForm[Lesson]):
    """Where a lesson stands in its module."""

    class Meta:
        model = Lesson
        fields = ["position", "activity_minutes"]

    @property
    def position(self) -> int:
        """Where it will stand: a row that is left alone stays as another has saved it."""
        place: int = self.initial["position"] if self.left_alone else self.cleaned_data["position"]
        return place

    @property
    def moves(self) -> bool:
        return self.has_changed() and "position" in self.changed_data


class LessonPlaceFormSet(forms.BaseInlineFormSet[Lesson, Module, Any]):
    """All lessons of a module: two of them may change places, but not share one."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        forms_in_use = [form for form in self.forms if form.instance.retired_at is None]
        free = max((form.position for form in forms_in_use), default=0) + 1
        first: dict[int, LessonPlaceForm] = {}
        # Who stays has the place; who comes is told.
        for form in sorted(forms_in_use, key=lambda form: form.moves):
            other = first.setdefault(form.position, form)
            if other is not form and form.moves:
                form.add_error("position", taken(form.position, lesson_title(other.instance), free))


class ModuleForm(PositionForm, OptimisticLockForm[Module]):
    """The worksheet that a module ends in is one of the course's."""

    class Meta:
        model = Module
        fields = ["course", "key", "position", "worksheet"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_titles(self.fields.get("course"), course_title, "texts")
        if "worksheet" not in self.fields:
            return
        if not self.instance.pk:
            del self.fields["worksheet"]
            return
        rows = Material.objects.filter(course=self.instance.course_id, kind=Material.Kind.WORKSHEET)
        keys = sorted(set(rows.values_list("key", flat=True)) | {self.instance.worksheet} - {""})
        self.fields["worksheet"] = forms.ChoiceField(
            label=_("Worksheet that it ends in"),
            choices=[("", "---------"), *((key, key) for key in keys)],
            required=False,
        )

    def siblings(self, given: dict[str, Any]) -> QuerySet[Module] | None:
        course: Course | None = given.get("course") or (self.instance.course if self.instance.pk else None)
        return course.modules.select_related("course") if course else None

    def title_of(self, row: Any) -> str:
        return module_title(row)


class ModuleQuizForm(OptimisticLockForm[ModuleQuiz]):
    class Meta:
        model = ModuleQuiz
        fields = ["module", "quiz"]
        labels = {"quiz": _("quiz")}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        module, quiz = given.get("module") or self.instance.module, given.get("quiz")
        if quiz and not quiz.belongs_to(module.course.key):
            message = _("The quiz “%(quiz)s” is not one of “%(course)s”. Choose one that is.")
            params = {"quiz": quiz.key, "course": module.course.key}
            self.add_error("quiz", forms.ValidationError(message, code="other_course", params=params))
        return given
