"""What is wrong with something that a person wrote, and what would be right."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`template` is a lazy translation with named placeholders; `where` names the field, `line` counts from
    1.
    """

    code: str
    template: object
    params: dict = field(default_factory=dict)
    where: str = ""
    line: int | None = None

    @property
    def message(self) -> str:
        """The sentence, in the language active now."""
        # Not str() first: a sentence with a count chooses its form by the parameters.
        return self.template % self.params if self.params else str(self.template)

    def moved(self, *, lines: int = 0, where: str = "") -> "Problem":
        """The same problem, seen from a text that this one stands in."""
        return Problem(
            code=self.code,
            template=self.template,
            params=self.params,
            where=" → ".join(part for part in (where, self.where) if part),
            line=self.line and self.line + lines,
        )

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


def shown(value, most: int = 60) -> str:
    """A value as a message quotes it."""
    text = str(value).replace("\n", " ")
    return text if len(text) <= most else f"{text[: most - 1]}…"
