"""The words of a course or a lesson, language by language."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django import forms
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maarifa.curriculum.forms.fields import LinesField, directed
from maarifa.curriculum.models import Course, CourseText, LessonText
from maarifa.curriculum.text.markdown import canonical, problems
from maarifa.lib.models import TranslatedText
from maarifa.lib.optimistic_lock import TranslationForm
from maarifa.lib.problems import Problem
from maarifa.lib.rows import Column, KeyedRowsField, RowsField
from maarifa.lib.shapes import Line, LooseDate, Url

Text = TypeVar("Text", bound=TranslatedText)

State = TranslatedText.State
UNKNOWN = "0" * 16
"""The digest of a source that nobody has: the translation counts as behind until somebody compares the two."""
ONE_LINE = gettext_lazy("Write it on one line.")
SOURCE_COLUMNS = {
    "title": Column(gettext_lazy("Title"), check=Line, right=ONE_LINE, direction="auto"),
    "publisher": Column(gettext_lazy("Publisher"), check=Line, right=ONE_LINE, direction="auto"),
    "date": Column(
        gettext_lazy("Date"),
        check=LooseDate,
        right=gettext_lazy("Write a day as 2026-11-23, a month as 2026-11 or a year as 2026."),
        direction="ltr",
    ),
    "url": Column(
        gettext_lazy("Web address"),
        check=Url,
        right=gettext_lazy("Write an address that starts with https:// or http://."),
        direction="ltr",
    ),
}
TITLE = Column(gettext_lazy("Title"))


class TextForm(TranslationForm[Text]):
    """The words in one language. The formset knows the course, and which language is its source."""

    up_to_date = forms.BooleanField(
        label=gettext_lazy("This translation is up to date with the source text"),
        help_text=gettext_lazy("Tick this after you have compared the two texts."),
        required=False,
    )

    def __init__(
        self, *args: Any, languages: Collection[str] = (), source_language: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.source_language = source_language
        self.offer_languages(languages)
        translations = [choice for choice in State.choices if choice[0] != State.SOURCE]
        state = self.fields["state"]
        if not self.is_source and isinstance(state, forms.ChoiceField):
            state.choices = translations
        self.fields["state"].required = False
        if not self.instance.pk:
            # Reviewed is what somebody has said; nothing is by itself.
            self.fields["state"].initial = State.MACHINE
        if self.is_source:
            for name in ("state", "up_to_date"):
                self.fields[name].disabled = True
                self.fields[name].widget = forms.HiddenInput()
                self.fields[name].label = ""
                self.fields[name].help_text = ""
        for name, field in self.fields.items():
            if name not in ("language", "state", "up_to_date", "checked", "review_by", "loaded"):
                directed(field, self.instance.language)

    @property
    def is_source(self) -> bool:
        return bool(self.instance.pk) and self.instance.language == self.source_language

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("language") == self.source_language:
            given["state"] = State.SOURCE
        elif not given.get("state") or given["state"] == State.SOURCE:
            given["state"] = State.MACHINE
        return given

    def _post_clean(self) -> None:
        # Before the model's own checks: the digest belongs to the state, and the formset sets it for good.
        if self.cleaned_data.get("state") in (State.MACHINE, State.REVIEWED):
            self.instance.source_digest = self.instance.source_digest or UNKNOWN
        else:
            self.instance.source_digest = ""
        super()._post_clean()


class TextFormSet(forms.BaseInlineFormSet[Any, Any, forms.ModelForm[Any]]):
    """All languages of one object, the source first. `course` is set by the admin before the formset is used."""

    course: Course | None = None

    def __init__(self, *args: Any, queryset: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        if queryset is not None and self.course:
            source_first = Case(When(language=self.course.source_language, then=0), default=1)
            queryset = queryset.order_by(source_first, "language")
        super().__init__(*args, **{**kwargs, "queryset": queryset})

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        languages = self.course.languages if self.course else []
        source = self.course.source_language if self.course else ""
        return {**kwargs, "languages": languages, "source_language": source}

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        text_forms = [form for form in self.forms if form.instance.pk or form.has_changed()]
        languages: list[str | None] = [form.cleaned_data.get("language") for form in text_forms]
        for language in set(languages):
            if languages.count(language) > 1:
                raise forms.ValidationError(
                    _("“%(language)s” appears twice. Write only one text for each language."),
                    code="twice",
                    params={"language": language},
                )
        if not text_forms or self.course is None:
            return
        source = next(
            (form for form in text_forms if form.cleaned_data["language"] == self.course.source_language),
            None,
        )
        if source is None:
            raise forms.ValidationError(
                _("Write the text in “%(language)s” first. This is the source language of the course."),
                code="no_source",
                params={"language": self.course.source_language},
            )
        digest = source.instance.digest()
        for form in text_forms:
            if form is not source and form.cleaned_data.get("up_to_date"):
                form.instance.source_digest = digest


class LessonTextForm(TextForm[LessonText]):
    objectives = LinesField(
        label=gettext_lazy("After this lesson you can"),
        help_text=gettext_lazy("One per line."),
        required=False,
    )
    sources = RowsField(label=gettext_lazy("Sources"), columns=SOURCE_COLUMNS, required=False)

    class Meta:
        model = LessonText
        fields = [
            "language",
            "title",
            "summary",
            "objectives",
            "body",
            "sources",
            "checked",
            "review_by",
            "state",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 100}),
            "body": forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "true"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = _(
            "Write in Markdown (CommonMark). You can use tables. Start headings with ##. Put a "
            "practice question between ```practice and ```."
        )

    def clean_body(self) -> str:
        body = canonical(self.cleaned_data["body"], language=self.language)
        body_problems = problems(body)
        if body_problems:
            raise forms.ValidationError([in_line(problem.quoting(body)) for problem in body_problems])
        return body


class CourseTextForm(TextForm[CourseText]):
    outcomes = KeyedRowsField(
        label=gettext_lazy("Outcomes"),
        columns={"texts": Column(gettext_lazy("Text"), long=True)},
        plain=True,
        required=False,
    )
    modules = KeyedRowsField(
        label=gettext_lazy("Modules"),
        columns={"title": TITLE, "summary": Column(gettext_lazy("Summary"), required=False, long=True)},
        required=False,
    )
    quizzes = KeyedRowsField(label=gettext_lazy("Quizzes"), columns={"title": TITLE}, required=False)

    class Meta:
        model = CourseText
        fields = ["language", "title", "summary", "outcomes", "modules", "quizzes", "state"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "summary": forms.Textarea(attrs={"rows": 3, "cols": 100}),
        }

    def __init__(self, *args: Any, keys: Mapping[str, list[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every key that needs words, those included that have none yet.
        for name, needed in (keys or {}).items():
            rows = self.fields[name]
            if isinstance(rows, KeyedRowsField):
                rows.fix(needed, getattr(self.instance, name) or {})


class CourseTextFormSet(TextFormSet):
    keys: Mapping[str, list[str]] = {}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "keys": self.keys}


def in_line(problem: Problem) -> forms.ValidationError:
    """What is wrong with a text, with its line and what stands there."""
    message = (
        _("Line %(line)s, “%(quote)s”: %(problem)s") if problem.quote else _("Line %(line)s: %(problem)s")
    )
    params = {"line": problem.line, "quote": problem.quote, "problem": str(problem)}
    return forms.ValidationError(message, code=problem.code, params=params)
