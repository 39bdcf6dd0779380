"""A form field for a few short texts a row: what would otherwise be lines with signs between, or JSON.

Works without a script: empty rows stand at the end. A script may add more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter, ValidationError

from maarifa.lib.text import KEY_PATTERN, one_line

if TYPE_CHECKING:
    from django.forms.renderers import BaseRenderer
    from django_stubs_ext import StrOrPromise

Row = dict[str, str]
"""What stands in each column."""

BLANK = 3
MOST = 2000
KEY = "key"
KEY_RIGHT = gettext_lazy("Use 1 to 60 lower-case Latin letters, digits and hyphens.")


@dataclass(frozen=True)
class Column:
    """`check` is a type that a value must fit, `right` says in words what fits. `choices`: pairs of value and label."""

    label: "StrOrPromise"
    required: bool = True
    long: bool = False
    # Whatever pydantic takes for a type, `Annotated` included: no type says that.
    check: Any = None
    right: "StrOrPromise" = ""
    direction: str = ""
    choices: Sequence[tuple[str, "StrOrPromise"]] = ()

    @property
    def fits(self) -> "StrOrPromise":
        if self.right or not self.choices:
            return self.right
        return _("Choose one of these: %(labels)s.") % {
            "labels": ", ".join(str(label) for _value, label in self.choices)
        }


class RowsWidget(forms.Widget):
    use_fieldset = True

    def __init__(self, columns: dict[str, Column], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = columns
        self.fixed = False

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowsWidget":
        widget = super().__deepcopy__(memo)
        widget.columns = dict(self.columns)
        return widget

    def id_for_label(self, id_: str) -> str:
        return ""

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-rows" not in data

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row] | None:
        if f"{name}-rows" not in data:
            return None
        count = data[f"{name}-rows"]
        count = min(int(count), MOST) if count.isascii() and count.isdigit() else 0
        names = (KEY, *self.columns) if self.fixed else tuple(self.columns)
        return [{column: data.get(f"{name}-{row}-{column}", "") for column in names} for row in range(count)]

    def shown(self, value: Iterable[Row] | None) -> list[Row]:
        """The rows of fields for this value, with the empty ones at the end."""
        names = (KEY, *self.columns) if self.fixed else tuple(self.columns)
        rows = [{name: row.get(name, "") for name in names} for row in value or []]
        if not self.fixed:
            while rows and not any(rows[-1].values()):
                rows.pop()
            rows += [dict.fromkeys(names, "")] * BLANK
        return rows

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: "BaseRenderer | None" = None,
    ) -> SafeString:
        rows = self.shown(value)
        shown = format_html_join(
            "\n", "{}", ((self._row(name, number, row, attrs or {}),) for number, row in enumerate(rows))
        )
        add = "" if self.fixed else format_html(' data-add="{}"', _("Add a row"))
        return format_html(
            '<div class="rows" id="{}"{}><input type="hidden" name="{}-rows" value="{}">\n{}</div>',
            (attrs or {}).get("id", f"id_{name}"),
            add,
            name,
            len(rows),
            shown,
        )

    def _row(self, name: str, number: int, row: Row, attrs: dict[str, Any]) -> SafeString:
        place = f"{name}-{number}"
        called = row[KEY] if self.fixed else _("Row %(number)s") % {"number": number + 1}
        head = SafeString("")
        if self.fixed:
            head = format_html(
                '<code>{0}</code><input type="hidden" name="{1}-{2}" value="{0}">',
                called,
                place,
                KEY,
            )
        cells = format_html_join(
            "",
            "<label>{} {}</label>",
            (
                (column.label, self._input(f"{place}-{column_name}", row.get(column_name, ""), column))
                for column_name, column in self.columns.items()
            ),
        )
        return format_html('<div class="row" role="group" aria-label="{}">{}{}</div>', called, head, cells)

    def _input(self, name: str, value: str, column: Column) -> SafeString:
        attrs = {"id": f"id_{name}"}
        if column.direction:
            attrs["dir"] = column.direction
        elif not column.choices:
            attrs |= {key: text for key, text in self.attrs.items() if key in ("lang", "dir")}
        widget: forms.Widget
        if column.choices:
            chosen = [("", "---------"), *column.choices]
            if value and value not in dict(column.choices):
                chosen.append((value, value))
            widget = forms.Select(choices=chosen)
        else:
            widget = forms.Textarea(attrs={"rows": 2}) if column.long else forms.TextInput()
        return widget.render(name, value, attrs)


class RowsField(forms.Field):
    """A list of dicts from column to text. A row that is wholly empty is no row; one that is half empty is named."""

    widget: RowsWidget

    def __init__(self, *, columns: dict[str, Column], **kwargs: Any) -> None:
        super().__init__(widget=RowsWidget(columns), **kwargs)
        self.show(columns)

    def show(self, columns: dict[str, Column]) -> None:
        """Other columns, where only the form knows what they offer."""
        self.columns = self.widget.columns = columns
        self._checks: dict[str, TypeAdapter[Any]] = {
            name: TypeAdapter(one.check) for name, one in columns.items() if one.check
        }

    def prepare_value(self, value: Any) -> Any:
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if data is None:
            return False
        try:
            return bool(self.clean(data) != self._meant(initial))
        except forms.ValidationError:
            return True

    def _meant(self, initial: Any) -> Any:
        return initial or []

    def clean(self, value: Iterable[Row] | None) -> Any:
        rows: list[tuple[int, Row]] = []
        wrong: list[forms.ValidationError] = []
        for number, raw in enumerate(value or [], 1):
            row = {name: _line(raw.get(name, "")) for name in raw}
            if not any(row[name] for name in self.columns):
                continue
            wrong += self._problems(number, row)
            rows.append((number, row))
        if wrong:
            raise forms.ValidationError(wrong)
        result = self._built(rows)
        if self.required and not result:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return result

    def _built(self, rows: list[tuple[int, Row]]) -> Any:
        return [{name: row[name] for name in self.columns} for _number, row in rows]

    def _problems(self, number: int, row: Row) -> Iterator[forms.ValidationError]:
        for name, column in self.columns.items():
            params = {"row": self._named(number, row), "column": column.label, "value": row[name]}
            if not row[name]:
                if column.required:
                    yield forms.ValidationError(
                        _("%(row)s: fill in “%(column)s” too."), code="missing", params=params
                    )
            elif not self._fits(name, row[name]):
                message = _("%(row)s: “%(value)s” cannot be used in “%(column)s”. %(right)s")
                yield forms.ValidationError(message, code="value", params=params | {"right": column.fits})

    def _named(self, number: int, row: Row) -> str:
        return row.get(KEY, "") if self.widget.fixed else _("Row %(number)s") % {"number": number}

    def _fits(self, name: str, value: str) -> bool:
        column = self.columns[name]
        if column.choices and value not in dict(column.choices):
            return False
        try:
            if name in self._checks:
                self._checks[name].validate_python(value)
        except ValidationError:
            return False
        return True


class KeyedRowsField(RowsField):
    """A dict from keys to texts: to one text where there is one column, else to a dict of those that are not empty.

    The author writes the keys, unless `fix` says which there are.
    """

    def __init__(self, *, columns: dict[str, Column], plain: bool = False, **kwargs: Any) -> None:
        self.plain = plain
        self.fixed_from: dict[str, Any] | None = None
        key = Column(gettext_lazy("Key"), right=KEY_RIGHT, direction="ltr")
        super().__init__(columns={KEY: key, **columns}, **kwargs)

    def fix(self, keys: Iterable[str], stored: dict[str, Any]) -> None:
        """The rows are those of `keys` and of what is `stored`; who fills them in chooses only the texts."""
        self.fixed_from = stored
        self.fixed_keys = list(dict.fromkeys([*keys, *stored]))
        self.columns = {name: one for name, one in self.columns.items() if name != KEY}
        self.widget.columns, self.widget.fixed = self.columns, True

    @property
    def _texts(self) -> list[str]:
        return [name for name in self.columns if name != KEY]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        value = value or {}
        keys = self.fixed_keys if self.fixed_from is not None else sorted(value)
        return [{KEY: key, **self._row_of(value.get(key) or {})} for key in keys]

    def _row_of(self, entry: Any) -> Row:
        return {self._texts[0]: entry or ""} if self.plain else dict(entry)

    def _meant(self, initial: Any) -> dict[str, Any]:
        return {key: entry for key, entry in (initial or {}).items() if entry}

    def _problems(self, number: int, row: Row) -> Iterator[forms.ValidationError]:
        yield from super()._problems(number, row)
        if self.fixed_from is not None and row.get(KEY) not in self.fixed_keys:
            yield forms.ValidationError(
                _("“%(key)s” is not one of the keys. The keys are: %(known)s."),
                code="unknown",
                params={"key": row.get(KEY, ""), "known": ", ".join(self.fixed_keys)},
            )

    def _fits(self, name: str, value: str) -> bool:
        return bool(re.fullmatch(KEY_PATTERN, value)) if name == KEY else super()._fits(name, value)

    def _built(self, rows: list[tuple[int, Row]]) -> dict[str, Any]:
        first: dict[str, int] = {}
        twice = []
        for number, row in rows:
            if row[KEY] in first:
                params = {"row": number, "key": row[KEY], "first": first[row[KEY]]}
                twice.append(
                    forms.ValidationError(
                        _(
                            "Rows %(first)s and %(row)s have the same key, “%(key)s”. Give one of them "
                            "another key."
                        ),
                        code="twice",
                        params=params,
                    )
                )
            first.setdefault(row[KEY], number)
        if twice:
            raise forms.ValidationError(twice)
        return {row[KEY]: self._said(row) for _number, row in rows}

    def _said(self, row: Row) -> str | Row:
        if self.plain:
            return row[self._texts[0]]
        return {name: row[name] for name in self._texts if row[name]}

    def clean(self, value: Iterable[Row] | None) -> dict[str, Any]:
        texts: dict[str, Any] = super().clean(value)
        if self.fixed_from is None:
            return texts
        # A key that the page did not show yet keeps its texts.
        shown = {row.get(KEY) for row in value or []}
        hidden_texts = {key: entry for key, entry in self.fixed_from.items() if key not in shown and entry}
        all_texts = {**hidden_texts, **texts}
        return {key: all_texts[key] for key in self.fixed_keys if key in all_texts}


def _line(text: str) -> str:
    """As `one_line`, but the no-break spaces of French stay."""
    return re.sub(r"[^\u00a0\u202f]+", lambda match: one_line(match[0]), text).strip()
