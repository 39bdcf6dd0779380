"""How authors write questions: the fields follow from the kind of question, see `quizzes.kinds`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maarifa.lib.digests import short_digest
from maarifa.lib.models import TranslatedText
from maarifa.lib.optimistic_lock import OptimisticLockField, OptimisticLockForm, TranslationForm
from maarifa.lib.positions import PositionForm
from maarifa.lib.problems import shown
from maarifa.quizzes.checks import source_of, title_of
from maarifa.quizzes.courses import CourseFacts, facts_of
from maarifa.quizzes.kinds import AnyKind, StructureData, TextsData, kind_named
from maarifa.quizzes.models import Bank, Question, QuestionText
from maarifa.quizzes.testsfield import TestsField

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

State = TranslatedText.State


class PlacedQuestionForm(PositionForm, forms.ModelForm[Question]):
    """A question has its position among those of its bank."""

    if TYPE_CHECKING:
        # A step of Django's that its stubs leave out.
        def _post_clean(self) -> None: ...

    def siblings(self, given: dict[str, Any]) -> QuerySet[Question] | None:
        bank: Bank | None = given.get("bank") or (self.instance.bank if self.instance.pk else None)
        return bank.questions.prefetch_related("texts") if bank else None

    def title_of(self, row: Model) -> str:
        return shown(title_of(row)) if isinstance(row, Question) else super().title_of(row)


class NewQuestionForm(PlacedQuestionForm):
    """A question that is only begun: what it asks is written on the page that follows."""

    class Meta:
        model = Question
        fields = ["bank", "key", "kind", "points", "position"]
        labels = {"bank": _("Question bank")}

    def _post_clean(self) -> None:
        super()._post_clean()
        if "kind" in self.cleaned_data:
            self.instance.structure = kind_named(self.cleaned_data["kind"]).blank()


class QuestionForm(PlacedQuestionForm, OptimisticLockForm[Question]):
    """What a question asks is of its kind; which lesson and outcome it is for, of its course.

    Choices that hold words are removed once their author has been told so and saves again: `sure` names them.
    """

    sure = OptimisticLockField()
    tests = TestsField()

    class Meta:
        model = Question
        fields = ["points", "lesson_key", "outcome_key", "level", "position", "tests"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._structure_before = self.instance.structure
        tests = self.fields["tests"]
        if isinstance(tests, TestsField):
            tests.kind = kind_named(self.instance.kind)
        facts = _facts_for(self.instance)
        if facts:
            self._offer("lesson_key", _("Lesson to read again"), facts.lessons)
            self._offer("outcome_key", _("Outcome tested"), facts.outcomes)

    def _offer(self, name: str, label: "StrPromise", offered: list[tuple[str, str]]) -> None:
        """A list; what stands there and is no longer offered stays, so that it is seen."""
        now = getattr(self.instance, name)
        known = dict(offered)
        more = [(now, now)] if now and now not in known else []
        choices = [("", "---------"), *offered, *more]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        texts = list(self.instance.texts.all())
        removed = [key for key in given.get("remove") or [] if self._is_written(texts, key)]
        if removed and given.get("sure") != " ".join(removed):
            named = {one.data["value"]: one.choice_label for one in self["remove"].subwidgets}
            message = _(
                "If you save again, the text of “%(choices)s” is removed in every language. To keep "
                "it, untick the box first."
            )
            params = {"choices": "”, “".join(shown(named[key]) for key in removed)}
            self.add_error("remove", forms.ValidationError(message, code="sure", params=params))
            ask_again(self, " ".join(removed))
        return given

    def _is_written(self, texts: Iterable[QuestionText], key: str) -> bool:
        """Whether any language has words for this choice."""
        kind = kind_named(self.instance.kind)
        return any(kind.has_texts_for(self.instance.structure, text.texts, key) for text in texts)

    def row_values(self) -> dict[str, Any]:
        return {**super().row_values(), "structure": self.instance.structure}

    def given_values(self) -> dict[str, Any]:
        return {**super().given_values(), "structure": self._structure()}

    def _structure(self) -> StructureData:
        return kind_named(self.instance.kind).structure_from(self.cleaned_data, self.instance.structure)

    def has_changed(self) -> bool:
        """Also where only the texts have added something to the structure."""
        followed = self.instance.structure != self._structure_before
        return super().has_changed() or (not self.left_alone and followed)

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.structure = self._structure()


def question_form(question: Question) -> type[QuestionForm]:
    """The form of this question, with the fields that its kind has."""
    texts = list(question.texts.all())
    source = source_of(texts)
    kind = kind_named(question.kind)
    fields = kind.structure_fields(question.structure, source.texts if source else {})
    kind.close_fields(fields, [text.texts for text in texts])
    return type("QuestionForm", (QuestionForm,), fields)


def ask_again(form: forms.BaseForm, value: str) -> None:
    """Let the form be sent once more as one whose author has been told what it removes."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    data[form.add_prefix("sure")] = value
    form.data = data


class QuestionTextForm(TranslationForm[QuestionText]):
    """The words in one language. Where its row is to be deleted, `sure` says that its author has been told."""

    sure = OptimisticLockField()

    up_to_date = forms.BooleanField(
        label=_("This translation is up to date with the source text"),
        help_text=_(
            "Tick this after you have compared the two texts. A new translation counts as up to date."
        ),
        required=False,
    )

    class Meta:
        model = QuestionText
        fields = ["language", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_languages()
        if self.instance.pk is None and self._has_source():
            self.fields["state"].initial = State.MACHINE
        # The structure may be about to change: a choice that is being added has no field here yet.
        for name, field in self._kind.all_texts_fields(self._structure, self.instance.texts).items():
            if name in self.fields:
                self.fields[name].initial = field.initial

    # Set by `question_text_form`.
    question: Question
    facts: CourseFacts | None = None

    def _offer_languages(self) -> None:
        """A list, those of the course; where nobody knows the course, a code."""
        if self.facts is None:
            message = _("Write a language code, for example en, ar or zh-hans.")
            pattern = r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$"
            self.fields["language"].validators.append(RegexValidator(pattern, message))
            return
        self.offer_languages(self.facts.languages)

    def row_values(self) -> dict[str, Any]:
        return {**super().row_values(), "texts": self.instance.texts}

    def given_values(self) -> dict[str, Any]:
        given = super().given_values()
        return {**given, "texts": self._texts()} if "stem" in self.cleaned_data else given

    def _texts(self) -> TextsData:
        return self._kind.all_texts_from(self.cleaned_data, self._structure)

    def _has_source(self) -> bool:
        return source_of(list(self.question.texts.all())) is not None

    @property
    def _kind(self) -> AnyKind:
        return kind_named(self.question.kind)

    @property
    def _structure(self) -> StructureData:
        return self.question.structure

    def has_changed(self) -> bool:
        """Also where something was taken away whose words are still there."""
        return super().has_changed() or (not self.left_alone and self._has_leftovers())

    def _has_leftovers(self) -> bool:
        return bool(self.instance.pk) and self._kind.has_leftovers(self._structure, self.instance.texts)

    def _post_clean(self) -> None:
        super()._post_clean()
        if "stem" in self.cleaned_data:
            self.instance.texts = self._texts()
            for contradiction in self._kind.contradictions(self._structure, self.instance.texts):
                self.add_error(self._kind.field_of(contradiction.where), contradiction.message)


def question_text_form(question: Question) -> type[QuestionTextForm]:
    """The form for the words of this question, with the fields that its kind has."""
    fields = kind_named(question.kind).all_texts_fields(question.structure, {})
    more = {"question": question, "facts": _facts_for(question)}
    return type("QuestionTextForm", (QuestionTextForm,), {**fields, **more})


def _facts_for(question: Question) -> CourseFacts | None:
    """Those of its course. The forms of a page share its question, and the facts are kept with it."""
    held = vars(question)
    if "course_facts" not in held:
        held["course_facts"] = facts_of(question.bank.key)
    facts: CourseFacts | None = held["course_facts"]
    return facts


class QuestionTextFormSet(forms.BaseInlineFormSet[QuestionText, Question, forms.ModelForm[QuestionText]]):
    """All languages of a question. One of them is the source; each other one remembers what it was made from."""

    if TYPE_CHECKING:
        # Django's stubs leave it out.
        def _should_delete_form(self, form: forms.ModelForm[QuestionText]) -> bool: ...

    def clean(self) -> None:
        super().clean()
        self._ask_before_deleting()
        if any(self.errors):
            return
        kept_forms = [form for form in self.forms if self._is_kept(form)]
        sources = [form for form in kept_forms if form.cleaned_data["state"] == State.SOURCE]
        if kept_forms and len(sources) != 1:
            raise forms.ValidationError(
                _("Mark exactly one language as the source text. Marked now: %(count)s."),
                params={"count": len(sources)},
                code="ONE_SOURCE",
            )
        for form in kept_forms:
            if form in sources:
                form.instance.source_digest = ""
            elif form.cleaned_data["up_to_date"] or not form.instance.source_digest:
                form.instance.source_digest = short_digest(sources[0].instance.texts)
        for form in sources:
            kind, structure = kind_named(self.instance.kind), self.instance.structure
            self.instance.structure = kind.followed(structure, form.instance.texts)

    def _ask_before_deleting(self) -> None:
        deleted = [form for form in self.deleted_forms if form.instance.pk]
        told = [form for form in deleted if form.data.get(form.add_prefix("sure")) == form.instance.language]
        if len(told) == len(deleted):
            return
        for form in deleted:
            ask_again(form, form.instance.language)
        message = _(
            "If you save again, the text in “%(languages)s” is deleted. To keep it, untick the box first."
        )
        params = {"languages": "”, “".join(form.instance.language for form in deleted)}
        raise forms.ValidationError(message, code="sure", params=params)

    def _is_kept(self, form: forms.ModelForm[QuestionText]) -> bool:
        if self.can_delete and self._should_delete_form(form):
            return False
        return bool(form.instance.pk) or form.has_changed()
