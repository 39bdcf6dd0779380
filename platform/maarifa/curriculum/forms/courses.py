"""What a course is made of, beside its words."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.forms.fields import LinesField
from maarifa.curriculum.models import Course
from maarifa.curriculum.stored import Requirements
from maarifa.curriculum.titles import lesson_title
from maarifa.lib.languages import named_language
from maarifa.lib.optimistic_lock import OptimisticLockForm
from maarifa.lib.shapes import KEY

LANGUAGE = r"[a-z]{2,3}(-[a-z0-9]{2,8})*"


class CourseForm(OptimisticLockForm[Course]):
    """Languages, authors and outcomes as lines; what completion requires as boxes to tick."""

    languages = LinesField(
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("One language code per line. Put the source language first."),
    )
    authors = LinesField(
        label=gettext_lazy("Authors"), help_text=gettext_lazy("One per line. Learners see these names.")
    )
    outcomes = LinesField(
        label=gettext_lazy("Outcome keys"),
        help_text=gettext_lazy(
            "One per line. Save, then write the text of each outcome below in each language."
        ),
        required=False,
    )
    every_lesson = forms.BooleanField(label=gettext_lazy("Completion requires every lesson"), required=False)
    required_lessons = forms.MultipleChoiceField(
        label=gettext_lazy("Otherwise, completion requires these lessons"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    required_quizzes = forms.MultipleChoiceField(
        label=gettext_lazy("Completion requires these quizzes"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Course
        fields = ["key", "source_language", "languages", "licence", "authors", "outcomes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("languages", "authors", "outcomes"):
            self.fields[name].widget.attrs |= {"rows": 3, "cols": 60}
        required = self.instance.requirements or {}
        if not self.instance.pk:
            self.fields["every_lesson"].initial = True
            for name in ("required_lessons", "required_quizzes"):
                self.fields[name].help_text = _("You can choose these after you add them to the course.")
            return
        draft = Draft.read(self.instance)
        lessons = {lesson.key: lesson_title(lesson) for lesson in draft.lessons}
        quizzes = {quiz.own_key: draft.quiz_title(quiz) for quiz in draft.quizzes.values()}
        listed = required.get("lessons", [])
        self.fields["every_lesson"].initial = listed == "all"
        # What is required and no longer there stays ticked, so that it is seen; publishing refuses it by name.
        self._offer("required_lessons", lessons, listed if isinstance(listed, list) else [])
        self._offer("required_quizzes", quizzes, required.get("quizzes", []))

    def _offer(self, name: str, titles: dict[str, str], chosen: list[str]) -> None:
        offered = dict.fromkeys([*titles, *chosen])
        boxes = self.fields[name]
        if isinstance(boxes, forms.MultipleChoiceField):
            boxes.choices = [(key, titles.get(key, key)) for key in offered]
        boxes.initial = chosen

    def clean_source_language(self) -> str:
        return self._code(self.cleaned_data["source_language"])

    def clean_languages(self) -> list[str]:
        languages = [self._code(text) for text in self.cleaned_data["languages"]]
        if len(set(languages)) != len(languages):
            raise forms.ValidationError(
                _("The same language is listed twice. Remove one of them."), code="twice"
            )
        return languages

    def _code(self, text: str) -> str:
        """The code of a language that somebody wrote as a code, or by its name."""
        code = named_language(text) or text.strip().lower()
        if not re.fullmatch(LANGUAGE, code):
            raise forms.ValidationError(
                _("“%(code)s” is not a language code. Write a code such as en, ar or zh-hans."),
                code="language",
                params={"code": text},
            )
        return code

    def clean_outcomes(self) -> list[str]:
        keys: list[str] = self.cleaned_data["outcomes"]
        for key in keys:
            if not KEY.fullmatch(key):
                raise forms.ValidationError(
                    _(
                        "“%(key)s” cannot be used as a key. Use 1 to 60 lower-case Latin letters, "
                        "digits and hyphens."
                    ),
                    code="key",
                    params={"key": key},
                )
        return keys

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        languages = given.get("languages")
        source = given.get("source_language", self.instance.source_language)
        if languages and languages[0] != source:
            self.add_error("languages", _("Put the source language, “%(code)s”, first.") % {"code": source})
        return given

    def row_values(self) -> dict[str, Any]:
        return {**super().row_values(), "requirements": self.instance.requirements}

    def given_values(self) -> dict[str, Any]:
        return {**super().given_values(), "requirements": self._requirements()}

    def _requirements(self) -> Requirements:
        every = self.cleaned_data.get("every_lesson")
        return {
            "lessons": "all" if every else self.cleaned_data.get("required_lessons", []),
            "quizzes": self.cleaned_data.get("required_quizzes", []),
        }

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.requirements = self._requirements()


class PublishForm(forms.Form):
    """`seen` is the digest of what the page has shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("What has changed"),
        help_text=gettext_lazy("Shown in the list of editions. Learners do not see it."),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"size": 80}),
    )
