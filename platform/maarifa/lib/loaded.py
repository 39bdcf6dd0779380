"""Forms that know what the row said when their page was loaded, so that two people do not undo each other's work."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.lib.digests import digest_of


class LoadedField(forms.CharField):
    """What the row said then, as a digest; not something that a person changes."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(label="", required=False)

    def has_changed(self, initial, data):
        return False


class LoadedForm(forms.ModelForm):
    """Refuses to write over what somebody else has saved since; what was typed stays in the form.

    Sent once more, it is written: by then its author has been told. A form that was not touched leaves the row as the
    other has saved it. An admin lists `loaded` among its fields.
    """

    loaded = LoadedField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.left_alone = False
        self._now = self._digest(self.row_values()) if self.instance.pk else ""
        self.initial["loaded"] = self._now

    def row_values(self) -> dict:
        """What of the row the form writes, as `given_values` has it."""
        columns = {field.name for field in self.instance._meta.concrete_fields}
        return {name: getattr(self.instance, name) for name in self._meta.fields if name in columns}

    def given_values(self) -> dict:
        row = self.row_values()
        return {name: self.cleaned_data.get(name, row[name]) for name in row}

    def is_touched(self, loaded: str) -> bool:
        return self._digest(self.given_values()) != loaded

    def has_changed(self):
        return not self.left_alone and super().has_changed()

    def _post_clean(self):
        loaded = self.cleaned_data.get("loaded")
        if loaded and self._now and loaded != self._now:
            if not self.is_touched(loaded):
                self.left_alone = True
            elif self.is_touched(self._now):
                self._refuse()
        super()._post_clean()

    def _refuse(self) -> None:
        message = _(
            "Somebody else has changed this since you opened the page. What you have typed is still here and not "
            "saved. Open the page in another window to see theirs; save again to write yours over it."
        )
        self.add_error(None, forms.ValidationError(message, code="changed_meanwhile"))
        self.data = self.data.copy()
        self.data[self.add_prefix("loaded")] = self._now

    @staticmethod
    def _digest(values: dict) -> str:
        plain = (str, int, list, dict, type(None))
        return digest_of({k: v if isinstance(v, plain) else str(v) for k, v in values.items()})
