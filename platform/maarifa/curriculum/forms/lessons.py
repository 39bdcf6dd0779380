"""Where a lesson stands, and which quiz ends a module: both in one course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.models import Lesson, Material, Module, ModuleQuiz
from maarifa.lib.loaded import LoadedForm


class LessonForm(LoadedForm):
    class Meta:
        model = Lesson
        fields = ["course", "module", "key", "position", "activity_minutes"]

    def clean(self):
        given = super().clean()
        course = given.get("course") or (self.instance.course if self.instance.pk else None)
        module = given.get("module")
        if course and module and module.course_id != course.pk:
            message = _("The module “%(module)s” is not one of “%(course)s”. Choose one that is.")
            params = {"module": module.key, "course": course.key}
            self.add_error("module", forms.ValidationError(message, code="other_course", params=params))
        return given


class LessonPlaceForm(LoadedForm):
    """Where a lesson stands in its module."""

    class Meta:
        model = Lesson
        fields = ["position", "activity_minutes"]


class ModuleForm(LoadedForm):
    """The worksheet that a module ends in is one of the course's."""

    class Meta:
        model = Module
        fields = ["course", "key", "position", "product"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "product" not in self.fields:
            return
        if not self.instance.pk:
            del self.fields["product"]
            return
        rows = Material.objects.filter(course=self.instance.course_id, kind=Material.Kind.PRODUCT)
        keys = sorted(set(rows.values_list("key", flat=True)) | {self.instance.product} - {""})
        self.fields["product"] = forms.ChoiceField(
            label=_("Worksheet that it ends in"),
            choices=[("", "---------"), *((key, key) for key in keys)],
            required=False,
        )


class ModuleQuizForm(LoadedForm):
    class Meta:
        model = ModuleQuiz
        fields = ["module", "quiz"]

    def clean(self):
        given = super().clean()
        module, quiz = given.get("module") or self.instance.module, given.get("quiz")
        if quiz and not quiz.belongs_to(module.course.key):
            message = _("The quiz “%(quiz)s” is not one of “%(course)s”. Choose one that is.")
            params = {"quiz": quiz.key, "course": module.course.key}
            self.add_error("quiz", forms.ValidationError(message, code="other_course", params=params))
        return given
