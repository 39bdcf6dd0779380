"""How authors write questions: the fields follow from the kind of question, see `quizzes.kinds`."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from maarifa.lib.digests import short_digest
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.checks import source_of
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Question, QuestionText

State = TranslatedText.State


class NewQuestionForm(forms.ModelForm):
    """A question that is only begun: what it asks is written on the page that follows."""

    class Meta:
        model = Question
        fields = ["bank", "key", "kind", "points", "lesson_key", "position"]

    def _post_clean(self):
        super()._post_clean()
        if "kind" in self.cleaned_data:
            self.instance.structure = kind_named(self.cleaned_data["kind"]).blank()


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["points", "lesson_key", "position"]

    def _post_clean(self):
        super()._post_clean()
        kind = kind_named(self.instance.kind)
        self.instance.structure = kind.structure_from(self.cleaned_data, self.instance.structure)


def question_form(question: Question) -> type[QuestionForm]:
    """The form of this question, with the fields that its kind has."""
    source = source_of(list(question.texts.all()))
    fields = kind_named(question.kind).structure_fields(question.structure, source.words if source else {})
    return type("QuestionForm", (QuestionForm,), fields)


class QuestionTextForm(forms.ModelForm):
    """The words in one language."""

    up_to_date = forms.BooleanField(
        label=_("This translation is up to date with the source text"),
        help_text=_("Tick it once you have compared the two. A new translation counts as up to date."),
        required=False,
    )

    class Meta:
        model = QuestionText
        fields = ["language", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].validators.append(
            RegexValidator(
                r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", _("Write a language code such as en, ar or zh-hans.")
            )
        )
        if self.instance.pk is None and self._has_source():
            self.fields["state"].initial = State.REVIEWED
        # The structure may be about to change: a choice that is being added has no field here yet.
        for name, field in self._kind.words_fields(self._structure, self.instance.words).items():
            if name in self.fields:
                self.fields[name].initial = field.initial

    # Set by `question_text_form`.
    question: Question

    def _has_source(self) -> bool:
        return source_of(list(self.question.texts.all())) is not None

    @property
    def _kind(self):
        return kind_named(self.question.kind)

    @property
    def _structure(self):
        return self.question.structure

    def has_changed(self):
        """Also where a choice was taken away whose words are still there."""
        return super().has_changed() or self._has_words_of_gone_choices()

    def _has_words_of_gone_choices(self) -> bool:
        choices = self.instance.words.get("choices", {}) if self.instance.pk else {}
        return not set(choices) <= set(self._kind.choice_keys(self._structure))

    def _post_clean(self):
        super()._post_clean()
        if "stem" in self.cleaned_data:
            self.instance.words = self._kind.words_from(self.cleaned_data, self._structure)


def question_text_form(question: Question) -> type[QuestionTextForm]:
    """The form for the words of this question, with the fields that its kind has."""
    fields = kind_named(question.kind).words_fields(question.structure, {})
    return type("QuestionTextForm", (QuestionTextForm,), {**fields, "question": question})


class QuestionTextFormSet(forms.BaseInlineFormSet):
    """All languages of a question. One of them is the source; each other one remembers what it was made from."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if self._is_kept(form)]
        sources = [form for form in kept if form.cleaned_data["state"] == State.SOURCE]
        if kept and len(sources) != 1:
            raise forms.ValidationError(
                _("Exactly one language is the source text. %(count)s are marked so."),
                params={"count": len(sources)},
                code="ONE_SOURCE",
            )
        for form in kept:
            if form in sources:
                form.instance.source_digest = ""
            elif form.cleaned_data["up_to_date"] or not form.instance.source_digest:
                form.instance.source_digest = short_digest(sources[0].instance.words)

    def _is_kept(self, form) -> bool:
        if self.can_delete and self._should_delete_form(form):
            return False
        return bool(form.instance.pk) or form.has_changed()
