"""A glossary, a worksheet or a figure in one language, by the fields of its kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maarifa.curriculum.forms.fields import directed
from maarifa.curriculum.forms.texts import State, in_line
from maarifa.curriculum.models import LessonText, Material
from maarifa.curriculum.stored import MaterialTexts
from maarifa.curriculum.text.markdown import canonical, outline_of
from maarifa.curriculum.text.markdown import problems as text_problems
from maarifa.lib.figures import problems as figure_problems
from maarifa.lib.optimistic_lock import TranslationForm
from maarifa.lib.rows import Column, KeyedRowsField

Kind = Material.Kind
OF_KIND: dict[str, list[str]] = {
    Kind.GLOSSARY: ["terms"],
    Kind.WORKSHEET: ["title", "summary", "body"],
    Kind.FIGURE: ["svg"],
}


class MaterialForm(TranslationForm[Material]):
    """Changes the words of a material that is there. Of a translation also who has read it."""

    terms = KeyedRowsField(
        label=gettext_lazy("Terms"),
        columns={
            "term": Column(gettext_lazy("Term")),
            "meaning": Column(gettext_lazy("Meaning"), long=True),
        },
        help_text=gettext_lazy("Lessons link to a term by its key."),
    )
    title = forms.CharField(
        label=gettext_lazy("title"), max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    summary = forms.CharField(
        label=gettext_lazy("summary"), required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 100})
    )
    body = forms.CharField(
        label=gettext_lazy("text"),
        help_text=gettext_lazy("Write in Markdown (CommonMark). You can use tables. Start headings with ##."),
        widget=forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "true"}),
        strip=False,
    )
    svg = forms.CharField(
        label=gettext_lazy("Figure (SVG)"),
        help_text=gettext_lazy("At most 10 kB. Only shapes and text are allowed."),
        widget=forms.Textarea(attrs={"rows": 20, "cols": 120, "dir": "ltr", "spellcheck": "false"}),
    )
    up_to_date = forms.BooleanField(
        label=gettext_lazy("This translation is up to date with the source text"),
        help_text=gettext_lazy("Tick this after you have compared the two texts."),
        required=False,
    )

    class Meta:
        model = Material
        fields = ["state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = OF_KIND[self.instance.kind]
        for other in {name for kind in OF_KIND.values() for name in kind} - set(names):
            del self.fields[other]
        if not self.instance.is_translation:
            for name in ("state", "up_to_date"):
                self.fields.pop(name, None)
        else:
            state = self.fields["state"]
            if isinstance(state, forms.ChoiceField):
                state.choices = [choice for choice in State.choices if choice[0] != State.SOURCE]
        texts: dict[str, Any] = dict(self.instance.texts)
        for name in names:
            self.initial[name] = texts[name]
            if name != "svg":
                directed(self.fields[name], self.instance.language)

    def row_values(self) -> dict[str, Any]:
        return {**super().row_values(), "texts": self.instance.texts}

    def given_values(self) -> dict[str, Any]:
        return {**super().given_values(), "texts": self._texts()}

    def _texts(self) -> MaterialTexts:
        texts = self.instance.texts
        # As the fields clean them: each is of the type that its name has there.
        given: Any = {name: self.cleaned_data[name] for name in texts if name in self.cleaned_data}
        return {**texts, **given}

    def clean_terms(self) -> dict[str, Any]:
        terms: dict[str, Any] = self.cleaned_data["terms"]
        missing = sorted(self._linked() - terms.keys())
        if missing:
            raise forms.ValidationError(
                _(
                    "A lesson or a worksheet links to the term “%(key)s”. Keep the term, or remove the "
                    "link first."
                ),
                code="linked",
                params={"key": missing[0]},
            )
        return terms

    def _linked(self) -> set[str]:
        """The terms that texts of the course link to."""
        course = self.instance.course_id
        lessons = LessonText.objects.filter(lesson__course=course, lesson__retired_at=None)
        worksheets = Material.objects.filter(course=course, kind=Kind.WORKSHEET)
        bodies = [
            *lessons.values_list("body", flat=True),
            *(worksheet.texts["body"] for worksheet in worksheets),
        ]
        return {key for body in bodies for key in outline_of(body)["terms"]}

    def clean_body(self) -> str:
        body = canonical(self.cleaned_data["body"], language=self.language)
        if problems := text_problems(body):
            raise forms.ValidationError([in_line(problem.quoting(body)) for problem in problems])
        return body

    def clean_svg(self) -> str:
        svg: str = self.cleaned_data["svg"].replace("\r\n", "\n").rstrip("\n")
        if problems := figure_problems(svg):
            raise forms.ValidationError([in_line(problem.quoting(svg)) for problem in problems])
        return svg

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        self.instance.texts = self._texts()
        if self.instance.is_translation and self.cleaned_data["up_to_date"]:
            self.instance.source_digest = self.instance.source().digest()
