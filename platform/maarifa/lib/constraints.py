"""Constraints that Django has no class for."""

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class CompositeForeignKey(models.BaseConstraint):
    """The row that `field` points to has in its column `theirs` what this row has in `mine`.

    So the current edition of a course is one of its own editions: the database holds it as a foreign key of two
    columns. The other model keeps (`theirs`, id) unique by a constraint of its own. Nothing is asked where one of
    the two columns is empty.
    """

    def __init__(self, *, field: str, mine: str, theirs: str, name: str, **more: Any) -> None:
        super().__init__(name=name, **more)
        self.field, self.mine, self.theirs = field, mine, theirs

    def __eq__(self, other: object) -> bool:
        return (
            self.deconstruct() == other.deconstruct()
            if isinstance(other, CompositeForeignKey)
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "mine": self.mine, "theirs": self.theirs}

    # The model and the editor are there whenever Django calls these; its stubs would have them be None as well.

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """SQL for the table's own statement; None where it comes later, as Django's own constraints answer."""
        if schema_editor.connection.vendor == "sqlite":
            return (
                f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._foreign_key(model, schema_editor)}"
            )
        # The other table may not be there yet.
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table, name = (schema_editor.quote_name(of) for of in (model._meta.db_table, self.name))
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} {self._foreign_key(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table, name = (schema_editor.quote_name(of) for of in (model._meta.db_table, self.name))
        return f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Container[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        if exclude and (self.field in exclude or self.mine in exclude):
            return
        pointed = getattr(instance, _field(model, self.field).attname)
        mine = getattr(instance, _field(model, self.mine).attname)
        if pointed is None or mine is None:
            return
        others = self._other(model)._base_manager.using(using)
        if not others.filter(**{"pk": pointed, self.theirs: mine}).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _other(self, model: type[models.Model]) -> type[models.Model]:
        other = _field(model, self.field).related_model
        if other is None:
            raise TypeError(f"{self.name}: {self.field} points to no row.")
        return other

    def _foreign_key(self, model: type[models.Model], schema_editor: "BaseDatabaseSchemaEditor") -> str:
        other = self._other(model)
        names = (
            _column(_field(model, self.mine)),
            _column(_field(model, self.field)),
            other._meta.db_table,
            _column(_field(other, self.theirs)),
            _column(other._meta.pk),
        )
        mine, pointing, table, theirs, pk = map(schema_editor.quote_name, names)
        return (
            f"FOREIGN KEY ({mine}, {pointing}) REFERENCES {table} ({theirs}, {pk})"
            " DEFERRABLE INITIALLY DEFERRED"
        )


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.name == name)


def _column(field: "models.Field[Any, Any]") -> str:
    return field.get_attname_column()[1] or field.attname
