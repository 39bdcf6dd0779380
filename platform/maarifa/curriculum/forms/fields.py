"""Lists and tables as lines of text: what instructors would otherwise have to write as JSON."""

import re

from django import forms
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from maarifa.lib.languages import direction
from maarifa.lib.text import one_line

BAR = "|"


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "cols": 80}))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [_line(line) for line in super().to_python(value).splitlines()]
        return [line for line in lines if line]

    def has_changed(self, initial, data):
        try:
            return self.to_python(data or "") != self._meant(initial)
        except forms.ValidationError:
            return True

    def _meant(self, initial):
        """The value that a form begins with, as `to_python` would give it."""
        return initial or []


class RowsField(LinesField):
    """A list of dicts, one a line, the values between bars. `check` is a type that each value of a row must fit."""

    def __init__(self, *, columns: tuple[str, ...], checks: dict | None = None, **kwargs):
        self.columns = columns
        self.checks = {name: TypeAdapter(kind) for name, kind in (checks or {}).items()}
        super().__init__(**kwargs)

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(f" {BAR} ".join(str(row.get(name, "")) for name in self.columns) for row in value)

    def to_python(self, value):
        if isinstance(value, list):
            return value
        return [self._row(number, line) for number, line in enumerate(super().to_python(value), 1)]

    def _row(self, number: int, line: str) -> dict:
        parts = [part.strip() for part in line.split(BAR)]
        if len(parts) != len(self.columns) or not all(parts):
            raise forms.ValidationError(
                _("Line %(number)s has to be: %(columns)s. It is: %(line)s"),
                code="columns",
                params={"number": number, "columns": f" {BAR} ".join(self.columns), "line": line},
            )
        row = dict(zip(self.columns, parts, strict=True))
        for name, check in self.checks.items():
            try:
                check.validate_python(row[name])
            except ValidationError:
                raise forms.ValidationError(
                    _("Line %(number)s: “%(value)s” cannot stand under “%(column)s”."),
                    code="value",
                    params={"number": number, "value": row[name], "column": name},
                )
        return row


class WordsByKeyField(RowsField):
    """A dict from keys to words, one key a line: “key | words”, or “key | title | summary”."""

    def __init__(self, *, names: tuple[str, ...] = (), optional: str = "", **kwargs):
        self.names, self.optional = names, optional
        super().__init__(columns=("key", *(names or ("words",))), **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        rows = []
        for key, words in value.items():
            parts = [words.get(name, "") for name in self.names] if self.names else [words]
            rows.append(f" {BAR} ".join([key, *parts]).rstrip(f" {BAR}") if any(parts) else f"{key} {BAR} ")
        return "\n".join(rows)

    def to_python(self, value):
        if isinstance(value, dict):
            return value
        found = {}
        for number, line in enumerate(LinesField.to_python(self, value), 1):
            key, *words = [part.strip() for part in line.split(BAR)]
            if not any(words):
                continue  # a key that is still waiting for its words
            if self.optional and len(words) == len(self.names) - 1:
                words.append("")
            row = self._row_of(number, line, key, words)
            found[key] = row if self.names else row["words"]
        return found

    def _row_of(self, number: int, line: str, key: str, words: list[str]) -> dict:
        names = self.names or ("words",)
        if len(words) != len(names) or not all(words[: len(names) - bool(self.optional)]):
            raise forms.ValidationError(
                _("Line %(number)s has to be: %(columns)s. It is: %(line)s"),
                code="columns",
                params={"number": number, "columns": f" {BAR} ".join(("key", *names)), "line": line},
            )
        return {name: text for name, text in zip(names, words, strict=True) if text}

    def _meant(self, initial):
        return {key: words for key, words in (initial or {}).items() if words}


def _line(text: str) -> str:
    """As `one_line`, but the no-break spaces of French stay."""
    return re.sub(r"[^\u00a0\u202f]+", lambda found: one_line(found[0]), text).strip()


def directed(field: forms.Field, language: str) -> None:
    """Let a field be written in the direction of its language."""
    field.widget.attrs |= {"lang": language, "dir": direction(language)} if language else {"dir": "auto"}
