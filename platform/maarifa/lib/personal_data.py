"""What a table holds of people. Every app with tables lists all of them in its `personal_data.py`:

    PERSONAL_DATA = [
        PersonalDataEntry(
            model="accounts.User",
            fields={"name": "the name the person gave", "email": "where to write to them"},
            purpose="to know who learns, and to write to them",
            retention="until the account is erased",
            on_erasure="blank",
            why="what they earned still points to the row",
        ),
        PersonalDataEntry.nothing("curriculum.Course", why="what is taught, not who learns it"),
    ]

A model may have several entries, where some of its fields are blanked and others kept. tests/test_held_of_people.py
sees to it that no table is missing: those of other people's packages and of history included, in some app's
list.

Which rows are a person's follows from the table's one foreign key to people; a table further away names the
way (`person="attempt__learner"`), and one without a foreign key gives a function from the person to a Q.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, Protocol, TypedDict
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import module_has_submodule

MODULE = "personal_data"


class Person(Protocol):
    """Whom the rows are of: what has an account, of which nothing else is known here."""

    @property
    def pk(self) -> Any: ...
    @property
    def public_id(self) -> UUID: ...


class Table(TypedDict):
    """Of a person's copy."""

    table: str
    purpose: str
    kept: str
    fields: dict[str, str]
    rows: list[dict[str, Any]]


class PersonCopy(TypedDict):
    person: str
    tables: list[Table]


@dataclass(frozen=True, kw_only=True)
class PersonalDataEntry:
    model: str
    fields: dict[str, str] = field(default_factory=dict)
    purpose: str = ""
    retention: str = ""
    on_erasure: Literal["delete", "blank", "keep"] = "keep"
    why: str
    person: str | Callable[..., models.Q] = ""
    # Fields that the person is not given a copy of: a digest of a password, the words of somebody else.
    secret: frozenset[str] = frozenset()
    # What a field says in a person's copy, from the row, where neither its value nor what it points at says it;
    # `joins` is what these functions need of other tables.
    says: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    joins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.fields and not (self.purpose and self.retention):
            raise ValueError(f"{self.model}: say what the fields are held for, and for how long.")
        if self.on_erasure not in ("delete", "blank", "keep"):
            raise ValueError(f"{self.model}: on_erasure={self.on_erasure!r}: write delete, blank or keep.")
        if not self.why:
            raise ValueError(f"{self.model}: say why.")

    @classmethod
    def nothing(cls, model: str, *, why: str) -> "PersonalDataEntry":
        """A table with nothing about a person in it."""
        return cls(model=model, why=why)

    def get_model(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def rows_of(self, user: Person) -> models.QuerySet[Any]:
        """The rows that are this person's."""
        way = self.person or self._way()
        where = way(user) if callable(way) else models.Q(**{way: user.pk})
        return self.get_model()._base_manager.filter(where)

    def keys_of(self, user: Person) -> list[Any]:
        """Which rows `erase` has to be given: none where they are kept."""
        return [] if self.on_erasure == "keep" else list(self.rows_of(user).values_list("pk", flat=True))

    def erase(self, keys: Sequence[Any]) -> None:
        """Do what `on_erasure` says to these rows.

        Ask for the rows of every table before the first is erased: many are found by what stands in others.
        """
        for start in range(0, len(keys), 500):
            rows = self.get_model()._base_manager.filter(pk__in=keys[start : start + 500])
            if self.on_erasure == "delete":
                rows.delete()
            elif self.on_erasure == "blank":
                for row in rows:
                    self.get_model()._base_manager.filter(pk=row.pk).update(
                        **{name: self._blank(name, row) for name in self.fields}
                    )

    def export(self, user: Person) -> list[dict[str, Any]]:
        """What is held of this person here, field by field, in words that they can read, without what is secret."""
        shown = [name for name in self.fields if name not in self.secret]
        if not shown:
            return []
        columns = {name: self._column(name) for name in shown}
        pointing = [name for name, column in columns.items() if column.is_relation and name not in self.says]
        joins = [*pointing, *self.joins]
        heavy = [f.name for f in self.get_model()._meta.concrete_fields if isinstance(f, models.BinaryField)]
        rows = self.rows_of(user).order_by("pk").defer(*set(heavy) - set(shown))
        return [
            {name: self._said(column, row) for name, column in columns.items()}
            for row in (rows.select_related(*joins) if joins else rows)
        ]

    def _column(self, name: str) -> models.Field[Any, Any]:
        column = self.get_model()._meta.get_field(name)
        if not isinstance(column, models.Field):
            raise ValueError(f"{self.model}: {name} is not a column.")
        return column

    def _said(self, column: models.Field[Any, Any], row: models.Model) -> Any:
        if column.name in self.says:
            return self.says[column.name](row)
        value = getattr(row, column.name)
        if column.is_relation:
            return None if value is None else str(value)
        if column.choices and value is not None:
            return str(getattr(row, f"get_{column.name}_display")())
        return value

    def _way(self) -> str:
        model = self.get_model()
        if model._meta.label == settings.AUTH_USER_MODEL:
            return "pk"
        ways = [
            f.name
            for f in model._meta.concrete_fields
            if f.related_model is not None and f.related_model._meta.label == settings.AUTH_USER_MODEL
        ]
        named = [name for name in ways if name in self.fields] or ways
        if len(named) != 1:
            raise ValueError(f"{self.model}: say with person= which rows are a person's (one of {ways}?).")
        return named[0]

    def _blank(self, name: str, row: models.Model) -> Any:
        column = self._column(name)
        if column.null:
            return None
        if column.unique:
            # With a slash, which the validators of no such column let pass: else somebody could have taken it.
            return f"erased/{row.pk}"
        if isinstance(column, models.BinaryField):
            return b""
        if column.empty_strings_allowed:
            return ""
        return column.get_default()


def everything_held() -> list[PersonalDataEntry]:
    """All apps' entries, from the highest app down: what refers to a row goes before the row."""
    return [
        held
        for app in apps.get_app_configs()
        if app.name.startswith("maarifa.") and module_has_submodule(app.module, MODULE)
        for held in import_module(f"{app.name}.{MODULE}").PERSONAL_DATA
    ]


def everything_about(user: Person) -> PersonCopy:
    """A person's copy of what is held of them: table by table, what for and for how long, and each row of
    theirs.
    """
    tables: list[Table] = []
    for held in everything_held():
        if rows := held.export(user):
            tables.append(
                {
                    "table": held.model,
                    "purpose": held.purpose,
                    "kept": held.retention,
                    "fields": {name: held.fields[name] for name in rows[0]},
                    "rows": rows,
                }
            )
    return {"person": str(user.public_id), "tables": tables}
