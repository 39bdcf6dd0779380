"""What people fill in about cohorts."""

import json
import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.accounts.terms import TERMS, TERMS_REQUIRED
from maarifa.cohorts.actions.errors import CohortError, CohortMemberError
from maarifa.cohorts.stored import Reading
from maarifa.curriculum import editions
from maarifa.curriculum.models import Course
from maarifa.institutions.models import Unit
from maarifa.learning.stored import QuizDates
from maarifa.lib import dates, numbers
from maarifa.lib.fields import ZoneGuess
from maarifa.lib.names import NameField
from maarifa.lib.spreadsheets import DEFAULT_LIMITS, ENCODINGS


class _Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], required=False, **kwargs)
        self.error_messages["invalid"] = _("This is not a date. Write it as 2027-02-28.")


class _UnitField(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return obj.name if obj.parent_id is None else f"{obj.institution.name} – {obj.name}"


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    return field


def _rows(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(name)
    return field


class CohortForm(forms.Form):
    name = forms.CharField(
        label=_("Cohort name"),
        max_length=200,
        help_text=_("The name you use for it, such as “Teachers, January 2027”."),
        error_messages={"required": CohortError.MESSAGES["NAME_MISSING"]},
    )
    unit = _UnitField(Unit.objects.none(), label=_("Unit of the institution"), empty_label=None)
    course = forms.ModelChoiceField(
        Course.objects.none(), label=_("Course"), empty_label=None, to_field_name="key"
    )
    language = forms.ChoiceField(
        label=_("Course language"), help_text=_("Not every course is available in every language.")
    )
    opens_on = _Day(
        label=_("First day"), help_text=_("If you leave this empty, learners can start as soon as they join.")
    )
    due_on = _Day(
        label=_("Last day"),
        help_text=_(
            "The deadline is 23:59 on that day, in your institution’s time zone. On the page of each "
            "person, you decide whether late work counts."
        ),
    )

    past = forms.BooleanField(
        label=_("The last day is in the past. Create the cohort anyway."),
        required=False,
        help_text=_("All work would count as late and wait for your decision."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["past"]
        units = Unit.objects.managed_by(user).filter(institution__retired_at__isnull=True)
        _rows(self, "unit").queryset = units.select_related("institution")
        courses = Course.objects.published().only("key", "current_edition_id").order_by("key")
        outlines = {
            one.key: editions.outline(one.current_edition_id) for one in courses if one.current_edition_id
        }
        _rows(self, "course").queryset = Course.objects.published()
        _choice(self, "course").choices = [
            (key, one.texts(get_language())["title"]) for key, one in outlines.items()
        ]
        codes = {code for one in outlines.values() for code in one.languages}
        names = dict(settings.LANGUAGES)
        _choice(self, "language").choices = [(code, names.get(code, code)) for code in sorted(codes)]

    def clean(self) -> dict[str, Any]:
        """A last day that is past is taken once somebody has said that it is meant."""
        super().clean()
        data = self.cleaned_data
        past_is_meant, due, unit = data.pop("past", False), data.get("due_on"), data.get("unit")
        zone = unit.institution.time_zone if unit else "UTC"
        if not due or dates.end_of_day(due, zone=zone) > timezone.now():
            del self.fields["past"]
        elif not past_is_meant:
            self.add_error(
                "past",
                _("The last day is in the past. Change it, or tick this box to create the cohort anyway."),
            )
        return data


class _Moment(forms.DateTimeField):
    """A day and a time on the clocks of a zone; cleans to a time without a zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "placeholder": "2027-02-28 14:00"},
            format="%Y-%m-%dT%H:%M",
        )
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, required=False, **kwargs)
        self.error_messages["invalid"] = _("This is not a date with a time. Write it as 2027-02-28 14:00.")

    def to_python(self, value: Any) -> datetime | None:
        """As Django's, without turning it into a moment of the reader's own zone."""
        with timezone.override(None):
            result = super().to_python(value)
        return result.replace(tzinfo=None) if result else None

    def prepare_value(self, value: Any) -> Any:
        return value


class QuizDatesForm(forms.Form):
    """From when and until when a cohort can take each quiz, on the clocks of its institution."""

    before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, quizzes: list[tuple[str, str]], zone: str, **kwargs: Any) -> None:
        """`quizzes`: key and title."""
        super().__init__(*args, **kwargs)
        self.quizzes, self.zone = quizzes, zone
        for key, title in quizzes:
            self.fields[f"opens_{key}"] = _Moment(label=_("“%(quiz)s” opens") % {"quiz": title})
            self.fields[f"closes_{key}"] = _Moment(label=_("“%(quiz)s” closes") % {"quiz": title})

    @staticmethod
    def initial_of(quiz_dates: dict[str, QuizDates], zone: str) -> dict[str, object]:
        """As the form shows these dates."""
        shown: dict[str, object] = {"before": json.dumps(quiz_dates, sort_keys=True)}
        for key, its_dates in quiz_dates.items():
            for name, moment in (("opens", its_dates["opens_at"]), ("closes", its_dates["closes_at"])):
                if moment:
                    shown[f"{name}_{key}"] = dates.wall_time(datetime.fromisoformat(moment), zone=zone)[:16]
        return shown

    def clean_before(self) -> dict[str, QuizDates]:
        try:
            seen = json.loads(self.cleaned_data["before"] or "{}")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def clean(self) -> dict[str, Any]:
        super().clean()
        for key, _title in self.quizzes:
            opens, closes = (self.cleaned_data.get(f"{name}_{key}") for name in ("opens", "closes"))
            if opens and closes and closes <= opens:
                self.add_error(f"closes_{key}", CohortError.MESSAGES["CLOSES_BEFORE"])
        return self.cleaned_data

    def say_saved(self, quiz_dates: dict[str, QuizDates], language: str) -> None:
        """Beside each field that says something else than these dates: what they say."""
        given = self.quiz_dates
        nothing: QuizDates = {"opens_at": None, "closes_at": None, "zone": self.zone}
        for key, _title in self.quizzes:
            mine, saved = given.get(key, nothing), quiz_dates.get(key, nothing)
            for name, own, moment in (
                ("opens", mine["opens_at"], saved["opens_at"]),
                ("closes", mine["closes_at"], saved["closes_at"]),
            ):
                if own == moment:
                    continue
                if moment:
                    when = dates.moment(datetime.fromisoformat(moment), zone=self.zone, language=language)
                    self.add_error(f"{name}_{key}", _("Saved now: %(moment)s") % {"moment": when})
                else:
                    self.add_error(f"{name}_{key}", _("Saved now: no limit"))

    @property
    def quiz_dates(self) -> dict[str, QuizDates]:
        """What a valid form says."""
        result: dict[str, QuizDates] = {}
        for key, _title in self.quizzes:
            opens, closes = (
                dates.moment_there(local, zone=self.zone).isoformat() if local else None
                for local in (self.cleaned_data[f"{name}_{key}"] for name in ("opens", "closes"))
            )
            if opens or closes:
                result[key] = {"opens_at": opens, "closes_at": closes, "zone": self.zone}
        return result


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        # What an empty file lacks is said on the page of the plan, as for any other file.
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.tsv,.txt"}),
        error_messages={"required": _("Choose the file that contains the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "The limit is %(limit)s MB and %(rows)s rows. All rows, including columns that are not "
            "used, are kept for 90 days, so that you can see the result of each row. Then they are "
            "deleted."
        ) % {
            "limit": DEFAULT_LIMITS.file_bytes // 1_000_000,
            "rows": numbers.number(DEFAULT_LIMITS.rows, language=get_language()),
        }

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > DEFAULT_LIMITS.file_bytes:
            raise forms.ValidationError(
                _("%(filename)s is too large. The limit is %(limit)s MB. Split the list into two files."),
                params={"filename": file.name, "limit": DEFAULT_LIMITS.file_bytes // 1_000_000},
            )
        return file


class ReadingForm(forms.Form):
    """How the stored file shall be read instead."""

    encoding = forms.ChoiceField(label=_("Text encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, data: QueryDict | None = None, *, reading: Reading) -> None:
        super().__init__(data, initial=dict(reading.get("chosen", {})))
        guess = [("", _("Detect automatically"))]
        _choice(self, "encoding").choices = [*guess, *ENCODINGS.items()]
        _choice(self, "delimiter").choices = [
            *guess,
            (",", _("Comma ,")),
            (";", _("Semicolon ;")),
            ("tab", _("Tab")),
            ("|", _("Vertical bar |")),
        ]
        if reading.get("sheets"):
            _choice(self, "sheet").choices = [(name, name) for name in reading["sheets"]]
            self.initial.setdefault("sheet", reading["sheet"])
            del self.fields["encoding"], self.fields["delimiter"]
        else:
            del self.fields["sheet"]


class JoinForm(forms.Form):
    """`fresh` is for somebody whose account this invitation opens."""

    name = NameField(
        label=_("Your name"),
        help_text=_("As you usually write it, in any script."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": CohortMemberError.MESSAGES["NAME_MISSING"]},
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        help_text=_("At least 8 characters. Without a password, you sign in with a code sent by e-mail."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    agree = forms.BooleanField(
        error_messages={
            "required": _(
                "Tick the box if you agree. Without your consent you cannot join, and the institution "
                "cannot see your progress."
            )
        }
    )

    terms = forms.BooleanField(label=TERMS, error_messages={"required": TERMS_REQUIRED})

    time_zone = ZoneGuess()

    def __init__(self, *args: Any, fresh: bool, card: bool, agreement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = agreement
        if not fresh:
            for name in ("name", "password", "terms", "time_zone"):
                del self.fields[name]
        elif card:
            self.fields["password"].help_text = _(
                "At least 8 characters. With this password and the user name on your card, you can "
                "sign in on another phone. Without a password, you need a new card for that."
            )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """A page never shows a password again: where something else is to be corrected, it is asked for once more, or
        somebody would join without the one that they chose.
        """
        super().clean()
        if self.errors and self.cleaned_data.get("password"):
            self.add_error(
                "password", _("Enter your password again. For your security, this page does not keep it.")
            )
        return self.cleaned_data


class EnterForm(forms.Form):
    username = forms.CharField(
        label=_("User name on your card"),
        max_length=150,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "spellcheck": "false",
                "autocomplete": "username",
                "dir": "ltr",
                "autofocus": True,
            }
        ),
        error_messages={"required": _("Enter the user name on your card.")},
    )
    code = forms.CharField(
        label=_("Entry code on your card"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "pin", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
        error_messages={"required": _("Enter the 8-digit entry code on your card.")},
    )
    shared = forms.BooleanField(
        label=_("Other people also use this device"),
        required=False,
        help_text=_("If you tick this box, you are signed out when you close the browser, or after 4 hours."),
    )

    def clean_code(self) -> str:
        """Eight digits of any script, however they are divided."""
        digits = "".join(_digit(c) for c in self.cleaned_data["code"])
        if len(digits) != 8:
            raise forms.ValidationError(
                _("An entry code has 8 digits. Check your card and enter the code again.")
            )
        return digits


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return "" if value is None else str(value)
