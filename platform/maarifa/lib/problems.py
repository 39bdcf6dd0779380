"""What is wrong with something that a person wrote, and what would be right."""

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`template` is a lazy translation with named placeholders; `where` names the field, `line` counts from
    1, `quote` is what stands in that line. `about` is the row that it is in, and `field` the one of its form.
    """

    code: str
    template: "StrOrPromise"
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    where: str = ""
    line: int | None = None
    quote: str = ""
    about: object = dataclasses.field(default=None, compare=False)
    field: str = ""

    @property
    def message(self) -> str:
        """The sentence, in the language active now."""
        # Not str() first: a sentence with a count chooses its form by the parameters.
        return self.template % self.params if self.params else str(self.template)

    def moved(self, *, lines: int = 0, where: str = "", **more: Any) -> "Problem":
        """The same problem, seen from a text that this one stands in. `more`: other values of its fields."""
        return replace(
            self,
            where=" → ".join(part for part in (where, self.where) if part),
            line=self.line and self.line + lines,
            **more,
        )

    def quoting(self, text: str) -> "Problem":
        """The same, with the words of its line in `text`: people find those where no line has a number."""
        lines = text.split("\n")
        if self.line is None or self.line > len(lines):
            return self
        return replace(self, quote=shown(lines[self.line - 1].strip()))

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


def shown(value: object, most: int = 60) -> str:
    """A value as a message quotes it."""
    text = str(value).replace("\n", " ")
    return text if len(text) <= most else f"{text[: most - 1]}…"
