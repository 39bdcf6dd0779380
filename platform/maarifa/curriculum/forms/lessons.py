"""Where lessons and quizzes stand: in modules of their own course."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Activity, Course, Lesson, Material, Module
from maarifa.curriculum.titles import activity_title, course_title, module_title, quiz_title
from maarifa.lib.optimistic_lock import OptimisticLockForm
from maarifa.lib.positions import PositionForm, taken
from maarifa.quizzes.models import Quiz


def offer_titles(field: forms.Field | None, name: Callable[[Any], str], texts: str) -> None:
    """A list of rows by their titles, with one query for the `texts` of all."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = field.queryset.prefetch_related(texts)
        field.label_from_instance = name  # type: ignore[assignment] # Django's own example puts one there


class LessonForm(PositionForm, OptimisticLockForm[Lesson]):
    """A lesson, and its place: `module` and `position` are those of its activity."""

    module = forms.ModelChoiceField(Module.objects.all(), label=_("Module"))
    position = forms.IntegerField(label=_("Position"), min_value=0)

    class Meta:
        model = Lesson
        fields = ["course", "key", "activity_minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Before the form takes the digest of what it shows: the place is a part of it.
        self.place: Activity | None = getattr(kwargs.get("instance"), "activity", None)
        super().__init__(*args, **kwargs)
        if self.place:
            self.initial["module"], self.initial["position"] = self.place.module_id, self.place.position
        offer_titles(self.fields.get("course"), course_title, "texts")
        field = self.fields.get("module")
        if self.instance.pk and isinstance(field, forms.ModelChoiceField):
            field.queryset = Module.objects.filter(course=self.instance.course_id)
        offer_titles(self.fields.get("module"), self._module_named, "course__texts")

    def _module_named(self, module: Module) -> str:
        if self.instance.pk:
            return module_title(module)
        return f"{course_title(module.course)}: {module_title(module)}"

    def row_values(self) -> dict[str, Any]:
        return {
            **super().row_values(),
            "module": self.place and self.place.module,
            "position": self.place and self.place.position,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        course = given.get("course") or (self.instance.course if self.instance.pk else None)
        module = given.get("module")
        if course and module and module.course_id != course.pk:
            message = _(
                "The module “%(module)s” is not part of “%(course)s”. Choose a module of this course."
            )
            params = {"module": module.key, "course": course.key}
            self.add_error("module", forms.ValidationError(message, code="other_course", params=params))
        return given

    def others(self, given: dict[str, Any]) -> QuerySet[Activity] | None:
        module = given.get("module")
        if module is None:
            return None
        return in_use(module).exclude(pk=self.place.pk) if self.place else in_use(module)

    def title_of(self, row: Any) -> str:
        return activity_title(row)

    def moves(self, given: dict[str, Any]) -> bool:
        return super().moves(given) or "module" in self.changed_data


def in_use(module: Module) -> QuerySet[Activity]:
    """What stands in the module and is not retired."""
    return (
        module.activities.exclude(lesson__retired_at__isnull=False)
        .exclude(quiz__retired_at__isnull=False)
        .select_related("course", "lesson__course", "quiz")
        .prefetch_related("lesson__texts", "course__texts")
    )


class ActivityPlaceForm(OptimisticLockForm[Activity]):
    """Where something stands in its module."""

    class Meta:
        model = Activity
        fields = ["position"]

    @property
    def position(self) -> int:
        """Where it will stand: a row that is left alone stays as another has saved it."""
        place: int = self.initial["position"] if self.left_alone else self.cleaned_data["position"]
        return place

    @property
    def moves(self) -> bool:
        return self.has_changed() and "position" in self.changed_data


if TYPE_CHECKING:
    # The admin asks for one of whatever form.
    _FormSet = forms.BaseInlineFormSet[Activity, Module, Any]
else:
    _FormSet = forms.BaseInlineFormSet


class ActivityPlaceFormSet(_FormSet):
    """All activities of a module: two of them may change places, but not share one. Only a quiz can be taken out."""

    def add_fields(self, form: ActivityPlaceForm, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.lesson_id and "DELETE" in form.fields:
            form.fields["DELETE"] = forms.BooleanField(
                required=False, disabled=True, label="", widget=forms.HiddenInput
            )

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        forms_in_use = [
            form
            for form in self.forms
            if form.instance.content.retired_at is None and not form.cleaned_data.get("DELETE")
        ]
        free = max((form.position for form in forms_in_use), default=0) + 1
        first: dict[int, ActivityPlaceForm] = {}
        # Who stays has the place; who comes is told.
        for form in sorted(forms_in_use, key=lambda form: form.moves):
            other = first.setdefault(form.position, form)
            if other is not form and form.moves:
                form.add_error("position", taken(form.position, activity_title(other.instance), free))


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
            label=_("Worksheet at the end of the module"),
            choices=[("", "---------"), *((key, key) for key in keys)],
            required=False,
        )

    def siblings(self, given: dict[str, Any]) -> QuerySet[Module] | None:
        course: Course | None = given.get("course") or (self.instance.course if self.instance.pk else None)
        return course.modules.select_related("course") if course else None

    def title_of(self, row: Any) -> str:
        return module_title(row)


class AddQuizForm(OptimisticLockForm[Activity]):
    """Puts a quiz of the course at the end of a module."""

    class Meta:
        model = Activity
        fields = ["module", "quiz"]
        labels = {"quiz": capfirst(_("quiz"))}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        module, quiz = given.get("module") or self.instance.module, given.get("quiz")
        if quiz and not quiz.belongs_to(module.course.key):
            message = _("The quiz “%(quiz)s” is not part of “%(course)s”. Choose a quiz of this course.")
            params = {"quiz": quiz.key, "course": module.course.key}
            self.add_error("quiz", forms.ValidationError(message, code="other_course", params=params))
        elif quiz and (place := Activity.objects.filter(quiz=quiz).select_related("module__course").first()):
            message = _("The quiz “%(quiz)s” is already in the module “%(module)s”. Remove it there first.")
            params = {"quiz": activity_title(place), "module": module_title(place.module)}
            self.add_error("quiz", forms.ValidationError(message, code="placed", params=params))
        return given

    def save(self, commit: bool = True) -> Activity:
        last = in_use(self.instance.module).order_by("-position").first()
        self.instance.course_id = self.instance.module.course_id
        self.instance.position = last.position + 1 if last else 1
        return super().save(commit)


class AddQuizFormSet(_FormSet):
    """Offers the quizzes of the course that stand nowhere yet."""

    def add_fields(self, form: AddQuizForm, index: int | None) -> None:
        super().add_fields(form, index)
        course, chosen = self.instance.course, str(form["quiz"].value() or "")
        offered = [quiz for quiz in self._quizzes if quiz.is_free or str(quiz.pk) == chosen]
        widget: Any = form.fields["quiz"].widget
        widget.choices = [("", "---------"), *((quiz.pk, quiz_title(quiz, course)) for quiz in offered)]

    @cached_property
    def _quizzes(self) -> list[Any]:
        quizzes = Quiz.objects.filter(key__startswith=f"{self.instance.course.key}/", retired_at=None)
        return list(quizzes.annotate(is_free=Q(activity=None)).order_by("key"))
