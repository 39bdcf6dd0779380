"""The form in which an author corrects the grading of a question."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Question, QuestionVersion, Regrade
from maarifa.quizzes.models.regrade import NOTE_CHARACTERS
from maarifa.quizzes.regrading import Correction

if TYPE_CHECKING:
    from django.http import QueryDict

METHODS = [
    (
        Regrade.Method.ACCEPT,
        _("Accept another answer as well. Mark it below. Answers that were correct stay correct."),
    ),
    (
        Regrade.Method.CORRECTED,
        _("Grade by the question as it is now. Correct the question and save it first."),
    ),
    (Regrade.Method.EVERYONE, _("Give everyone who was asked all the points.")),
    (
        Regrade.Method.DROP,
        _("Do not count the question. It counts neither in the points nor in the maximum."),
    ),
]


class KeyForm(forms.Form):
    """Which answer is correct as well, in the fields that the kind of question has for it."""

    def __init__(self, data: "QueryDict | None", *, question: Question, version: QuestionVersion) -> None:
        super().__init__(data, prefix="key")
        kind = kind_named(question.kind)
        texts = version.texts.get(version.source_language, {})
        for name, one in kind.structure_fields(version.structure, texts).items():
            if not kind.is_asking_field(name):
                one.required = False
                self.fields[name] = one


class RegradeForm(forms.Form):
    """`versions` are those that were asked in submitted attempts, the newest last. `key` is a form of its own."""

    versions = forms.MultipleChoiceField(
        label=_("Versions of the question"),
        help_text=_("Choose the versions with the wrong key."),
        error_messages={"required": RegradeError.MESSAGES["NO_VERSIONS"]},
        widget=forms.CheckboxSelectMultiple,
    )
    method = forms.ChoiceField(
        label=_("What to do"),
        choices=METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to do.")},
    )
    lower = forms.BooleanField(
        label=_("Also lower scores"),
        help_text=_(
            "If you do not tick this, no score becomes lower and every pass stays. A pass that "
            "finished a course always stays."
        ),
        required=False,
    )
    note = forms.CharField(
        label=_("Note for learners"),
        help_text=_("Learners read this note with their result. Do not name the answers of an exam."),
        max_length=NOTE_CHARACTERS,
        error_messages={"required": RegradeError.MESSAGES["NO_NOTE"]},
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "dir": "auto"}),
    )

    def __init__(
        self,
        data: "QueryDict | None",
        *,
        question: Question,
        versions: Sequence[tuple[QuestionVersion, str]],
    ) -> None:
        super().__init__(data)
        self.question = question
        self.by_number = {str(version.number): version for version, _label in versions}
        offered = cast("forms.MultipleChoiceField", self.fields["versions"])
        offered.choices = [(str(version.number), label) for version, label in versions]
        offered.initial = list(self.by_number)
        self.key = KeyForm(data, question=question, version=versions[-1][0])

    def is_valid(self) -> bool:
        return super().is_valid() and (self.chosen_method != Regrade.Method.ACCEPT or self.key.is_valid())

    @property
    def chosen_method(self) -> Any:
        return self.cleaned_data["method"]

    @property
    def correction(self) -> Correction:
        """What a valid form says."""
        structure = None
        if self.chosen_method == Regrade.Method.ACCEPT:
            newest = [*self.by_number.values()][-1]
            structure = kind_named(self.question.kind).structure_from(self.key.cleaned_data, newest.structure)
        return Correction(
            question=self.question,
            versions=tuple(self.by_number[number] for number in self.cleaned_data["versions"]),
            method=self.chosen_method,
            structure=structure,
            lower=self.cleaned_data["lower"],
        )
