"""Columns that keep themselves right."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.choices import normalize_choices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from maarifa.lib import names
from maarifa.lib.text import KEY_PATTERN, clean_name, search_key, sort_key
from maarifa.lib.zones import is_zone, time_zones

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What may be put into the column, and what comes out of it: the types that Django's own fields are written with.
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)


class KeyField(models.CharField[_ST, _GT]):
    """A key chosen by an author: it stands in addresses and files, and is never reused.

    The model adds `key_is_valid()` to its constraints, so that the database holds the pattern too.
    """

    default_validators = [
        RegexValidator(KEY_PATTERN, _("A key has 1 to 60 lower-case Latin letters, digits and hyphens."))
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(*args, **kwargs)


def key_is_valid(name: str, field: str = "key") -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__regex": KEY_PATTERN}), name=name)


class _Plain(models.CharField[_ST, _GT]):
    """To the database a column of text like any other, and so to migrations."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, "django.db.models.CharField", args, kwargs


class LineField(_Plain[_ST, _GT]):
    """A name or the like, cleaned as every name in whichever way it comes (see `lib.names`); no letter is asked for."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return clean_name(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return clean_name(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean_name(value)
            setattr(model_instance, self.attname, value)
        return value


class NameField(LineField[_ST, _GT]):
    """The name of a person or an institution: forms and `full_clean` refuse what cannot be one (see `lib.names`)."""

    default_validators = [names.validate_name]

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": names.NameField, **kwargs})


class _Listed(forms.ChoiceField):
    """What the row has already stays to be chosen, though the list doesn't have it (any more)."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        initial = form.get_initial_for_field(self, field_name)
        if initial and not forms.ChoiceField.valid_value(self, initial):
            self.choices = [(initial, initial), *normalize_choices(self.choices)]
        return super().get_bound_field(form, field_name)


class _ListedZone(_Listed):
    """Also a zone that the list has no line for: a browser may tell of a smaller city."""

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or is_zone(str(value))


class _ListedField(_Plain[_ST, _GT]):
    """A code that the instance knows: forms show a list, with an empty line first where nothing has to be chosen."""

    form_class: type[_Listed] = _Listed
    # The codes and what they are called, in the language active now.
    listed: ClassVar["staticmethod[[], Iterable[tuple[str, str]]]"]

    def formfield(self, **kwargs: Any) -> forms.Field:
        # The admin asks for its field of text.
        kwargs.pop("widget", None)
        options = {
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
            "required": not self.blank,
        }
        initial = {"initial": self.get_default} if self.has_default() else {}
        return self.form_class(choices=self._offered, **{**options, **initial, **kwargs})

    def _offered(self) -> Iterable[tuple[str, Any]]:
        return [("", _("Choose one")), *self.listed()] if self.blank else self.listed()


def _check_language(code: str) -> None:
    if code not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        raise ValidationError(
            _("“%(value)s” is not a language of this site. Choose one of these: %(known)s."),
            params={"value": code, "known": known},
        )


def _check_time_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError(
            _("“%(value)s” is not a time zone. Choose one such as Africa/Nairobi."), params={"value": name}
        )


class LanguageField(_ListedField[_ST, _GT]):
    """A language that the site speaks."""

    default_validators = [_check_language]

    @staticmethod
    def listed() -> Iterable[tuple[str, str]]:
        return settings.LANGUAGES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 15, **kwargs})


class TimeZoneField(_ListedField[_ST, _GT]):
    """An IANA zone; "" where nobody has said which, if it may be blank."""

    default_validators = [_check_time_zone]
    form_class = _ListedZone
    listed = staticmethod(time_zones)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 60, **kwargs})


class ZoneGuess(forms.CharField):
    """Filled in by the browser, where it has script (zone.js): the zone of its clocks. Nobody sees or types it."""

    def __init__(self) -> None:
        widget = forms.HiddenInput(attrs={"data-time-zone": ""})
        super().__init__(required=False, widget=widget)


class DerivedField(models.CharField[_ST, _GT]):
    """A column computed from another one whenever the row is saved or bulk-created; update() must set it itself."""

    derive: ClassVar["staticmethod[[str], str]"]

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 255)
        kwargs.update(editable=False, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def derived(self, row: models.Model) -> str:
        """What the column has to say for this row."""
        return self.derive(getattr(row, self.source))[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derived(model_instance)
        setattr(model_instance, self.attname, value)
        return value


class SearchKeyField(DerivedField[_ST, _GT]):
    """What search compares (see `lib.text.search_key`)."""

    derive = staticmethod(search_key)


class SortKeyField(DerivedField[_ST, _GT]):
    """What lists are ordered by (see `lib.text.sort_key`)."""

    derive = staticmethod(sort_key)


def public_id(label: "StrOrPromise | None" = None) -> "models.UUIDField[uuid.UUID | str, uuid.UUID]":
    """The name of a row in addresses and files; integer ids stand only under /admin/. `label` is for where people see
    it.
    """
    return models.UUIDField(label, default=uuid.uuid4, unique=True, editable=False)
