"""Constraints that Django has no class for."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models


class CompositeForeignKey(models.BaseConstraint):
    """The row that `field` points to has in its column `theirs` what this row has in `mine`.

    So the current edition of a course is one of its own editions: the database holds it as a foreign key of two
    columns. The other model keeps (`theirs`, id) unique by a constraint of its own. Nothing is asked where one of
    the two columns is empty.
    """

    def __init__(self, *, field: str, mine: str, theirs: str, name: str, **more):
        super().__init__(name=name, **more)
        self.field, self.mine, self.theirs = field, mine, theirs

    def __eq__(self, other):
        return (
            self.deconstruct() == other.deconstruct()
            if isinstance(other, CompositeForeignKey)
            else NotImplemented
        )

    def __hash__(self):
        return hash(self.name)

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "mine": self.mine, "theirs": self.theirs}

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            return (
                f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._foreign_key(model, schema_editor)}"
            )
        # The other table may not be there yet.
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return None

    def create_sql(self, model, schema_editor):
        table, name = (schema_editor.quote_name(of) for of in (model._meta.db_table, self.name))
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} {self._foreign_key(model, schema_editor)}"

    def remove_sql(self, model, schema_editor):
        table, name = (schema_editor.quote_name(of) for of in (model._meta.db_table, self.name))
        return f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if exclude and {self.field, self.mine} & set(exclude):
            return
        field = model._meta.get_field(self.field)
        pointed = getattr(instance, field.attname)
        mine = getattr(instance, model._meta.get_field(self.mine).attname)
        if pointed is None or mine is None:
            return
        others = field.remote_field.model._base_manager.using(using)
        if not others.filter(**{"pk": pointed, self.theirs: mine}).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _foreign_key(self, model, schema_editor) -> str:
        field = model._meta.get_field(self.field)
        other = field.remote_field.model._meta
        columns = (
            model._meta.get_field(self.mine).column,
            field.column,
            other.db_table,
            other.get_field(self.theirs).column,
            other.pk.column,
        )
        mine, pointing, table, theirs, pk = map(schema_editor.quote_name, columns)
        return (
            f"FOREIGN KEY ({mine}, {pointing}) REFERENCES {table} ({theirs}, {pk})"
            " DEFERRABLE INITIALLY DEFERRED"
        )
