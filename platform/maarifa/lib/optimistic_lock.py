"""Forms that know what the row said when their page was loaded, so that two people do not undo each other's work."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from maarifa.lib.differences import as_text, word_difference
from maarifa.lib.digests import digest_of
from maarifa.lib.models import TranslatedText
from maarifa.lib.typography import no_break_spaces_within

if TYPE_CHECKING:
    from django.contrib import admin
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

Row = TypeVar("Row", bound=Model)
Text = TypeVar("Text", bound=TranslatedText)

if TYPE_CHECKING:
    # Of whatever model: the admin that has the mixin says which.
    _ModelAdmin = admin.ModelAdmin[Any]

    class _ModelForm(forms.ModelForm[Row]):
        """With those of Django's steps that its stubs leave out."""

        def _post_clean(self) -> None: ...

        def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any: ...

else:
    _ModelAdmin = object
    _ModelForm = forms.ModelForm


class OptimisticLockField(forms.CharField):
    """What the row said then, as a digest; not something that a person changes."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(label="", required=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OptimisticLockForm(_ModelForm[Row]):
    """Refuses to write over what somebody else has saved since; what was typed stays in the form.

    Sent once more, it is written: by then its author has been told. A form that was not touched leaves the row as the
    other has saved it. An admin lists `loaded` among its fields.
    """

    loaded = OptimisticLockField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_alone = False
        self._now = self._digest(self.row_values()) if self.instance.pk else ""
        self.initial["loaded"] = self._now

    def row_values(self) -> dict[str, Any]:
        """What of the row the form writes, as `given_values` has it."""
        columns = {field.name for field in self.instance._meta.concrete_fields}
        return {name: getattr(self.instance, name) for name in self._meta.fields or () if name in columns}

    def given_values(self) -> dict[str, Any]:
        row = self.row_values()
        return {name: self.cleaned_data.get(name, row[name]) for name in row}

    def is_touched(self, loaded: str) -> bool:
        return self._digest(self.given_values()) != loaded

    def has_changed(self) -> bool:
        return not self.left_alone and super().has_changed()

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        """Browsers end lines with \\r\\n: what is compared and stored ends them as the row does."""
        value = super()._widget_data_value(widget, html_name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    def _post_clean(self) -> None:
        loaded = self.cleaned_data.get("loaded")
        if loaded and self._now and loaded != self._now:
            if not self.is_touched(loaded):
                self.left_alone = True
            elif self.is_touched(self._now):
                self._refuse()
        super()._post_clean()

    def _refuse(self) -> None:
        message = _(
            "Someone else has changed this since you opened the page. Your changes are still here, but "
            "they are not saved. The other version is shown below. To replace it with yours, save "
            "again."
        )
        shown = format_html("{}{}", message, self._theirs())
        self.add_error(None, forms.ValidationError(shown, code="changed_meanwhile"))
        data = self.data.copy() if isinstance(self.data, MultiValueDict) else dict(self.data)
        data[self.add_prefix("loaded")] = self._now
        self.data = data

    def _theirs(self) -> "SafeString":
        """What the row says now where it is not what was typed, and the words in which the two differ."""
        row, given = self.row_values(), self.given_values()
        differing = [
            (self._label_of(name), word_difference(as_text(given.get(name)), as_text(row[name])))
            for name in row
            if as_text(given.get(name)) != as_text(row[name])
        ]
        return format_html_join(
            "",
            '<details class="theirs" open><summary>{}</summary><div dir="auto">{}</div></details>',
            (
                (_("The other version: %(field)s") % {"field": label}, difference)
                for label, difference in differing
            ),
        )

    def _label_of(self, name: str) -> str:
        label = self.fields[name].label if name in self.fields else ""
        if not label:
            names = {field.name: field.verbose_name for field in self.instance._meta.concrete_fields}
            label = names.get(name, name)
        return str(label)

    @staticmethod
    def _digest(values: dict[str, Any]) -> str:
        plain = (str, int, list, dict, type(None))
        return digest_of({k: v if isinstance(v, plain) else str(v) for k, v in values.items()})


class TranslationForm(OptimisticLockForm[Text]):
    """The text in one language, one of a course's. Says by `up_to_date` that it has been compared with its source."""

    up_to_date = forms.BooleanField(required=False)

    def offer_languages(self, codes: Collection[str]) -> None:
        """A list. A text that is there keeps its language, also one that is no longer offered."""
        now = self.instance.language
        codes = [*codes, *([now] if now and now not in codes else [])]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            choices=[("", "---------"), *((code, code) for code in codes)],
            initial=now,
            disabled=bool(self.instance.pk),
        )

    def clean(self) -> dict[str, Any]:
        """What is given, with the no-break spaces that the language wants."""
        given = super().clean() or self.cleaned_data
        given.update(
            {name: no_break_spaces_within(value, language=self.language) for name, value in given.items()}
        )
        return given

    @property
    def language(self) -> str:
        """Of the text: as it is being chosen, where it has none yet. A form may show it and not ask."""
        chosen: str = self.cleaned_data.get("language") or self.instance.language or ""
        return chosen

    def is_touched(self, loaded: str) -> bool:
        return bool(self.cleaned_data.get("up_to_date")) or super().is_touched(loaded)


class OptimisticLockAdmin(_ModelAdmin):
    """An admin whose form is an `OptimisticLockForm`: what nobody touched is not written. Of translations it remembers
    who said that they are reviewed. Before ModelAdmin.
    """

    # Django's stubs leave the form and the formset open, too.
    def save_model(self, request: "HttpRequest", obj: Any, form: Any, change: bool) -> None:
        if not change or form.has_changed():
            self._note_review(request, form)
            super().save_model(request, obj, form, change)

    def save_formset(self, request: "HttpRequest", form: Any, formset: Any, change: bool) -> None:
        for one in formset.forms:
            self._note_review(request, one)
        super().save_formset(request, form, formset, change)

    def _note_review(self, request: "HttpRequest", form: "forms.ModelForm[Any]") -> None:
        text = form.instance
        if not isinstance(text, TranslatedText) or not form.has_changed():
            return
        # Who only corrects a word of a reviewed text has not read all of it.
        review_fields = {"state", "up_to_date"} & set(form.changed_data)
        if review_fields or text.pk is None or text.state != TranslatedText.State.REVIEWED:
            text.note_review(by=request.user, at=timezone.now())
