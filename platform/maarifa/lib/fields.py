"""Columns that keep themselves right."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from maarifa.lib.text import search_key, sort_key

KEY_PATTERN = r"^[a-z0-9-]{1,60}$"


class KeyField(models.CharField):
    """A key chosen by an author: it stands in addresses and files, and is never reused.

    The model adds `key_is_valid()` to its constraints, so that the database holds the pattern too.
    """

    default_validators = [
        RegexValidator(KEY_PATTERN, _("A key has 1 to 60 small Latin letters, digits and hyphens."))
    ]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 60)
        super().__init__(*args, **kwargs)


def key_is_valid(name: str, field: str = "key") -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__regex": KEY_PATTERN}), name=name)


class _DerivedField(models.CharField):
    """A column computed from another one whenever the row is saved or bulk-created; update() must set it itself."""

    derive = None

    def __init__(self, *args, source: str = "name", **kwargs):
        self.source = source
        kwargs.setdefault("max_length", 255)
        kwargs.update(editable=False, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def pre_save(self, model_instance, add):
        value = type(self).derive(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class SearchKeyField(_DerivedField):
    """What search compares (see `lib.text.search_key`)."""

    derive = staticmethod(search_key)


class SortKeyField(_DerivedField):
    """What lists are ordered by (see `lib.text.sort_key`)."""

    derive = staticmethod(sort_key)


def public_id() -> models.UUIDField:
    """The name of a row in addresses and files; integer ids stand only under /admin/."""
    return models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
