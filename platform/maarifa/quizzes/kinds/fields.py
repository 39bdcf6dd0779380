"""Fields of the authors' forms that several kinds have."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.lib.rows import Row, RowsField

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def author_text(label: "str | StrPromise", initial: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "dir": "auto"}),
    )


class OnceEachField(RowsField):
    """Rows of which no two have the same text in the first column."""

    def _built(self, rows: list[tuple[int, Row]]) -> list[Row]:
        name, column = next(iter(self.columns.items()))
        first: dict[str, int] = {}
        for number, row in rows:
            if row[name] in first:
                value = dict(column.choices).get(row[name], row[name])
                raise forms.ValidationError(
                    _("Rows %(first)s and %(row)s both have “%(value)s”. Keep one of them."),
                    code="twice",
                    params={"first": first[row[name]], "row": number, "value": value},
                )
            first[row[name]] = number
        built: list[Row] = super()._built(rows)
        return built
