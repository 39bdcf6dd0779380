import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions import AccountError, names_for_certificates
from maarifa.certificates.models import Certificate
from maarifa.certificates.pdf import Printed, certificate_pdf
from maarifa.lib.codes import CERTIFICATE_CODE_LENGTH, normalise_code
from maarifa.lib.names import NameField
from maarifa.lib.pdf import MissingGlyphs, PdfError


class NamesForm(forms.Form):
    """The names to be printed, tried on paper before they are shown or confirmed.

    `sample` gives the words of the certificate for two names: those that it will be printed with.
    """

    name = NameField(
        label=_("Your name in your own alphabet"),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    name_latin = NameField(
        label=_("Your name in Latin letters"),
        required=False,
        help_text=_(
            "Write it as in your passport, if you have one. Leave this empty if the name above is in "
            "Latin letters."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "name"}),
    )

    def __init__(self, *args: Any, sample: Callable[[str, str], Printed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample = sample
        self.texts: Printed | None = None

    def clean(self) -> dict[str, Any]:
        """Refuses here what the certificate could not be made with. `texts` is what it will say."""
        super().clean()
        data = self.cleaned_data
        names = data.get("name", ""), data.get("name_latin", "")
        if self.errors:
            return data
        try:
            data["name"], data["name_latin"] = names_for_certificates(name=names[0], name_latin=names[1])
        except AccountError as refusal:
            field = "name_latin" if refusal.code == AccountError.NAME_NOT_LATIN else "name"
            self.add_error(field, refusal.message)
            return data
        texts = self.sample(data["name"], data["name_latin"])
        try:
            certificate_pdf(texts)
        except MissingGlyphs as error:
            fields = ["name"] if data["name"] == data["name_latin"] else ["name", "name_latin"]
            for field in fields:
                if problem := _unprintable(data[field], error.texts):
                    self.add_error(field, problem)
            if not self.errors:
                # Words of the course: staff see it when the certificate is made.
                self.texts = texts
        except PdfError:
            self.add_error(
                "name", _("This name is too long to fit on the certificate. Write a shorter form of it.")
            )
        else:
            self.texts = texts
        return data


def _unprintable(name: str, texts: tuple[str, ...]) -> ValidationError | None:
    """What to do about the characters of a name that no font of ours draws; None where they are not in this name."""
    missing = {character for text in texts if text in name for character in text}
    if not missing:
        return None
    letters = [character for character in name if character.isalpha()]
    if 2 * sum(letter in missing for letter in letters) >= len(letters):
        return ValidationError(
            _(
                "We cannot print this script yet. Write your name here in Latin letters and leave the "
                "next field empty. Your certificate will be just as valid."
            ),
            code="script",
        )
    return ValidationError(
        _("We cannot print these characters: %(signs)s. Write the name without them."),
        params={"signs": " ".join(text for text in texts if text in name)},
        code="signs",
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Certificate code"),
        max_length=300,
        help_text=_(
            "It looks like K7QF-2M9D-X4TW-0B5Z. You can use small letters and leave out the hyphens. "
            "You can also enter the whole address printed on the certificate."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = normalise_code(_last_part(self.cleaned_data["code"]))
        if code is None or len(code) != CERTIFICATE_CODE_LENGTH:
            raise ValidationError(
                _(
                    "“%(value)s” is not a certificate code. A code has 16 letters and digits. Check it "
                    "and enter it again."
                ),
                params={"value": self.cleaned_data["code"]},
            )
        return code


def _last_part(text: str) -> str:
    """The code of an address as it is printed, with what a browser or a hand adds to it; a code by itself stays."""
    address = re.split(r"[?#]", text)[0].strip().rstrip("/ ")
    if address.lower().endswith(".json"):
        address = address[: -len(".json")]
    code = address.rpartition("/")[2]
    # Copied with the word before it: "Code K7QF-2M9D-X4TW-0B5Z".
    groups = re.search(r"(?:(?<=\s)|(?<=:))\w{4}(?:[\W_]{0,3}\w{4}){3}$", code)
    return groups[0] if groups else code


class CorrectionForm(forms.Form):
    name = NameField(label=_("Name"), widget=forms.TextInput(attrs={"dir": "auto"}))
    name_latin = NameField(label=_("Name in Latin letters"), required=False)
    checked = forms.BooleanField(
        label=_("I have checked the name against an official document"),
        required=False,
        help_text=_(
            "If you tick this, the certificate will say so. If not, it will say whether the institution "
            "confirmed the name."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Anyone who checks the certificate can read this.")
    )

    def __init__(self, data: QueryDict | None = None, *, certificate: Certificate) -> None:
        last = certificate.versions.order_by("number").last()
        super().__init__(data, initial={"name": last.name, "name_latin": last.name_latin} if last else None)


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Anyone who checks the certificate can read this.")
    )

    def __init__(self, data: QueryDict | None = None, *, certificate: Certificate) -> None:
        super().__init__(data)
