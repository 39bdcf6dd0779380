"""Lists as lines of text: what instructors would otherwise have to write as JSON."""

import re
from typing import Any

from django import forms

from maarifa.lib.languages import direction
from maarifa.lib.text import one_line


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "cols": 80}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """A list of texts; typed as Any, because CharField's gives one text."""
        lines = [_line(line) for line in (super().to_python(value) or "").splitlines()]
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            lines: list[str] = self.to_python(data or "")
            return lines != self._meant(initial)
        except forms.ValidationError:
            return True

    def _meant(self, initial: "list[str] | None") -> list[str]:
        """The value that a form begins with, as `to_python` would give it."""
        return initial or []


def _line(text: str) -> str:
    """As `one_line`, but the no-break spaces of French stay."""
    return re.sub(r"[^\u00a0\u202f]+", lambda match: one_line(match[0]), text).strip()


def directed(field: forms.Field, language: str) -> None:
    """Let a field be written in the direction of its language."""
    field.widget.attrs |= {"lang": language, "dir": direction(language)} if language else {"dir": "auto"}
