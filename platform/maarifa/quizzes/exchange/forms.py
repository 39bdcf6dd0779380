"""What the pages ask on which files with questions are chosen, and kept between two pages."""

import dataclasses
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.quizzes.courses import facts_of
from maarifa.quizzes.exchange.formats import format_choices
from maarifa.quizzes.exchange.opening import MEGABYTE, MOST_BYTES
from maarifa.quizzes.exchange.planning import ImportPlan, PlannedQuestion, source_language
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.models import Bank

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_KEPT = 4 * MEGABYTE
"""Characters of a plan inside a page: with everything else, a form may have six million."""
KEPT_SECONDS = 24 * 60 * 60
_SALT = "quizzes.import"


def _language_field(bank: Bank) -> forms.ChoiceField:
    facts = facts_of(bank.key)
    languages = facts.languages if facts and facts.languages else [source_language(facts)]
    return forms.ChoiceField(
        label=_("Language of the questions"),
        choices=[(code, code) for code in languages],
        initial=languages[0],
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xml,.gift,.txt,.csv,.xlsx,.ods,.xls,.zip"}),
        error_messages={"required": _("Choose the file that contains the questions.")},
    )
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, *args: Any, bank: Bank, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("The limit is %(limit)s MB.") % {"limit": MOST_BYTES // MEGABYTE}
        self.fields["format"] = forms.ChoiceField(
            label=_("Format"), required=False, choices=[("", _("Recognise the format")), *format_choices()]
        )
        self.fields["language"] = _language_field(bank)

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            refusal = ExchangeError("TOO_LARGE", file=file.name, limit=MOST_BYTES // MEGABYTE)
            raise forms.ValidationError(refusal.message, code=refusal.code)
        return file


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Format"))

    def __init__(self, *args: Any, bank: Bank, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.ChoiceField(label=_("Format"), choices=format_choices())
        self.fields["language"] = _language_field(bank)


@dataclasses.dataclass(frozen=True)
class KeptPlan:
    """A plan as the page that lists it sends it back."""

    questions: list[PlannedQuestion]
    file: str
    format_name: str
    language: str


def kept(plan: ImportPlan, by: User) -> str:
    """What the second page sends back, sealed. Refuses TOO_LONG_TO_CONFIRM."""
    questions = [
        {
            field.name: getattr(question, field.name)
            for field in dataclasses.fields(question)
            if field.name != "notes"
        }
        for question in plan.questions
    ]
    value = {
        "bank": plan.bank.pk,
        "by": by.pk,
        "file": plan.file,
        "format": plan.format.name,
        "language": plan.language,
        "questions": questions,
    }
    sealed = signing.dumps(value, salt=_SALT, compress=True)
    if len(sealed) > MOST_KEPT:
        raise ExchangeError("TOO_LONG_TO_CONFIRM", file=plan.file)
    return sealed


def unsealed(sealed: str, *, bank: Bank, by: User) -> KeptPlan:
    """Refuses EXPIRED for what is older than a day, was changed, or is of another bank or person."""
    try:
        value = signing.loads(sealed, salt=_SALT, max_age=KEPT_SECONDS)
        questions = [PlannedQuestion(**question) for question in value["questions"]]
    # The last two for what an earlier version of ours has sealed.
    except (signing.BadSignature, KeyError, TypeError):
        raise ExchangeError("EXPIRED")
    if (value["bank"], value["by"]) != (bank.pk, by.pk):
        raise ExchangeError("EXPIRED")
    return KeptPlan(questions, value["file"], value["format"], value["language"])
