"""Every table and every field that tells of a person is listed in its app's personal_data.py."""

import re

from django.apps import apps
from django.db import models

from maarifa.accounts.models import User
from maarifa.lib.personal_data import everything_held

# Text under these names is about somebody, or may be.
TELLING = re.compile(
    r"(^|_)(e?mail|phone|username|user_agent|ip|address|recipient|person|staff_number|birth\w*)(_|$)", re.I
)


def tells_of_a_person(field):
    if isinstance(field, models.ForeignKey):
        return issubclass(field.related_model, User)
    return isinstance(field, models.EmailField | models.GenericIPAddressField) or (
        isinstance(field, models.CharField | models.TextField) and TELLING.search(field.name) is not None
    )


def test_every_table_says_what_it_holds_of_people():
    tables = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert {held.get_model()._meta.label for held in everything_held()} == tables


def test_personal_data_names_fields_that_exist():
    found = []
    for held in everything_held():
        known = {field.name for field in held.get_model()._meta.get_fields()}
        found += [f"{held.model}.{name}" for name in held.fields if name not in known]
    assert found == []


def test_personal_data_forgets_no_field_that_tells_of_a_person():
    listed = {}
    for held in everything_held():
        named = listed.setdefault(held.get_model(), set())
        # The way to the person is a field as well, and says itself what it is.
        named |= {*held.fields, held.person.split("__")[0] if isinstance(held.person, str) else ""}
    found = [
        f"{model._meta.label}.{field.name}"
        for model, names in listed.items()
        for field in model._meta.concrete_fields
        if tells_of_a_person(field) and field.name not in names
    ]
    assert found == []


def test_what_is_blanked_can_be_blank():
    found = []
    for held in everything_held():
        if held.on_erasure == "blank":
            fields = [held.get_model()._meta.get_field(name) for name in held.fields]
            found += [
                f"{held.model}.{field.name}"
                for field in fields
                if isinstance(field, models.ForeignKey) and not field.null
            ]
    assert found == []
