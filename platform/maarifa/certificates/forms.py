from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions import AccountRefusal, confirm_names
from maarifa.certificates.pdf import certificate_pdf
from maarifa.lib.codes import CERTIFICATE_CODE_LENGTH, normalise_code
from maarifa.lib.pdf import MissingGlyphs, PdfError


class NamesForm(forms.Form):
    """The names to be printed, tried on paper before they are confirmed."""

    name = forms.CharField(
        label=_("Your name, in your own script"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    name_latin = forms.CharField(
        label=_("Your name in Latin letters"),
        max_length=200,
        required=False,
        help_text=_(
            "As in your passport, if you have one. Leave it empty if the name above is in Latin letters."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "name"}),
    )

    def __init__(self, *args, user, sample, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.sample = user, sample

    def clean(self):
        """Names that no font of ours can draw are refused here, not when the certificate is made."""
        data = super().clean()
        names = {field: data.get(field, "") for field in ("name", "name_latin")}
        for field, value in names.items():
            if not value:
                continue
            try:
                certificate_pdf({**self.sample, "name": value, "name_latin": ""})
            except MissingGlyphs as error:
                message = _("These signs cannot be printed: %(signs)s. Write the name without them.")
                self.add_error(field, ValidationError(message, params={"signs": " ".join(error.texts)}))
            except PdfError:
                self.add_error(field, _("This name is too long to be printed on one page."))
        return data

    def save(self):
        try:
            return confirm_names(
                user=self.user, name=self.cleaned_data["name"], name_latin=self.cleaned_data["name_latin"]
            )
        except AccountRefusal as refusal:
            field = "name_latin" if refusal.code == AccountRefusal.NAME_NOT_LATIN else "name"
            self.add_error(field, refusal.message)
            return None


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=60,
        help_text=_("It looks like K7QF-2M9D-X4TW-0B5Z. Small letters and missing hyphens do not matter."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self):
        code = normalise_code(self.cleaned_data["code"])
        if code is None or len(code) != CERTIFICATE_CODE_LENGTH:
            raise ValidationError(
                _("“%(value)s” cannot be a code. A code has 16 letters and digits."),
                params={"value": self.cleaned_data["code"]},
            )
        return code


class CorrectionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    name_latin = forms.CharField(label=_("Name in Latin letters"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Everybody who checks the certificate can read it.")
    )

    def __init__(self, *args, certificate, **kwargs):
        last = certificate.versions.order_by("number").last()
        super().__init__(*args, initial={"name": last.name, "name_latin": last.name_latin}, **kwargs)


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Everybody who checks the certificate can read it.")
    )

    def __init__(self, *args, certificate, **kwargs):
        super().__init__(*args, **kwargs)
