"""What people fill in on the page of their account: settings, and closing it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maarifa.accounts import actions
from maarifa.accounts.models import User


class SettingsForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        labels = {
            "name": _("Your name"),
            "language": _("Language"),
            "time_zone": _("Time zone (country or city)"),
        }
        help_texts = {
            "name": _("This does not change the name on your certificates."),
            "language": _("For your account, e-mails and new certificates."),
            "time_zone": _(
                "We show dates in this time zone. If your group has a different time zone, we show deadlines in "
                "both."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["time_zone"].required = True
        self.fields["time_zone"].widget.attrs["data-time-zone"] = ""

    def save(self, commit: bool = True) -> User:
        return actions.change_settings(user=self.instance, **self.cleaned_data)


class CloseForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sure = forms.BooleanField(label=_("Yes, close my account."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your password. Try again."))
        return password
